"""What the buttons and the page of payments call (R42). Rights first, then the services of this room."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.utils import formatdate, getdate

from concerto_education.authority.money import decimal_of, format_money
from concerto_education.authority.transactions import in_fresh_transaction
from concerto_education.billing.explain import month_text
from concerto_education.billing.payments import allocation, balance, disputes, find, receive, refunds
from concerto_education.billing.payments import lines as lines_of
from concerto_education.billing.payments.accounts import heads
from concerto_education.families.rights import require

PAYMENT = "Payment"
REFUND = "Refund"


@frappe.whitelist(methods=["GET", "POST"])
def methods() -> list[dict]:
	"""Means of payment that are entered by hand, in the administrator's order."""
	require(PAYMENT, "read")
	return frappe.get_list(
		"Payment Method",
		filters={"active": 1, "by_hand": 1},
		fields=["name", "kind", "needs_reference", "asks_bank", "refundable"],
		order_by="position asc, name asc",
		limit=0,
	)


@frappe.whitelist(methods=["GET", "POST"])
def find_payers(text: str) -> list[dict]:
	"""Payers by name of a person of the family, number of the dossier or of an invoice, with what they owe."""
	require(PAYMENT, "create")
	return find.payers(text)


@frappe.whitelist(methods=["GET", "POST"])
def payers_of(family: str) -> list[dict]:
	"""Payers of a family, to choose who has paid."""
	require(PAYMENT, "create")
	frappe.get_doc("Family", family).check_permission("read")
	return find.of_family(family)


@frappe.whitelist(methods=["GET", "POST"])
def account(payer: str) -> dict:
	"""What is due of a payer and what is on the account, for the dialogs."""
	require(PAYMENT, "read")
	frappe.get_doc("Payer", payer).check_permission("read")
	group = heads([payer])
	head = group[payer]
	names = sorted({*group, *heads([head])})
	# The right to read payments covers all invoices of the account: it is the same circle (R6–R10).
	rows = frappe.get_all(
		"Invoice",
		filters={"payer": ("in", names), "docstatus": 1, "outstanding": (">", 0)},
		fields=["name", "number", "month", "due_date", "total", "outstanding", "disputed"],
		order_by="due_date asc, number asc",
	)
	found = balance.details("payer", names)
	total = sum(found.values(), balance.Balance())
	return {
		"payer": payer,
		"title": frappe.db.get_value("Payer", payer, "recipient"),
		"due": float(total.due),
		"due_text": format_money(total.due),
		"credit": float(total.credit),
		"credit_text": format_money(total.credit),
		"held_text": format_money(total.held) if total.held else "",
		"invoices": [
			{
				"name": row.name,
				"number": row.number,
				"month": month_text(getdate(row.month)),
				"due_date": formatdate(row.due_date) if row.due_date else "",
				"is_late": bool(row.due_date and getdate(row.due_date) < getdate()),
				"disputed": bool(row.disputed),
				"outstanding": float(row.outstanding),
				"outstanding_text": format_money(row.outstanding),
			}
			for row in rows
		],
	}


@frappe.whitelist(methods=["GET", "POST"])
def invoice_lines(invoice: str) -> list[dict]:
	"""Lines of an invoice with what is left of each, where somebody pays some of them only."""
	require(PAYMENT, "create")
	frappe.get_doc("Invoice", invoice).check_permission("read")
	return lines_of.of_invoice(invoice)


@frappe.whitelist(methods=["POST"])
def record_payment(
	payer: str,
	amount: float | str,
	payment_date: str,
	payment_method: str,
	reference: str | None = None,
	bank: str | None = None,
	drawer: str | None = None,
	note: str | None = None,
	amounts: dict | str | None = None,
	lines: dict | str | None = None,
	entry_id: str | None = None,
	twice: bool = False,
) -> dict:
	"""Enter a payment; ``amounts`` by invoice, or ``lines``, if somebody chose; else the oldest are settled."""
	require(PAYMENT, "create")
	frappe.get_doc("Payer", payer).check_permission("read")
	chosen, chosen_lines = _amounts(amounts), _amounts(lines)
	payment = in_fresh_transaction(
		lambda: receive.record(
			payer,
			decimal_of(amount),
			getdate(payment_date),
			payment_method,
			amounts=chosen,
			lines=chosen_lines,
			entry_id=entry_id,
			twice=bool(twice),
			reference=reference,
			bank=bank,
			drawer=drawer,
			note=note,
		)
	)
	return _receipt(payment)


@frappe.whitelist(methods=["POST"])
def cancel_payment(payment: str, reason: str, day: str | None = None) -> dict:
	"""Button "Annuler le règlement": a cheque that bounced, a mistake."""
	frappe.get_doc(PAYMENT, payment).check_permission("write")
	reopened = in_fresh_transaction(lambda: receive.cancel(payment, reason, getdate(day) if day else None))
	return {"reopened": len(reopened)}


@frappe.whitelist(methods=["POST"])
def record_refund(
	payer: str,
	amount: float | str,
	refund_date: str,
	payment_method: str,
	reason: str,
	reference: str | None = None,
) -> dict:
	"""Button "Rembourser": a credit on the account is paid back."""
	require(REFUND, "create")
	frappe.get_doc("Payer", payer).check_permission("read")
	doc = in_fresh_transaction(
		lambda: refunds.record(
			payer, decimal_of(amount), getdate(refund_date), payment_method, reason, reference
		)
	)
	return {"name": doc.name}


@frappe.whitelist(methods=["POST"])
def cancel_refund(refund: str, reason: str, day: str | None = None) -> None:
	frappe.get_doc(REFUND, refund).check_permission("write")
	in_fresh_transaction(lambda: refunds.cancel(refund, reason, getdate(day) if day else None))


@frappe.whitelist(methods=["POST"])
def use_credit(payer: str) -> dict:
	"""Button "Imputer le crédit": where the settings leave it to finance, or after an invoice was corrected."""
	require(PAYMENT, "create")
	frappe.get_doc("Payer", payer).check_permission("read")
	parts = in_fresh_transaction(lambda: allocation.apply_credits([payer]))
	total = sum((part.amount for part in parts), decimal_of(0))
	return {"count": len(parts), "total": format_money(total)}


@frappe.whitelist(methods=["POST"])
def dispute(invoice: str, reason: str) -> None:
	"""Button "Signaler un litige": the invoice is no longer reminded."""
	require(PAYMENT, "create")
	frappe.get_doc("Invoice", invoice).check_permission("read")
	disputes.open(invoice, reason)


@frappe.whitelist(methods=["POST"])
def end_dispute(invoice: str, reason: str) -> None:
	require(PAYMENT, "create")
	frappe.get_doc("Invoice", invoice).check_permission("read")
	disputes.close(invoice, reason)


@frappe.whitelist(methods=["GET", "POST"])
def payment_overview(payment: str) -> dict:
	"""What a payment has settled, for its form."""
	doc = frappe.get_doc(PAYMENT, payment)
	doc.check_permission("read")
	rows = find.allocations_of(PAYMENT, payment)
	return {"allocations": rows, "credit": format_money(doc.unallocated) if doc.unallocated else ""}


@frappe.whitelist(methods=["GET", "POST"])
def invoice_settlement(invoice: str) -> dict:
	"""How an invoice was settled, for its form."""
	doc = frappe.get_doc("Invoice", invoice)
	doc.check_permission("read")
	require(PAYMENT, "read")
	return {
		"allocations": find.allocations_to(invoice),
		"outstanding": format_money(doc.outstanding),
		"is_due": decimal_of(doc.outstanding) > 0,
		"is_credit": decimal_of(doc.outstanding) < 0,
		"is_settled": doc.status == "Paid",
		"dispute": (
			_("Disputed since {0}: {1}").format(formatdate(doc.disputed_on), doc.dispute_reason)
			if doc.disputed
			else ""
		),
	}


def _amounts(value: dict | str | None) -> dict | None:
	chosen = frappe.parse_json(value) if value else None
	if not chosen:
		return None
	return {str(invoice): decimal_of(amount) for invoice, amount in chosen.items()}


def _receipt(payment) -> dict:
	"""What is said after a payment was entered."""
	settled = find.allocations_of(PAYMENT, payment.name)
	return {
		"name": payment.name,
		"title": payment.title,
		"amount": float(payment.amount),
		"amount_text": format_money(payment.amount),
		"method": payment.payment_method,
		"reference": payment.reference or "",
		"settled": [f"{row['number']} : {row['amount']}" for row in settled],
		"credit": format_money(payment.unallocated) if decimal_of(payment.unallocated) else "",
	}
