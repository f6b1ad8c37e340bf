"""A run may be killed anywhere and started again: the same invoices, none lost, none twice.

These tests commit: a process that is killed really is another process.
"""

from __future__ import annotations

import signal
import subprocess
import sys

import frappe
import pymysql
import pytest

from concerto_education.billing import errors, lock
from concerto_education.billing import run as runs
from tests import billing_builders as b
from tests.billing_builders import SEPTEMBER

FAMILIES = 9
# Kills itself at the nth checkpoint, or after the nth chunk was written and before it was committed.
PROGRAM = """
import os, signal, sys
import frappe
site, run, job, where, count = sys.argv[1:]
frappe.init(site=site, sites_path=".")
frappe.connect()
frappe.set_user("Administrator")
from concerto_education.billing import issue, ledger, run as runs
left = int(count)

def count_down(function, after):
	def wrapped(*args, **kwargs):
		global left
		result = function(*args, **kwargs) if after else None
		left -= 1
		if left < 0:
			os.kill(os.getpid(), signal.SIGKILL)
		return result if after else function(*args, **kwargs)
	return wrapped

if where == "checkpoint":
	runs.checkpoint = count_down(runs.checkpoint, after=False)
elif where == "written":
	ledger.write = count_down(ledger.write, after=True)
elif where == "numbered":
	issue.issue_chunk = count_down(issue.issue_chunk, after=True)
getattr(runs, job)(run, chunk=2)
"""


@pytest.fixture
def world(committed, monkeypatch):
	"""Nine families, one of whom has no QF, and nothing else to bill on this site."""
	monkeypatch.setattr(frappe, "enqueue", lambda *args, **kwargs: None)
	if frappe.db.exists("Billing Run", {"status": ("!=", "New")}):
		pytest.skip("this site has runs of its own: use one made for tests")
	canteen = b.canteen()
	homes = [b.household(qf=None if index == 4 else 640) for index in range(FAMILIES)]
	for index, home in enumerate(homes):
		b.attend(b.enrol(home, canteen), SEPTEMBER[: 3 + index], "Present")
	frappe.db.commit()
	return homes


def other_process(run: str, job: str, where: str, count: int) -> int:
	"""Do a job in a process that kills itself. Returns how it ended."""
	frappe.db.commit()
	arguments = [frappe.local.site, run, job, where, str(count)]
	done = subprocess.run(
		[sys.executable, "-c", PROGRAM, *arguments], check=False, capture_output=True, text=True
	)
	frappe.db.rollback()  # a fresh view
	assert done.returncode in (0, -signal.SIGKILL), done.stderr[-2000:]
	return done.returncode


def result(run) -> list[tuple]:
	"""All that a reader of the invoices sees, except the names of the records."""
	return [
		(
			i.payer,
			i.total,
			i.outcome,
			i.recipient,
			[(row.label, row.quantity, row.amount, row.days) for row in i.lines],
		)
		for i in b.invoices(run)
	]


def test_killed_at_every_point_of_a_run(world):
	run = b.new_run(issue_date="2027-10-15")
	runs.run_here(run.name)
	undisturbed = result(run)
	assert len(undisturbed) == FAMILIES - 1
	runs.discard(run.name)

	for where, count in (
		("checkpoint", 1),
		("checkpoint", 3),
		("written", 2),
		("checkpoint", 5),
		("written", 0),
	):
		runs.start(run.name)
		assert other_process(run.name, "compute", where, count) == -signal.SIGKILL
		assert runs.progress(run.name).status == "Interrupted"
		with pytest.raises(errors.WrongRunStatus):
			runs.issue(run.name)
	runs.start(run.name)
	assert other_process(run.name, "compute", "checkpoint", 999) == 0
	assert result(run) == undisturbed
	assert frappe.db.count("Charge", {"billing_run": run.name}) == sum(range(3, 3 + FAMILIES)) - 7
	run.reload()
	assert (run.status, run.problems_count, len(run.problems)) == ("To Review", 1, 1)

	series = "CONCERTO-INVOICE-2027-"
	before = frappe.db.get_value("Series", series, "current", order_by=None) or 0
	for where, count in (("numbered", 0), ("checkpoint", 2), ("numbered", 1)):
		runs.issue(run.name)
		assert other_process(run.name, "issue_drafts", where, count) == -signal.SIGKILL
		assert runs.progress(run.name).status == "Interrupted"
		if frappe.db.exists("Invoice", {"billing_run": run.name, "docstatus": 1}):
			with pytest.raises(errors.RunIsIssued):
				runs.start(run.name)
	runs.issue(run.name)
	assert other_process(run.name, "issue_drafts", "checkpoint", 999) == 0
	assert result(run) == undisturbed
	sent = [i.number for i in b.invoices(run) if i.outcome == "To Send"]
	assert sorted(sent) == [f"2027-{before + n:06d}" for n in range(1, len(sent) + 1)]
	run.reload()
	assert run.status == "Issued"


def test_exception_in_the_middle_is_said_and_can_be_resumed(world, monkeypatch):
	"""Not a kill but an error: the run is marked, the error logged, and starting again ends well."""
	run = b.new_run()
	calls = []
	real = runs.compute_chunk

	def fail_at_third(*args):
		calls.append(1)
		if len(calls) == 3:
			raise RuntimeError("disk full")
		return real(*args)

	monkeypatch.setattr(runs, "compute_chunk", fail_at_third)
	runs.start(run.name)
	with pytest.raises(RuntimeError):
		runs.compute(run.name, chunk=2)
	run.reload()
	assert run.status == "Interrupted"
	assert frappe.db.exists("Error Log", {"reference_name": run.name})
	runs.start(run.name)
	runs.compute(run.name, chunk=2)
	run.reload()
	assert (run.status, run.invoices_count) == ("To Review", FAMILIES - 1)


@pytest.fixture
def someone_else_works():
	"""Another database session holds the billing lock."""
	other = pymysql.connect(
		host=frappe.conf.db_host or "127.0.0.1",
		port=int(frappe.conf.db_port or 3306),
		user=frappe.conf.db_name,
		password=frappe.conf.db_password,
		database=frappe.conf.db_name,
	)
	with other.cursor() as cursor:
		cursor.execute("select get_lock(%s, 0)", (lock._name(),))
		assert cursor.fetchone() == (1,)
	yield other
	if other.open:
		other.close()


def test_two_at_once_are_refused_with_a_clear_message(world, someone_else_works):
	first, second = b.new_run(), b.new_run()
	frappe.db.set_value("Billing Run", first.name, "status", "Computing")
	frappe.db.commit()
	for action, run in (
		(runs.start, first),
		(runs.start, second),
		(runs.discard, first),
		(runs.issue, first),
	):
		with pytest.raises(errors.BillingBusy, match=first.name):
			action(run.name)
	with pytest.raises(errors.BillingBusy):
		runs.compute(first.name)
	assert frappe.db.count("Invoice") == 0
	assert runs.progress(first.name).status == "Computing"
	# The other process dies: its lock is gone at once, and the run goes on.
	someone_else_works.close()
	assert runs.progress(first.name).status == "Interrupted"
	runs.run_here(first.name)
	assert frappe.db.count("Invoice", {"billing_run": first.name}) == FAMILIES - 1


def test_a_job_that_waited_too_long_does_nothing(world):
	"""Discarded while its job was in the queue: the job finds nothing to do."""
	run = b.new_run()
	runs.start(run.name)
	runs.discard(run.name)
	runs.compute(run.name)
	run.reload()
	assert (run.status, frappe.db.count("Invoice")) == ("New", 0)
