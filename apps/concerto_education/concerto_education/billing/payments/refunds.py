"""Paying a credit back: an overpayment, or a credit note on an invoice that was paid (R42)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import frappe
from frappe import _
from frappe.utils import formatdate, getdate

from concerto_education.authority.money import decimal_of, format_money
from concerto_education.billing.payments import accounts, allocation
from concerto_education.billing.payments.allocation import Row
from concerto_education.billing.payments.errors import (
	AlreadyCancelled,
	InvalidPaymentDate,
	MethodNotByHand,
	ReasonMissing,
	RefundTooLarge,
)
from concerto_education.billing.payments.receive import check_amount, check_date
from concerto_education.engine.allocation import Debt, oldest_first
from concerto_education.engine.money import money


def record(payer: str, amount: Decimal, refund_date: date, payment_method: str, reason: str, reference=None):
	return frappe.get_doc(
		{
			"doctype": "Refund",
			"payer": payer,
			"amount": amount,
			"refund_date": refund_date,
			"payment_method": payment_method,
			"reason": reason,
			"reference": reference,
		}
	).insert()


def before_insert(refund) -> None:
	refund.flags.account = next(iter(accounts.lock([refund.payer]).values()), None)
	refund.update(
		{
			"status": "Paid Back",
			"given_by": frappe.session.user,
			"cancelled_on": None,
			"cancelled_by": None,
			"cancel_reason": None,
		}
	)
	payer = frappe.db.get_value("Payer", refund.payer, ["recipient", "family"], as_dict=True)
	refund.title, refund.family = (payer.recipient, payer.family) if payer else (None, None)


def check(refund) -> None:
	amount = check_amount(refund.amount)
	check_date(refund.refund_date, _("Date of Refund"))
	if not (refund.reason or "").strip():
		frappe.throw(_("Reason: say why money is paid back"), ReasonMissing)
	if not frappe.db.get_value("Payment Method", refund.payment_method, "refundable"):
		frappe.throw(
			_("Means of Payment: nothing is paid back by {0}").format(refund.payment_method), MethodNotByHand
		)
	credit = refund.flags.account.credit
	if amount > credit:
		frappe.throw(
			_("Amount: {0} is more than the credit on the account, {1}").format(
				format_money(amount), format_money(credit)
			),
			RefundTooLarge,
		)


def after_insert(refund) -> None:
	"""The oldest credits go first, as they do for invoices."""
	account = refund.flags.account
	day = getdate(refund.refund_date)
	parts = oldest_first(account.credits, [Debt(refund.name, day, money(decimal_of(refund.amount)))])
	allocation.write_rows(
		[
			Row(
				refund.payer,
				refund.family,
				day,
				part.amount,
				part.credit,
				refund=refund.name,
				reason=refund.reason,
			)
			for part in parts
		]
	)


def cancel(name: str, reason: str, day: date | None = None) -> None:
	"""The transfer came back: the credit is on the account again."""
	reason = (reason or "").strip()
	if not reason:
		frappe.throw(_("Reason: say why the refund is cancelled"), ReasonMissing)
	payer = frappe.db.get_value("Refund", name, "payer")
	accounts.lock([payer])
	refund = frappe.get_doc("Refund", name, for_update=True)
	if refund.status == "Cancelled":
		frappe.throw(
			_("Refund {0} was cancelled on {1} already").format(name, formatdate(refund.cancelled_on)),
			AlreadyCancelled,
		)
	day = getdate(day)
	check_date(day, _("Cancelled On"))
	if day < getdate(refund.refund_date):
		frappe.throw(
			_("Cancelled On: {0} is before the refund of {1}").format(
				formatdate(day), formatdate(refund.refund_date)
			),
			InvalidPaymentDate,
		)
	allocation.take_back(reason=reason, day=day, refund=name)
	# As for payments: the form refuses every other change.
	refund.db_set(
		{
			"status": "Cancelled",
			"cancelled_on": day,
			"cancelled_by": frappe.session.user,
			"cancel_reason": reason,
		}
	)
	refund.add_comment("Info", _("Cancelled: {0}").format(reason))
