"""What payers owe, or have on their account (R42)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

import frappe
from frappe.query_builder import Case, DocType
from frappe.query_builder.functions import Count, Sum

from concerto_education.authority.money import decimal_of
from concerto_education.engine.money import ZERO, money


@dataclass(frozen=True)
class Balance:
	"""``due`` is claimed and not settled, ``credit`` is there and not used, ``held`` waits en mairie (R35)."""

	due: Decimal = ZERO
	credit: Decimal = ZERO
	held: Decimal = ZERO
	invoices: int = 0

	@property
	def total(self) -> Decimal:
		return self.due - self.credit

	def __add__(self, other: Balance) -> Balance:
		return Balance(
			self.due + other.due,
			self.credit + other.credit,
			self.held + other.held,
			self.invoices + other.invoices,
		)


def of_payers(payers: Iterable[str]) -> dict[str, Decimal]:
	"""What each payer owes: invoices still due less credits on the account. Negative: the payer has money there.

	Two queries, whatever the number of payers. The caller has checked who may know.
	"""
	return {payer: found.total for payer, found in details("payer", payers).items()}


def of_families(families: Iterable[str]) -> dict[str, Balance]:
	"""The same of all payers of each family together."""
	return details("family", families)


def details(field: str, names: Iterable[str]) -> dict[str, Balance]:
	"""Balances by ``field`` ("payer" or "family") of invoices and payments."""
	wanted = list(dict.fromkeys(names))
	if not wanted:
		return {}
	Invoice, Payment = DocType("Invoice"), DocType("Payment")
	found = dict.fromkeys(wanted, Balance())
	held = (Invoice.status == "Held") & (Invoice.docstatus == 1)
	rows = (
		frappe.qb.from_(Invoice)
		.select(
			Invoice[field],
			Sum(Case().when(Invoice.outstanding > 0, Invoice.outstanding).else_(0)),
			Sum(Case().when(Invoice.outstanding < 0, Invoice.outstanding).else_(0)),
			Sum(Case().when(held, Invoice.total).else_(0)),
			Count(Case().when(Invoice.outstanding > 0, 1)),
		)
		.where(Invoice[field].isin(wanted) & (Invoice.docstatus == 1))
		.groupby(Invoice[field])
	).run()
	for name, due, credit, waiting, count in rows:
		found[name] = Balance(_money(due), -_money(credit), _money(waiting), count)
	rows = (
		frappe.qb.from_(Payment)
		.select(Payment[field], Sum(Payment.unallocated))
		.where(Payment[field].isin(wanted) & (Payment.status == "Received"))
		.groupby(Payment[field])
	).run()
	for name, left in rows:
		found[name] += Balance(credit=_money(left))
	return found


def _money(value) -> Decimal:
	return money(decimal_of(value))
