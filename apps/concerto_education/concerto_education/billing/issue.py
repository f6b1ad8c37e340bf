"""Issuing: drafts become invoices with gapless numbers (R35).

Numbers and states are given chunk by chunk, each in one transaction with the counter locked. A kill between
two chunks leaves neither a hole nor a double, and issuing again goes on where it stopped.
"""

from __future__ import annotations

from datetime import date

import frappe
from frappe.query_builder import Case, DocType
from frappe.utils import getdate, now

from concerto_education.billing.corrections import adjustments
from concerto_education.billing.payments.allocation import open_invoices, use_credits_of

# Enough that 20,000 invoices are 40 transactions, few enough that none holds the counter for long.
CHUNK = 500
# What a draft becomes. "Held" and "Nothing Due" get no number: nothing is claimed by them (R35).
STATUS_OF_OUTCOME = {"To Send": "Issued", "Held": "Held", "Nothing Due": "Nothing Due"}


def issue_chunk(run: str, issue_date: date, due_date: date, limit: int = CHUNK) -> int:
	"""Issue the next drafts of a run, without committing. Returns how many; 0 when none is left.

	The order of the numbers is the order of the recipients' names, as the letters are put into envelopes.
	"""
	Invoice = DocType("Invoice")
	drafts = (
		frappe.qb.from_(Invoice)
		.select(Invoice.name, Invoice.outcome)
		.where((Invoice.billing_run == run) & (Invoice.docstatus == 0))
		.orderby(Invoice.title, Invoice.name)
		.limit(limit)
		.for_update()
	).run(as_dict=True)
	if not drafts:
		return 0
	sent = [draft.name for draft in drafts if draft.outcome == "To Send"]
	numbers = dict(zip(sent, take_numbers(getdate(issue_date).year, len(sent)), strict=True))
	for outcome, status in STATUS_OF_OUTCOME.items():
		names = [draft.name for draft in drafts if draft.outcome == outcome]
		if names:
			_submit(names, status, issue_date, due_date, numbers if outcome == "To Send" else None)
	close_carried([draft.name for draft in drafts])
	adjustments.close_invoiced([draft.name for draft in drafts])
	open_invoices(sent)
	use_credits_of(sent)
	return len(drafts)


def take_numbers(year: int, count: int) -> list[str]:
	"""The next ``count`` invoice numbers of a year, like 2026-000123.

	The counter's row stays locked until the transaction ends, so a rollback gives the numbers back and nobody
	can take the following ones in between. It is a row of Frappe's own series table.
	"""
	if not count:
		return []
	Series = DocType("Series")
	key = f"CONCERTO-INVOICE-{year}-"
	# The row must exist before it can be locked; "ignore" makes two creators harmless.
	frappe.qb.into(Series).columns("name", "current").insert(key, 0).ignore().run()
	last = frappe.qb.from_(Series).select(Series.current).where(Series.name == key).for_update().run()[0][0]
	frappe.qb.update(Series).set(Series.current, last + count).where(Series.name == key).run()
	return [f"{year}-{number:06d}" for number in range(last + 1, last + count + 1)]


def _submit(
	names: list[str], status: str, issue_date: date, due_date: date, numbers: dict[str, str] | None
) -> None:
	"""Submit invoices by one update for all.

	``submit()`` would read and write each with all its lines, forty times slower; what it checks is checked
	when the drafts are built, and no hook of ours waits for it. Version records aren't needed either: the run
	itself says who issued, and when.
	"""
	Invoice, Line = DocType("Invoice"), DocType("Invoice Line")
	update = (
		frappe.qb.update(Invoice)
		.set(Invoice.docstatus, 1)
		.set(Invoice.status, status)
		.set(Invoice.issue_date, issue_date)
		.set(Invoice.due_date, due_date)
		.set(Invoice.modified, now())
		.set(Invoice.modified_by, frappe.session.user)
		.where(Invoice.name.isin(names))
	)
	if numbers:
		update = update.set(Invoice.number, _target(Invoice.name, numbers.items()))
	update.run()
	frappe.qb.update(Line).set(Line.docstatus, 1).where(Line.parent.isin(names)).run()


def close_carried(names: list[str]) -> None:
	"""What these invoices take over is closed now, and not before: held invoices (R35), kept credits (R34).

	Bulk update for the reason above; a draft leaves what it takes over as it is, so a draft can be thrown away.
	"""
	Invoice, Line = DocType("Invoice"), DocType("Invoice Line")
	carried = (
		frappe.qb.from_(Line)
		.select(Line.carried_from, Line.parent)
		.distinct()
		.where(Line.parent.isin(names) & (Line.kind == "Carried Over"))
	).run()
	if not carried:
		return
	sources = [source for source, _parent in carried]
	(
		frappe.qb.update(Invoice)
		.set(Invoice.status, "Carried Over")
		.set(Invoice.carried_to, _target(Invoice.name, carried))
		.set(Invoice.modified, now())
		.where(Invoice.name.isin(sources) & (Invoice.status == "Held"))
	).run()
	(
		frappe.qb.update(Line)
		.set(Line.carried_to, _target(Line.parent, carried))
		.where(Line.parent.isin(sources) & (Line.kind == "Credit Kept"))
	).run()


def _target(field, pairs) -> Case:
	"""For each source the invoice that takes it over, in one expression."""
	case = Case()
	for source, target in pairs:
		case = case.when(field == source, target)
	return case
