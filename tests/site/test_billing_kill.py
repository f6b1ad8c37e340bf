"""A run may be killed anywhere and started again: the same invoices, none lost, none twice.

These tests commit: a process that is killed really is another process.
"""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time

import frappe
import pymysql
import pytest

from concerto_education.authority import named_lock
from concerto_education.billing import errors, lock
from concerto_education.billing import run as runs
from config.setup.paths import ROOT
from tests import billing_builders as b
from tests.billing_builders import SEPTEMBER

FAMILIES = 9
KILLS, SEED = 5, 20260924
PROCESS = ROOT / "tests" / "billing_process.py"
NEVER = 10**6


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


def begin_process(run: str, job: str, where: str = "checkpoint", count: int = NEVER) -> subprocess.Popen:
	"""Start a job in a process of its own, which may kill itself."""
	arguments = [frappe.local.site, run, job, where, str(count)]
	return subprocess.Popen(
		[sys.executable, str(PROCESS), *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
	)


def other_process(run: str, job: str, where: str = "checkpoint", count: int = NEVER) -> int | str:
	"""Do a job in a process that kills itself. Returns how it ended, or what it said if it came to its end."""
	frappe.db.commit()
	process = begin_process(run, job, where, count)
	said, errors_said = process.communicate(timeout=120)
	wait_until_nobody_works()
	assert process.returncode in (0, -signal.SIGKILL), errors_said[-2000:]
	return said.strip() if process.returncode == 0 else process.returncode


def wait_until_nobody_works() -> None:
	"""A server that is busy notices a moment later that a process is gone, and frees its lock then."""
	deadline = time.monotonic() + 30
	while lock.is_billing_busy():
		assert time.monotonic() < deadline, "the lock of a dead process is held"
		time.sleep(0.05)
	frappe.db.rollback()  # a fresh view


def statements_of(run: str, job: str) -> int:
	"""Do a job to its end. Returns how many statements that takes."""
	return int(other_process(run, job))


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
	assert statements_of(run.name, "compute")
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
	assert statements_of(run.name, "issue_drafts")
	assert result(run) == undisturbed
	sent = [i.number for i in b.invoices(run) if i.outcome == "To Send"]
	assert sorted(sent) == [f"2027-{before + n:06d}" for n in range(1, len(sent) + 1)]
	run.reload()
	assert run.status == "Issued"


def test_killed_at_random_statements(world):
	"""Before any statement to the database, chosen by chance: the same invoices, numbers gapless, nothing twice."""
	chance = random.Random(SEED)
	run = b.new_run(issue_date="2028-10-15")
	runs.start(run.name)
	all_of_them = statements_of(run.name, "compute")
	undisturbed = result(run)

	killed = 0
	while killed < KILLS:
		runs.start(run.name)
		# What the caches know already takes fewer statements the second time: then this one came to its end.
		killed += (
			other_process(run.name, "compute", "statement", chance.randrange(all_of_them)) == -signal.SIGKILL
		)
		assert runs.progress(run.name).status in ("Interrupted", "To Review")
	runs.start(run.name)
	statements_of(run.name, "compute")
	assert result(run) == undisturbed
	assert_nothing_twice(run)

	series = "CONCERTO-INVOICE-2028-"
	before = frappe.db.get_value("Series", series, "current", order_by=None) or 0
	killed = 0
	while frappe.db.get_value("Billing Run", run.name, "status") != "Issued":
		runs.issue(run.name)
		# Few statements issue a chunk: a kill among them hits the middle of it, and each time it gets further.
		ended = other_process(run.name, "issue_drafts", "statement", chance.randrange(5, 40))
		killed += ended == -signal.SIGKILL
	assert killed >= 2
	assert result(run) == undisturbed
	assert_nothing_twice(run)
	sent = [i for i in b.invoices(run) if i.outcome == "To Send"]
	assert sorted(i.number for i in sent) == [f"2028-{before + n:06d}" for n in range(1, len(sent) + 1)]
	assert [i.outstanding for i in sent] == [i.total for i in sent], "each was opened for payment, once"


def assert_nothing_twice(run) -> None:
	"""One invoice a payer, one charge an attendance, and each charge on an invoice that is there (R2)."""
	invoices = b.invoices(run)
	assert len({invoice.payer for invoice in invoices}) == len(invoices) == FAMILIES - 1
	charges = frappe.get_all("Charge", {"billing_run": run.name}, ["fact_key", "payer", "amount", "invoice"])
	assert len({(charge.fact_key, charge.payer) for charge in charges}) == len(charges)
	assert {charge.invoice for charge in charges} == {invoice.name for invoice in invoices}
	for invoice in invoices:
		own = sum(b.decimal_of(charge.amount) for charge in charges if charge.invoice == invoice.name)
		assert own == sum(b.amounts(invoice)) == b.total(invoice)


@pytest.mark.parametrize("how", ["two runs of the month", "one run twice"])
def test_two_processes_started_at_once(world, how):
	"""One does the work; the other is refused with the name of the rule, or finds the work done. Nobody is billed twice."""
	first = b.new_run()
	second = b.new_run() if how == "two runs of the month" else first
	frappe.db.commit()
	processes = [begin_process(run.name, "run") for run in (first, second)]
	said = [process.communicate(timeout=120) for process in processes]
	frappe.db.rollback()
	codes = sorted(process.returncode for process in processes)
	refusals = [out.strip() for (out, _err), p in zip(said, processes, strict=True) if p.returncode == 3]
	assert codes in ([0, 0], [0, 3]), said
	assert set(refusals) <= {"BillingBusy", "AnotherRunOpen"}
	if first is not second:
		assert len(refusals) == 1
	assert frappe.db.count("Invoice") == FAMILIES - 1
	worked = first if frappe.db.count("Invoice", {"billing_run": first.name}) else second
	assert_nothing_twice(worked)
	assert frappe.db.get_value("Billing Run", worked.name, "status") == "To Review"


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
		cursor.execute("select get_lock(%s, 0)", (named_lock.name_of(lock.PURPOSE),))
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
	wait_until_nobody_works()
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
