"""A small month of billing in a database of its own, for tests that can't hold a connection to it themselves.

Usage, in a folder of sites: python billing_world.py SITE QUESTION [WORD …]; the last line it prints is the answer, JSON.
"""

from __future__ import annotations

import json
import sys


def main(site: str, question: str, *words: str) -> None:
	import frappe

	frappe.init(site=site, sites_path=".")
	frappe.connect()
	frappe.set_user("Administrator")
	frappe.flags.in_test = True
	frappe.local.lang = "fr"
	# The queue plays no part: jobs are processes of the test.
	frappe.enqueue = lambda *args, **kwargs: None
	try:
		answer = QUESTIONS[question](*words)
		frappe.db.commit()
	finally:
		frappe.destroy()
	sys.stdout.write(f"\n{json.dumps(answer, default=str)}\n")


def make(families: str) -> str:
	"""Families with three meals and more, one of whom has no QF, and a new run. Returns its name."""
	import frappe

	from tests import billing_builders as b

	for doctype in ("Invoice", "Invoice Line", "Charge", "Billing Run", "Attendance", "Enrolment"):
		frappe.db.delete(doctype)
	canteen = b.canteen()
	for number in range(int(families)):
		home = b.household(qf=None if number == 1 else 640)
		b.attend(b.enrol(home, canteen), b.SEPTEMBER[: 6 + number], "Present")
	return b.new_run(issue_date="2061-10-15").name


def start(run: str) -> None:
	from concerto_education.billing import run as runs

	runs.start(run)


def issue(run: str) -> None:
	from concerto_education.billing import run as runs

	runs.issue(run)


def state(run: str) -> list[str]:
	"""The status that is written, and the one that the screen shows."""
	import frappe

	from concerto_education.billing import run as runs

	return [frappe.db.get_value("Billing Run", run, "status"), runs.progress(run).status]


def invoices(run: str) -> list:
	"""All that a reader of the invoices sees, except numbers and the names of records."""
	from tests import billing_builders as b

	return [
		[
			i.payer,
			str(i.total),
			i.outcome,
			[[row.label, row.quantity, row.amount, row.days] for row in i.lines],
		]
		for i in b.invoices(type("Run", (), {"name": run}))
	]


def numbers(run: str) -> list[str]:
	import frappe

	# The test looks at what is there.
	rows = frappe.get_all("Invoice", {"billing_run": run}, ["number", "total", "outstanding"])
	assert all(row.total == row.outstanding for row in rows), rows
	return sorted(row.number for row in rows)


QUESTIONS = {function.__name__: function for function in (make, start, issue, state, invoices, numbers)}

if __name__ == "__main__":
	main(*sys.argv[1:])
