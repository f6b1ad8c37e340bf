"""Instalments agreed with a payer. They change no invoice: payments are entered as ever, the oldest first."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.utils import formatdate, getdate

from concerto_education.authority.money import decimal_of, format_money
from concerto_education.billing.payments.accounts import heads
from concerto_education.billing.payments.errors import InvalidPlan
from concerto_education.billing.payments.receive import check_amount
from concerto_education.engine.money import ZERO, money
from concerto_education.families.rights import require


def check(plan) -> None:
	payer = frappe.db.get_value("Payer", plan.payer, ["recipient", "family"], as_dict=True)
	plan.title, plan.family = (payer.recipient, payer.family) if payer else (None, None)
	if plan.is_new() or plan.status == "Active":
		_check_invoices(plan)
	plan.total = sum((decimal_of(row.amount) for row in plan.instalments), ZERO)
	_check_instalments(plan)


def _check_invoices(plan) -> None:
	group = heads([plan.payer])
	seen = set()
	for row in plan.invoices:
		invoice = frappe.db.get_value(
			"Invoice", row.invoice, ["number", "payer", "outstanding", "docstatus"], as_dict=True
		)
		if not invoice or (invoice.payer not in group and invoice.payer != plan.payer):
			frappe.throw(_("Invoice {0} is not of this payer").format(row.invoice), InvalidPlan)
		if row.invoice in seen:
			frappe.throw(_("Invoice {0} is there twice").format(invoice.number), InvalidPlan)
		seen.add(row.invoice)
		row.number = invoice.number
		if not decimal_of(row.outstanding):
			if decimal_of(invoice.outstanding) <= 0:
				frappe.throw(_("Invoice {0}: nothing is due on it").format(invoice.number), InvalidPlan)
			row.outstanding = invoice.outstanding
		other = _other_plan(plan.name, row.invoice)
		if other:
			frappe.throw(
				_("Invoice {0} is in the active plan {1} already").format(invoice.number, other), InvalidPlan
			)


def _other_plan(plan: str | None, invoice: str) -> str | None:
	Plan, Row = frappe.qb.DocType("Instalment Plan"), frappe.qb.DocType("Instalment Plan Invoice")
	rows = (
		frappe.qb.from_(Row)
		.join(Plan)
		.on(Plan.name == Row.parent)
		.select(Plan.name)
		.where((Row.invoice == invoice) & (Plan.status == "Active") & (Plan.name != (plan or "")))
	).run(pluck=True)
	return rows[0] if rows else None


def _check_instalments(plan) -> None:
	for row in plan.instalments:
		check_amount(row.amount, _("Instalments, row {0}").format(row.idx))
		if getdate(row.due_date) < getdate(plan.agreed_on):
			frappe.throw(
				_("Instalments, row {0}: {1} is before the day of the agreement").format(
					row.idx, formatdate(row.due_date)
				),
				InvalidPlan,
			)
	due = sum((money(decimal_of(row.outstanding)) for row in plan.invoices), ZERO)
	if money(plan.total) != due:
		frappe.throw(
			_("Instalments: together they are {0}, and {1} is due on the invoices").format(
				format_money(plan.total), format_money(due)
			),
			InvalidPlan,
		)


def close_kept() -> list[str]:
	"""Job of every morning: plans whose invoices are all settled were kept."""
	Plan, Row = frappe.qb.DocType("Instalment Plan"), frappe.qb.DocType("Instalment Plan Invoice")
	Invoice = frappe.qb.DocType("Invoice")
	still_due = (
		frappe.qb.from_(Row)
		.join(Invoice)
		.on(Invoice.name == Row.invoice)
		.select(Row.parent)
		.where(Invoice.outstanding > 0)
	)
	names = (
		frappe.qb.from_(Plan)
		.select(Plan.name)
		.where((Plan.status == "Active") & Plan.name.notin(still_due))
		.orderby(Plan.name)
	).run(pluck=True)
	for name in names:
		frappe.get_doc("Instalment Plan", name).db_set("status", "Kept")
	return names


@frappe.whitelist(methods=["GET", "POST"])
def open_invoices(payer: str) -> list[dict]:
	"""Rows for a new plan: everything that is due of a payer."""
	require("Instalment Plan", "create")
	frappe.get_doc("Payer", payer).check_permission("read")
	return frappe.get_list(
		"Invoice",
		filters={"payer": payer, "docstatus": 1, "outstanding": (">", 0)},
		fields=["name as invoice", "number", "outstanding"],
		order_by="due_date asc",
		limit=0,
	)


@frappe.whitelist(methods=["GET", "POST"])
def progress(plan: str) -> dict:
	"""How much of a plan is paid, and whether it is late, for its form."""
	doc = frappe.get_doc("Instalment Plan", plan)
	doc.check_permission("read")
	names = [row.invoice for row in doc.invoices]
	# Invoices of a plan whose reader was checked.
	left = sum(
		(
			max(decimal_of(value), ZERO)
			for value in frappe.get_all("Invoice", filters={"name": ("in", names)}, pluck="outstanding")
		),
		ZERO,
	)
	paid = money(decimal_of(doc.total)) - money(left)
	expected = sum(
		(decimal_of(row.amount) for row in doc.instalments if getdate(row.due_date) < getdate()), ZERO
	)
	return {
		"paid": format_money(max(paid, ZERO)),
		"left": format_money(left),
		"late": format_money(expected - paid) if expected > paid else "",
		"is_done": left == 0,
	}
