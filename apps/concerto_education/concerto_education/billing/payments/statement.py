"""The account of a payer, or of all payers of a family, line by line with its running balance (R42).

A line is what changed the account: an invoice or credit note with a number, a payment, a refund, and each
cancellation on its own day. Held amounts are no claim yet (R35): they are told beside the balance.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

import frappe
from frappe import _
from frappe.utils import formatdate, getdate

from concerto_education.authority.money import decimal_of, format_money
from concerto_education.billing.explain import month_text
from concerto_education.billing.payments.accounts import heads
from concerto_education.billing.payments.balance import Balance, details
from concerto_education.engine.money import ZERO, money

# What happens on one day is told in the order in which it makes sense.
ORDER = {"Invoice": 0, "Payment": 1, "Refund": 2, "Cancelled": 3}


@dataclass(frozen=True)
class Entry:
	"""``amount`` is positive for what the payer owes more, negative for what is owed less."""

	day: date
	kind: str
	text: str
	amount: Decimal
	doctype: str
	name: str
	balance: Decimal = ZERO


@dataclass(frozen=True)
class Statement:
	payers: tuple[str, ...]
	start: date | None
	end: date
	opening: Decimal
	entries: tuple[Entry, ...]
	closing: Decimal
	now: Balance


def of(payers: Sequence[str], start: date | None = None, end: date | None = None) -> Statement:
	"""The account of these payers together. The caller has checked who may know."""
	group = heads(payers)
	names = sorted({*group, *heads(set(group.values()))})
	end = end or getdate()
	entries = sorted(
		[*_invoices(names), *_payments(names), *_refunds(names)],
		key=lambda entry: (entry.day, ORDER[entry.kind], entry.text),
	)
	opening = sum((e.amount for e in entries if start and e.day < start), ZERO)
	shown, balance = [], opening
	for entry in entries:
		if (start and entry.day < start) or entry.day > end:
			continue
		balance += entry.amount
		shown.append(replace(entry, balance=balance))
	total = sum(details("payer", names).values(), Balance())
	return Statement(tuple(names), start, end, opening, tuple(shown), balance, total)


def _invoices(names: list[str]) -> list[Entry]:
	# An account is told whole to whoever may see it, so below permissions.
	rows = frappe.get_all(
		"Invoice",
		filters={"payer": ("in", names), "docstatus": 1, "number": ("is", "set")},
		fields=["name", "number", "month", "issue_date", "total"],
	)
	found = []
	for row in rows:
		amount = money(decimal_of(row.total))
		text = _("Credit note {0} ({1})") if amount < 0 else _("Invoice {0} ({1})")
		found.append(
			Entry(
				getdate(row.issue_date or row.month),
				"Invoice",
				text.format(row.number, month_text(getdate(row.month))),
				amount,
				"Invoice",
				row.name,
			)
		)
	return found


def _payments(names: list[str]) -> list[Entry]:
	rows = frappe.get_all(  # as above
		"Payment",
		filters={"payer": ("in", names)},
		fields=[
			"name",
			"payment_date",
			"amount",
			"payment_method",
			"reference",
			"status",
			"cancelled_on",
			"cancel_reason",
		],
	)
	found = []
	for row in rows:
		amount = money(decimal_of(row.amount))
		text = _("Payment {0}, {1}").format(
			row.name, " ".join(filter(None, (row.payment_method, row.reference)))
		)
		found.append(Entry(getdate(row.payment_date), "Payment", text, -amount, "Payment", row.name))
		if row.status == "Cancelled":
			text = _("Payment {0} cancelled: {1}").format(row.name, row.cancel_reason)
			found.append(Entry(getdate(row.cancelled_on), "Cancelled", text, amount, "Payment", row.name))
	return found


def _refunds(names: list[str]) -> list[Entry]:
	rows = frappe.get_all(  # as above
		"Refund",
		filters={"payer": ("in", names)},
		fields=["name", "refund_date", "amount", "payment_method", "status", "cancelled_on", "cancel_reason"],
	)
	found = []
	for row in rows:
		amount = money(decimal_of(row.amount))
		text = _("Refund {0}, {1}").format(row.name, row.payment_method)
		found.append(Entry(getdate(row.refund_date), "Refund", text, amount, "Refund", row.name))
		if row.status == "Cancelled":
			text = _("Refund {0} cancelled: {1}").format(row.name, row.cancel_reason)
			found.append(Entry(getdate(row.cancelled_on), "Cancelled", text, -amount, "Refund", row.name))
	return found


# ---------------------------------------------------------------- what is shown


def shown(statement: Statement) -> dict:
	"""Everything as text, for the screen and for the letter."""
	return {
		"start": formatdate(statement.start) if statement.start else "",
		"end": formatdate(statement.end),
		"opening": format_money(statement.opening),
		"closing": format_money(abs(statement.closing)),
		"is_credit": statement.closing < 0,
		"is_due": statement.closing > 0,
		"credit": format_money(statement.now.credit) if statement.now.credit else "",
		"held": format_money(statement.now.held) if statement.now.held else "",
		"entries": [
			{
				"date": formatdate(entry.day),
				"kind": entry.kind,
				"text": entry.text,
				"debit": format_money(entry.amount) if entry.amount > 0 else "",
				"paid": format_money(-entry.amount) if entry.amount <= 0 else "",
				"balance": format_money(entry.balance),
				"doctype": entry.doctype,
				"name": entry.name,
			}
			for entry in statement.entries
		],
	}
