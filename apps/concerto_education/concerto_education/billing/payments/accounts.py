"""The account of a payer: open invoices and credits, read under a lock.

Whoever allocates locks first the invoices of the account, then its payments, always in this order, and reads while
locking: of two clerks at one invoice the second waits, and sees what the first has left.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

import frappe
from frappe.query_builder import DocType
from frappe.utils import getdate

from concerto_education.authority.money import decimal_of
from concerto_education.engine.allocation import Credit, Debt
from concerto_education.engine.money import money

PAYMENT = "Payment"
INVOICE = "Invoice"  # a credit note is one, with a negative total


@dataclass
class Account:
	"""What is due and what is there, of one payer and those merged into it."""

	payer: str
	debts: list[Debt] = field(default_factory=list)
	credits: list[Credit] = field(default_factory=list)  # id = (DocType, name)
	rows: dict[str, frappe._dict] = field(default_factory=dict)  # invoices by name

	@property
	def due(self) -> Decimal:
		return sum((debt.amount for debt in self.debts), Decimal("0.00"))

	@property
	def credit(self) -> Decimal:
		return sum((credit.amount for credit in self.credits), Decimal("0.00"))


def heads(payers: Iterable[str]) -> dict[str, str]:
	"""For each payer the one whose account it is: a payer merged into another keeps old invoices only."""
	wanted = list(dict.fromkeys(payers))
	if not wanted:
		return {}
	Payer = DocType("Payer")
	rows = (
		frappe.qb.from_(Payer)
		.select(Payer.name, Payer.merged_into)
		.where(Payer.name.isin(wanted) | Payer.merged_into.isin(wanted))
	).run()
	return {name: merged or name for name, merged in rows}


def lock(payers: Iterable[str]) -> dict[str, Account]:
	"""Accounts of these payers, locked until the transaction ends."""
	group = heads(payers)
	# Whoever stands for a merged payer brings that payer's other names along.
	missing = set(group.values()) - set(group)
	if missing:
		group |= heads(missing)
	found = {head: Account(head) for head in sorted(set(group.values()))}
	if not group:
		return found
	names = sorted(group)
	for row in _invoices(names):
		account = found[group[row.payer]]
		account.rows[row.name] = row
		outstanding = money(decimal_of(row.outstanding))
		if outstanding > 0:
			due = getdate(row.due_date or row.issue_date or row.month)
			account.debts.append(Debt(row.name, due, outstanding, row.number or row.name))
		elif outstanding < 0:
			day = getdate(row.issue_date or row.month)
			account.credits.append(Credit((INVOICE, row.name), day, -outstanding, row.number or row.name))
	for row in _payments(names):
		left = money(decimal_of(row.unallocated))
		if left > 0:
			credit = Credit((PAYMENT, row.name), getdate(row.payment_date), left, row.name)
			found[group[row.payer]].credits.append(credit)
	return found


def _invoices(payers: list[str]) -> list[frappe._dict]:
	Invoice = DocType(INVOICE)
	return (
		frappe.qb.from_(Invoice)
		.select(
			Invoice.name,
			Invoice.number,
			Invoice.payer,
			Invoice.family,
			Invoice.month,
			Invoice.issue_date,
			Invoice.due_date,
			Invoice.status,
			Invoice.open_status,
			Invoice.total,
			Invoice.outstanding,
		)
		.where(Invoice.payer.isin(payers) & (Invoice.docstatus == 1))
		.orderby(Invoice.name)
		.for_update()
	).run(as_dict=True)


def _payments(payers: list[str]) -> list[frappe._dict]:
	Payment = DocType(PAYMENT)
	return (
		frappe.qb.from_(Payment)
		.select(Payment.name, Payment.payer, Payment.payment_date, Payment.unallocated)
		.where(Payment.payer.isin(payers) & (Payment.unallocated > 0) & (Payment.status == "Received"))
		.orderby(Payment.name)
		.for_update()
	).run(as_dict=True)
