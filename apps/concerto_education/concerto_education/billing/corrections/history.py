"""Who did what and why, for the form of an invoice and of its credit notes (R34)."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.query_builder import DocType
from frappe.utils import format_datetime, get_fullname

from concerto_education.authority.money import format_money

SCOPES = {
	"Whole": lambda: _("the whole invoice"),
	"Days": lambda: _("days"),
	"Amount": lambda: _("an amount"),
}
WAYS = {
	"No": lambda: _("not billed again"),
	"Next Run": lambda: _("billed anew by the next run"),
	"At Once": lambda: _("billed anew at once"),
}


def of_invoice(invoice) -> list[dict]:
	"""Corrections of this invoice, or the one that wrote it. For a document whose reader was checked."""
	Correction = DocType("Invoice Correction")
	rows = (
		frappe.qb.from_(Correction)
		.select("*")
		.where((Correction.invoice == invoice.name) | (Correction.name == (invoice.correction or "")))
		.orderby(Correction.corrected_on)
	).run(as_dict=True)
	numbers = _numbers(rows)
	waived = _waived([row.name for row in rows])
	return [
		{
			"name": row.name,
			"when": format_datetime(row.corrected_on, "dd/MM/yyyy HH:mm"),
			"who": get_fullname(row.corrected_by),
			"what": SCOPES[row.scope](),
			"then": WAYS[row.reissue](),
			"amount": format_money(row.amount),
			"reason": row.reason,
			"invoice": _link(row.invoice, numbers),
			"credit_note": _link(row.credit_note, numbers),
			"replacements": [_link(name, numbers) for name in (row.replacements or "").split()],
			"waived": waived.get(row.name, 0),
			"released": (
				_("Released for billing by {0}").format(get_fullname(row.released_by))
				if row.released_by
				else ""
			),
		}
		for row in rows
	]


def _numbers(rows) -> dict[str, str]:
	names = {row.invoice for row in rows} | {row.credit_note for row in rows}
	names |= {name for row in rows for name in (row.replacements or "").split()}
	Invoice = DocType("Invoice")
	found = (
		frappe.qb.from_(Invoice)
		.select(Invoice.name, Invoice.number, Invoice.status)
		.where(Invoice.name.isin(list(names) or [""]))
	).run()
	return {name: number or _(status) for name, number, status in found}


def _link(name: str, numbers: dict[str, str]) -> dict:
	return {"name": name, "number": numbers.get(name) or name}


def _waived(corrections: list[str]) -> dict[str, int]:
	Waiver = DocType("Charge Waiver")
	rows = (
		frappe.qb.from_(Waiver)
		.select(Waiver.correction)
		.where(Waiver.correction.isin(corrections or [""]) & (Waiver.active == 1))
	).run()
	found: dict[str, int] = {}
	for (correction,) in rows:
		found[correction] = found.get(correction, 0) + 1
	return found
