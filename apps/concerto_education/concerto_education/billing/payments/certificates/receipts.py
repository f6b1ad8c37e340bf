"""What a payer paid in a year, payment by payment, less what was paid back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import frappe
from frappe.utils import getdate

from concerto_education.authority.money import decimal_of
from concerto_education.billing.payments.accounts import heads
from concerto_education.engine.money import ZERO, money


@dataclass(frozen=True)
class Receipt:
	day: date
	name: str
	method: str
	reference: str
	amount: Decimal  # negative: paid back


def of(payer: str, year: int) -> list[Receipt]:
	"""Payments received in the year and not cancelled, and refunds. The caller has checked who may know."""
	group = heads([payer])
	names = sorted({*group, *heads(set(group.values()))})
	span = ("between", (date(year, 1, 1), date(year, 12, 31)))
	rows = frappe.get_all(  # the account is told whole
		"Payment",
		filters={"payer": ("in", names), "status": "Received", "payment_date": span},
		fields=["name", "payment_date as day", "payment_method as method", "reference", "amount"],
	)
	back = frappe.get_all(  # as above
		"Refund",
		filters={"payer": ("in", names), "status": "Paid Back", "refund_date": span},
		fields=["name", "refund_date as day", "payment_method as method", "reference", "amount"],
	)
	found = [_receipt(row, 1) for row in rows] + [_receipt(row, -1) for row in back]
	return sorted(found, key=lambda receipt: (receipt.day, receipt.name))


def total(rows: Iterable[Receipt]) -> Decimal:
	return sum((row.amount for row in rows), ZERO)


def _receipt(row, sign: int) -> Receipt:
	return Receipt(
		getdate(row.day), row.name, row.method, row.reference or "", sign * money(decimal_of(row.amount))
	)
