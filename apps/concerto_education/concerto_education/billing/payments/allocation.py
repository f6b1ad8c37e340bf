"""What settles which invoice. The only writer of ``Allocation``, ``Invoice.outstanding`` and ``Payment.unallocated``.

Rows are written once. What is taken back gets a counter row, so the history of an account can be told at any time:
``Invoice.outstanding = Invoice.total − Σ allocations``, ``Payment.unallocated = Payment.amount − Σ allocations``.
A credit note is an invoice with a negative total: what it settles brings it up to zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import frappe
from frappe import _
from frappe.query_builder import Case, DocType
from frappe.utils import getdate, now

from concerto_education.authority.bulk import insert_rows
from concerto_education.authority.money import decimal_of
from concerto_education.authority.rules import refuse
from concerto_education.billing.payments import lines
from concerto_education.billing.payments.accounts import INVOICE, PAYMENT, Account, heads, lock
from concerto_education.billing.payments.errors import NotAllocatable
from concerto_education.engine import allocation as engine
from concerto_education.engine.allocation import Credit, Part
from concerto_education.engine.errors import RuleError
from concerto_education.engine.money import ZERO, money

PAID = "Paid"
COLUMNS = [
	"name",
	"creation",
	"modified",
	"owner",
	"modified_by",
	"payer",
	"family",
	"allocation_date",
	"amount",
	"source_type",
	"source",
	"invoice",
	"invoice_line",
	"refund",
	"is_reversal",
	"reverses",
	"reason",
]


@dataclass(frozen=True)
class Row:
	"""An allocation that is about to be written."""

	payer: str
	family: str | None
	day: date
	amount: Decimal
	source: tuple[str, str]
	invoice: str | None = None
	line: str | None = None
	refund: str | None = None
	reverses: str | None = None
	reason: str | None = None


# ---------------------------------------------------------------- what others call


def allocate_payment(
	payment,
	account: Account,
	amounts: Mapping[str, Decimal] | None = None,
	chosen_lines: Mapping[str, Decimal] | None = None,
) -> list[Part]:
	"""Let a payment settle the oldest invoices of its locked account, or the ``amounts`` chosen by invoice or by line.

	What is left of it stays as a credit on the account.
	"""
	credit = Credit(
		(PAYMENT, payment.name), getdate(payment.payment_date), money(decimal_of(payment.unallocated))
	)
	account.credits.append(credit)
	if chosen_lines:
		return _allocate_lines(credit, account, chosen_lines)
	if amounts is None:
		parts = engine.oldest_first([credit], account.debts)
	else:
		parts = _chosen(credit, account, amounts)
	_write_all([(account, parts)])
	return parts


def _allocate_lines(credit: Credit, account: Account, chosen_lines: Mapping[str, Decimal]) -> list[Part]:
	"""Lines of invoices were chosen: each gets its amount, never more than is left of it nor of its invoice."""
	invoices = lines.check(account, chosen_lines)
	amounts: dict[str, Decimal] = {}
	for line, amount in chosen_lines.items():
		amounts[invoices[line]] = amounts.get(invoices[line], ZERO) + money(amount)
	parts = _chosen(credit, account, amounts)
	by_line = [
		(Part(credit.id, invoices[line], money(amount)), line) for line, amount in chosen_lines.items()
	]
	write_rows([_row(account, part, credit.day, line) for part, line in by_line if part.amount])
	return parts


def allocate_credit(credit_note: str, invoice: str, amount: Decimal) -> Decimal:
	"""Let a credit note settle an invoice of the same account, by ``amount`` at most. Returns what it settled.

	What the invoice doesn't need (it was paid already) stays on the credit note, as a credit on the account.
	The caller has checked the rights of whoever corrects.
	"""
	payer = frappe.db.get_value(INVOICE, credit_note, "payer")
	(account,) = lock([payer]).values()
	credit = next((c for c in account.credits if c.id == (INVOICE, credit_note)), None)
	debt = next((d for d in account.debts if d.id == invoice), None)
	if invoice not in account.rows or credit_note not in account.rows:
		frappe.throw(_("Credit note and invoice are not of one account"), NotAllocatable)
	settled = min(money(amount), credit.amount if credit else ZERO, debt.amount if debt else ZERO)
	if settled <= 0:
		return ZERO
	_write_all([(account, [Part(credit.id, invoice, settled)])])
	return settled


def apply_credits(payers: Iterable[str]) -> list[Part]:
	"""Let every credit of these payers settle what they owe, oldest first. Constant number of queries."""
	parts: list[Part] = []
	plans = []
	for account in lock(payers).values():
		found = engine.oldest_first(account.credits, account.debts)
		if found:
			plans.append((account, found))
			parts.extend(found)
	_write_all(plans)
	return parts


def open_invoices(names: Sequence[str]) -> None:
	"""What these invoices claim is due from now on: called once, when they are issued.

	Only what has a number is claimed. Held amounts are carried over, so they are due on the invoice that takes them.
	"""
	if not names:
		return
	Invoice = DocType(INVOICE)
	(
		frappe.qb.update(Invoice)
		.set(Invoice.outstanding, Invoice.total)
		.where(Invoice.name.isin(list(names)) & (Invoice.status == "Issued"))
	).run()


def use_credits_of(names: Sequence[str]) -> None:
	"""Credits of the payers of these newly issued invoices are used at once, if the settings say so."""
	if not names or not _credits_are_used():
		return
	payers = _payers_with_credit(names)
	if payers:
		apply_credits(payers)


def take_back(
	source: tuple[str, str] | None = None,
	reason: str = "",
	day: date | None = None,
	refund: str | None = None,
) -> list[str]:
	"""Counter rows for all that a source has settled (or for a refund). Returns the invoices that are due again.

	The caller has locked the account.
	"""
	rows = standing(source, refund)
	counter = [
		Row(
			row.payer,
			row.family,
			getdate(day),
			-money(decimal_of(row.amount)),
			(row.source_type, row.source),
			row.invoice,
			row.invoice_line,
			row.refund,
			row.name,
			reason,
		)
		for row in rows
	]
	write_rows(counter)
	return list(dict.fromkeys(row.invoice for row in counter if row.invoice))


def standing(source: tuple[str, str] | None = None, refund: str | None = None) -> list[frappe._dict]:
	"""Allocations of a source, or to a refund, that were not taken back; read while locking."""
	Allocation, Counter = DocType("Allocation"), DocType("Allocation").as_("counter")
	query = (
		frappe.qb.from_(Allocation)
		.left_join(Counter)
		.on(Counter.reverses == Allocation.name)
		.select(Allocation.star)
		.where(Counter.name.isnull() & (Allocation.is_reversal == 0))
		.orderby(Allocation.creation, Allocation.name)
		.for_update()
	)
	if source:
		query = query.where((Allocation.source_type == source[0]) & (Allocation.source == source[1]))
	if refund:
		query = query.where(Allocation.refund == refund)
	return query.run(as_dict=True)


# ---------------------------------------------------------------- writing


def _chosen(credit: Credit, account: Account, amounts: Mapping[str, Decimal]) -> list[Part]:
	names = {name: row.number or name for name, row in account.rows.items()}
	for invoice in amounts:
		if invoice not in account.rows:
			frappe.throw(_("Invoice {0} is not of this payer").format(invoice), NotAllocatable)
	try:
		return engine.chosen(credit, account.debts, amounts, names)
	except RuleError as error:
		refuse(error, NotAllocatable)


def _write_all(plans: Sequence[tuple[Account, Sequence[Part]]]) -> None:
	rows = []
	for account, parts in plans:
		days = {credit.id: credit.day for credit in account.credits}
		rows.extend(_row(account, part, days[part.credit]) for part in parts)
	write_rows(rows)


def _row(account: Account, part: Part, paid: date, line: str | None = None) -> Row:
	"""An invoice is paid neither before it is there nor before the money is."""
	invoice = account.rows[part.debt]
	day = max(paid, getdate(invoice.issue_date or invoice.month))
	return Row(invoice.payer, invoice.family, day, part.amount, part.credit, part.debt, line)


def write_rows(rows: Sequence[Row]) -> None:
	"""Insert allocations and bring what they touch up to date, in a constant number of statements.

	Straight on the tables, like the ledger: invoices are closed to every form, and only this room knows what is
	settled. What is written was computed under the lock of the account.
	"""
	if not rows:
		return
	moment, user = now(), frappe.session.user
	insert_rows(
		"Allocation",
		COLUMNS,
		[
			(
				frappe.generate_hash(length=10),
				moment,
				moment,
				user,
				user,
				row.payer,
				row.family,
				row.day,
				row.amount,
				*row.source,
				row.invoice,
				row.line,
				row.refund,
				int(bool(row.reverses)),
				row.reverses,
				row.reason,
			)
			for row in rows
		],
	)
	settled: dict[str, Decimal] = {}
	used: dict[str, Decimal] = {}
	for row in rows:
		if row.invoice:
			settled[row.invoice] = settled.get(row.invoice, ZERO) - row.amount
		if row.source[0] == INVOICE:
			settled[row.source[1]] = settled.get(row.source[1], ZERO) + row.amount
		else:
			used[row.source[1]] = used.get(row.source[1], ZERO) - row.amount
	_add(PAYMENT, "unallocated", used)
	_add(INVOICE, "outstanding", settled)
	_set_status(list(settled))


def _add(doctype: str, field: str, amounts: Mapping[str, Decimal]) -> None:
	if not amounts:
		return
	Table = DocType(doctype)
	case = Case()
	for name, amount in amounts.items():
		case = case.when(Table.name == name, amount)
	column = Table[field]
	frappe.qb.update(Table).set(column, column + case).where(Table.name.isin(list(amounts))).run()


def _set_status(invoices: list[str]) -> None:
	"""Paid when nothing is due any more; what it was before when something is due again."""
	if not invoices:
		return
	Invoice = DocType(INVOICE)
	open_states = ("Issued", "Sent")
	(
		frappe.qb.update(Invoice)
		.set(Invoice.open_status, Invoice.status)
		.set(Invoice.status, PAID)
		.set(Invoice.modified, now())
		.where(Invoice.name.isin(invoices) & (Invoice.outstanding == 0) & Invoice.status.isin(open_states))
	).run()
	(
		frappe.qb.update(Invoice)
		.set(
			Invoice.status,
			Case().when(Invoice.open_status.isin(open_states), Invoice.open_status).else_("Issued"),
		)
		.set(Invoice.modified, now())
		.where(Invoice.name.isin(invoices) & (Invoice.outstanding != 0) & (Invoice.status == PAID))
	).run()


# ---------------------------------------------------------------- small things


def _credits_are_used() -> bool:
	value = frappe.db.get_single_value("Payment Settings", "use_credits", cache=False)
	return value is None or bool(value)


def _payers_with_credit(names: Sequence[str]) -> list[str]:
	"""Payers of these invoices who have something on their account, merged ones included."""
	Invoice, Payment = DocType(INVOICE), DocType(PAYMENT)
	payers = (
		frappe.qb.from_(Invoice)
		.select(Invoice.payer)
		.distinct()
		.where(Invoice.name.isin(list(names)) & (Invoice.status == "Issued"))
	).run(pluck=True)
	if not payers:
		return []
	group = heads(payers)
	everybody = sorted({*group, *group.values()})
	paid = (
		frappe.qb.from_(Payment)
		.select(Payment.payer)
		.distinct()
		.where(Payment.payer.isin(everybody) & (Payment.unallocated > 0) & (Payment.status == "Received"))
	).run(pluck=True)
	credited = (
		frappe.qb.from_(Invoice)
		.select(Invoice.payer)
		.distinct()
		.where(Invoice.payer.isin(everybody) & (Invoice.docstatus == 1) & (Invoice.outstanding < 0))
	).run(pluck=True)
	return sorted({*paid, *credited})
