"""The credit note: an invoice with a negative total, in the one series of numbers (R34, R35).

A held invoice claims nothing, so what is taken off it is held as well and has no number: both are carried over together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

import frappe
from frappe import _
from frappe.query_builder import DocType
from frappe.utils import getdate, now

from concerto_education.authority.money import decimal_of
from concerto_education.billing import facts, issue, ledger
from concerto_education.billing.bill import FamilyBill
from concerto_education.billing.corrections import third_parties
from concerto_education.billing.corrections.guards import CREDIT_NOTE
from concerto_education.billing.corrections.standing import Standing
from concerto_education.billing.funders import sources as funders
from concerto_education.billing.payers import payers_of
from concerto_education.billing.payments.allocation import open_invoices
from concerto_education.engine.corrections import Credit
from concerto_education.engine.facts import ChargeLine
from concerto_education.engine.invoicing import InvoiceDraft, InvoiceState, group
from concerto_education.engine.money import ZERO
from concerto_education.engine.pricing import Explanation
from concerto_education.engine.ranges import DateRange, month_of
from concerto_education.engine.waivers import CREDIT_KEY
from concerto_education.families.payers import address_blocks


@dataclass
class _Entries:
	"""What is written into the ledger, and how the lines are called."""

	own: list[ChargeLine] = field(default_factory=list)
	funders: list[ChargeLine] = field(default_factory=list)
	labels: dict[str, str] = field(default_factory=dict)
	corrects: dict[str, str] = field(default_factory=dict)  # fact key → line whose amount is credited
	attendances: dict[str, str] = field(default_factory=dict)


def write(correction, invoice, standing: Standing, credit: Credit, *, is_held: bool) -> str:
	"""Write the credit note of a correction, issued at once. Returns its name; nothing is committed."""
	entries = _entries(correction, invoice, standing, credit)
	context = facts.load_context(getdate(invoice.month))
	draft = InvoiceDraft(
		payer=invoice.payer,
		family=invoice.family,
		month=context.month_key,
		lines=group(entries.own),
		carried=(),
		total=sum((entry.amount for entry in entries.own), ZERO),
		state=InvoiceState.HELD if is_held else InvoiceState.DUE,
	)
	chunk = _chunk(invoice, entries)
	(name,) = ledger.insert(None, context, chunk, [FamilyBill(invoice.family, [draft], entries.funders)])
	_mark(name, correction, invoice, entries)
	finish(name, "Held" if is_held else "Issued", getdate(), getdate())
	if not is_held:
		open_invoices([name])
	return name


def finish(name: str, status: str, issue_date: date, due_date: date) -> None:
	"""A draft of a correction is issued: straight on the tables, as ``billing/issue.py`` says why."""
	Invoice, Line = DocType("Invoice"), DocType("Invoice Line")
	number = issue.take_numbers(issue_date.year, 1)[0] if status == "Issued" else None
	(
		frappe.qb.update(Invoice)
		.set(Invoice.docstatus, 1)
		.set(Invoice.status, status)
		.set(Invoice.number, number)
		.set(Invoice.issue_date, issue_date)
		.set(Invoice.due_date, due_date)
		.set(Invoice.modified, now())
		.where((Invoice.name == name) & (Invoice.docstatus == 0))
	).run()
	frappe.qb.update(Line).set(Line.docstatus, 1).where(Line.parent == name).run()


def _entries(correction, invoice, standing: Standing, credit: Credit) -> _Entries:
	found = _Entries()
	names = [name for position in credit.positions for name in position.entries]
	recorded = ledger.charge_lines(names) if names else {}
	for position in credit.positions:
		for name in position.entries:
			found.own.append(recorded[name].reverse(name))
			row = standing.charges[name]
			if row.attendance:
				found.attendances[row.fact_key] = row.attendance
			if row.adjustment:
				found.labels[row.adjustment] = standing.lines[position.line].label
	rows = [standing.charges[name] for name in names]
	found.funders = third_parties.entries(row for row in rows if row.funding or row.voucher)
	for number, part in enumerate(credit.amounts, 1):
		line = standing.lines[part.line]
		key = f"{CREDIT_KEY}{correction.name}|{number}"
		found.labels[key] = (_("Credit on {0}") if part.amount > 0 else _("Credited before: {0}")).format(
			line.label
		)
		found.corrects[key] = part.line
		found.own.append(_amount(correction, invoice, standing, line, key, -part.amount))
	return found


def _amount(correction, invoice, standing: Standing, line, key: str, amount: Decimal) -> ChargeLine:
	"""An amount beside the days of a line, under its imputation: it is no reversal of any charge."""
	sample = next(p for p in reversed(standing.positions) if p.line == line.name)
	row = standing.charges[sample.id]
	return ChargeLine(
		key=(key, invoice.payer),
		family=invoice.family,
		person=line.person,
		payer=invoice.payer,
		enrolment=row.enrolment,
		activity=line.activity,
		site=row.site,
		category=line.category,
		unit=line.unit,
		day=sample.day,
		quantity=Decimal(1),
		unit_price=amount,
		amount=amount,
		tariff=None,
		quotient=None,
		quotient_value=None,
		imputation=line.imputation,
		explanation=Explanation(
			amount=str(amount),
			steps=[["by_hand", {"reason": correction.reason}, str(amount)]],
			quantity="1",
		),
		regularisation=True,
		origin_month=month_of(sample.day),
		adjustment=key,
	)


def _chunk(invoice, entries: _Entries) -> facts.ChunkFacts:
	chunk = facts.ChunkFacts([invoice.family])
	chunk.payers = payers_of([invoice.family])
	chunk.addresses = address_blocks([invoice.payer])
	chunk.by_hand = entries.labels
	chunk.attendances = entries.attendances
	days = [entry.day for entry in entries.own]
	chunk.sources = funders.load(DateRange(min(days), max(days)), [invoice.family])
	return chunk


def _mark(name: str, correction, invoice, entries: _Entries) -> None:
	"""What makes it a credit note, on rows that were written this moment."""
	Invoice, Charge = DocType("Invoice"), DocType("Charge")
	(
		frappe.qb.update(Invoice)
		.set(Invoice.kind, CREDIT_NOTE)
		.set(Invoice.credits, invoice.name)
		.set(Invoice.correction, correction.name)
		.set(Invoice.correction_reason, correction.reason)
		.where(Invoice.name == name)
	).run()
	mark_charges(correction.name, [name], invoice.family)
	for key, line in entries.corrects.items():
		frappe.qb.update(Charge).set(Charge.corrects, line).where(Charge.fact_key == key).run()


def mark_charges(correction: str, invoices: Sequence[str], family: str) -> None:
	"""Name the correction on the entries that it has just written, those of funders (on no invoice) included."""
	Charge = DocType("Charge")
	of_invoices = Charge.invoice.isin(list(invoices) or [""])
	of_funders = (Charge.family == family) & Charge.invoice.isnull() & Charge.billing_run.isnull()
	(
		frappe.qb.update(Charge)
		.set(Charge.correction, correction)
		.where((of_invoices | of_funders) & (Charge.correction.isnull() | (Charge.correction == "")))
	).run()


def total_of(name: str) -> Decimal:
	# Of a document that this room has just written.
	return decimal_of(frappe.db.get_value("Invoice", name, "total"))
