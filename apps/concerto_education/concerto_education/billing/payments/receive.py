"""A payment is received: checked, allocated, and later perhaps cancelled, because a cheque bounced (R42)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import frappe
from frappe import _
from frappe.utils import add_days, cint, formatdate, getdate, now

from concerto_education.authority.money import decimal_of, format_money
from concerto_education.billing.payments import accounts, allocation
from concerto_education.billing.payments.errors import (
	AlreadyCancelled,
	DuplicatePayment,
	InvalidAmount,
	InvalidPaymentDate,
	MethodNotByHand,
	ReasonMissing,
	ReferenceMissing,
	RefundInTheWay,
)
from concerto_education.engine.money import money

LARGEST = Decimal(1_000_000)
DAYS_BACK = 400


def record(
	payer: str,
	amount: Decimal,
	payment_date: date,
	payment_method: str,
	*,
	amounts: Mapping[str, Decimal] | None = None,
	lines: Mapping[str, Decimal] | None = None,
	entry_id: str | None = None,
	twice: bool = False,
	**details,
):
	"""Enter a payment and allocate it. The same ``entry_id`` gives the same payment: a request may arrive twice.

	:param amounts: by invoice, if somebody chose; ``lines``: by line of invoices. Else the oldest are settled.
	:param twice: it looks like one that is there already, and somebody said that it is another one.
	"""
	if entry_id and (known := frappe.db.get_value("Payment", {"entry_id": entry_id})):
		return frappe.get_doc("Payment", known)
	payment = frappe.get_doc(
		{
			"doctype": "Payment",
			"payer": payer,
			"amount": amount,
			"payment_date": payment_date,
			"payment_method": payment_method,
			"entry_id": entry_id,
			**details,
		}
	)
	payment.flags.update(amounts=amounts, lines=lines, twice=twice)
	return payment.insert()


# ---------------------------------------------------------------- what the controller calls


def before_insert(payment) -> None:
	"""The account is locked before the payment exists: everybody locks in one order."""
	payment.flags.account = next(iter(accounts.lock([payment.payer]).values()), None)
	payment.update(
		{
			"status": "Received",
			"received_by": frappe.session.user,
			"received_at": now(),
			"cancelled_on": None,
			"cancelled_by": None,
			"cancel_reason": None,
			"unallocated": payment.amount,
			"entry_id": payment.entry_id or frappe.generate_hash(length=16),
		}
	)
	payer = frappe.db.get_value("Payer", payment.payer, ["recipient", "family"], as_dict=True)
	payment.title, payment.family = (payer.recipient, payer.family) if payer else (None, None)


def check(payment) -> None:
	"""Throw the first rule that a new payment breaks."""
	check_amount(payment.amount)
	check_date(payment.payment_date, _("Date of Payment"))
	_check_method(payment)
	if not payment.flags.twice:
		_check_duplicate(payment)


def after_insert(payment) -> None:
	allocation.allocate_payment(payment, payment.flags.account, payment.flags.amounts, payment.flags.lines)


# ---------------------------------------------------------------- cancelling


def cancel(name: str, reason: str, day: date | None = None) -> list[str]:
	"""Cancel a payment: counter rows, its invoices are due again, the reason is kept. Returns those invoices.

	Other credits on the account then settle what has become due again.
	"""
	reason = (reason or "").strip()
	if not reason:
		frappe.throw(
			_("Reason: say why the payment is cancelled, for instance “cheque unpaid”"), ReasonMissing
		)
	payer = frappe.db.get_value("Payment", name, "payer")
	accounts.lock([payer])
	payment = frappe.get_doc("Payment", name, for_update=True)
	if payment.status == "Cancelled":
		frappe.throw(
			_("Payment {0} was cancelled on {1} already").format(name, formatdate(payment.cancelled_on)),
			AlreadyCancelled,
		)
	day = getdate(day)
	check_date(day, _("Cancelled On"))
	if day < getdate(payment.payment_date):
		frappe.throw(
			_("Cancelled On: {0} is before the payment of {1}").format(
				formatdate(day), formatdate(payment.payment_date)
			),
			InvalidPaymentDate,
		)
	refunds = [row.refund for row in allocation.standing((accounts.PAYMENT, name)) if row.refund]
	if refunds:
		frappe.throw(
			_("Payment {0} was paid back by {1}: cancel the refund first").format(name, ", ".join(refunds)),
			RefundInTheWay,
		)
	reopened = allocation.take_back((accounts.PAYMENT, name), reason, day)
	payment.reload()
	# The form refuses every change of a payment; a cancellation is the one that this room makes.
	payment.db_set(
		{
			"status": "Cancelled",
			"unallocated": 0,
			"cancelled_on": day,
			"cancelled_by": frappe.session.user,
			"cancel_reason": reason,
		}
	)
	payment.add_comment("Info", _("Cancelled: {0}").format(reason))
	if reopened:
		allocation.use_credits_of(reopened)
	return reopened


# ---------------------------------------------------------------- rules


def check_amount(value, label: str | None = None) -> Decimal:
	label = label or _("Amount")
	amount = decimal_of(value)
	if amount <= 0:
		frappe.throw(_("{0}: enter more than 0,00 €").format(label), InvalidAmount)
	if amount != money(amount):
		frappe.throw(_("{0}: there is no part of a cent").format(label), InvalidAmount)
	if amount >= LARGEST:
		frappe.throw(
			_("{0}: {1} is too much for one payment").format(label, format_money(amount)), InvalidAmount
		)
	return amount


def check_date(value, label: str) -> None:
	day, today = getdate(value), getdate()
	if day > today:
		frappe.throw(_("{0}: {1} is in the future").format(label, formatdate(day)), InvalidPaymentDate)
	back = cint(frappe.db.get_single_value("Payment Settings", "cheque_days")) or DAYS_BACK
	if day < getdate(add_days(today, -back)):
		frappe.throw(
			_("{0}: {1} is more than {2} days ago (see the settings of payments)").format(
				label, formatdate(day), back
			),
			InvalidPaymentDate,
		)


def _check_method(payment) -> None:
	method = frappe.get_cached_doc("Payment Method", payment.payment_method)
	if not method.active or (not method.by_hand and not payment.flags.from_file):
		frappe.throw(
			_("Means of Payment: {0} is not entered by hand").format(payment.payment_method), MethodNotByHand
		)
	if method.needs_reference and not (payment.reference or "").strip():
		frappe.throw(
			_("Reference: it is needed for {0}, for instance the number of the cheque").format(
				payment.payment_method
			),
			ReferenceMissing,
		)


def _check_duplicate(payment) -> None:
	"""The same cheque is not entered twice; cash has no number, so two equal amounts of one day are asked about."""
	same = {
		"payer": payment.payer,
		"payment_method": payment.payment_method,
		"amount": payment.amount,
		"status": "Received",
		"name": ("!=", payment.name or ""),
	}
	if payment.reference:
		same["reference"] = payment.reference
	else:
		same["payment_date"] = payment.payment_date
	if known := frappe.db.get_value("Payment", same):
		frappe.throw(
			_("{0} has the same payer, amount, means and reference. Is it really another payment?").format(
				known
			),
			DuplicatePayment,
		)
