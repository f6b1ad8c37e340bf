"""Lines of invoices that somebody chose to pay, where the oldest invoice is not what is meant."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

import frappe
from frappe import _
from frappe.query_builder import DocType
from frappe.query_builder.functions import Sum

from concerto_education.authority.money import decimal_of, format_money
from concerto_education.billing.payments.accounts import Account
from concerto_education.billing.payments.errors import NotAllocatable
from concerto_education.engine.money import ZERO, money


def check(account: Account, chosen: Mapping[str, Decimal]) -> dict[str, str]:
	"""The invoice of each line. Throws NotAllocatable for a foreign line, or more than is left of it."""
	found = {row.name: row for row in _rows(chosen)}
	paid = allocated(chosen)
	for name, value in chosen.items():
		row = found.get(name)
		if row is None or row.parent not in account.rows:
			frappe.throw(_("Line {0} is not of an invoice of this payer").format(name), NotAllocatable)
		left = money(decimal_of(row.amount)) - paid.get(name, ZERO)
		if money(value) < 0 or money(value) > max(left, ZERO):
			frappe.throw(
				_("{0}: {1} is more than what is left of this line, {2}").format(
					row.label, format_money(value), format_money(max(left, ZERO))
				),
				NotAllocatable,
			)
	return {name: row.parent for name, row in found.items()}


def allocated(names: Iterable[str]) -> dict[str, Decimal]:
	"""What was paid of each line by choice, counter rows included."""
	Allocation = DocType("Allocation")
	rows = (
		frappe.qb.from_(Allocation)
		.select(Allocation.invoice_line, Sum(Allocation.amount))
		.where(Allocation.invoice_line.isin(list(names) or [""]))
		.groupby(Allocation.invoice_line)
	).run()
	return {name: money(decimal_of(amount)) for name, amount in rows}


def of_invoice(invoice: str) -> list[dict]:
	"""Lines of an invoice with what is left of each, for the dialog. The caller has checked the right."""
	# Lines of an invoice whose reader was checked.
	rows = frappe.get_all(
		"Invoice Line",
		filters={"parent": invoice, "parenttype": "Invoice", "amount": (">", 0)},
		fields=["name", "label", "person", "amount"],
		order_by="idx asc",
	)
	paid = allocated(row.name for row in rows)
	names = dict(
		frappe.get_all(
			"Person",
			filters={"name": ("in", [row.person for row in rows if row.person])},
			fields=["name", "full_name"],
			as_list=True,
		)
	)
	return [
		{
			"name": row.name,
			"label": row.label,
			"person": names.get(row.person, ""),
			"left": float(money(decimal_of(row.amount)) - paid.get(row.name, ZERO)),
			"left_text": format_money(money(decimal_of(row.amount)) - paid.get(row.name, ZERO)),
		}
		for row in rows
	]


def _rows(names: Iterable[str]) -> list[frappe._dict]:
	Line = DocType("Invoice Line")
	return (
		frappe.qb.from_(Line)
		.select(Line.name, Line.parent, Line.amount, Line.label)
		.where(Line.name.isin(list(names) or [""]) & (Line.parenttype == "Invoice"))
	).run(as_dict=True)
