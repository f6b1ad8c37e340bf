"""Sums on the workspace of payments, as text: the framework's own cards cut the cents off in French."""

from __future__ import annotations

import frappe
from frappe.query_builder import DocType
from frappe.query_builder.functions import Sum

from concerto_education.authority.money import format_money
from concerto_education.families.rights import require


@frappe.whitelist(methods=["GET", "POST"])
def amount_due(filters: str | dict | list | None = None) -> str:
	"""What is still due of all issued invoices."""
	require("Invoice", "read")
	Invoice = DocType("Invoice")
	query = frappe.qb.from_(Invoice).select(Sum(Invoice.outstanding))
	return format_money(query.where((Invoice.docstatus == 1) & (Invoice.outstanding > 0)).run()[0][0])


@frappe.whitelist(methods=["GET", "POST"])
def credits_on_account(filters: str | dict | list | None = None) -> str:
	"""Overpayments and credit notes that nothing has used yet."""
	require("Payment", "read")
	Invoice, Payment = DocType("Invoice"), DocType("Payment")
	paid = (
		frappe.qb.from_(Payment).select(Sum(Payment.unallocated)).where(Payment.status == "Received")
	).run()[0][0]
	noted = (
		frappe.qb.from_(Invoice)
		.select(Sum(Invoice.outstanding))
		.where((Invoice.docstatus == 1) & (Invoice.outstanding < 0))
	).run()[0][0]
	return format_money((paid or 0) - (noted or 0))
