"""What is not paid: by age, with the reminders sent so far and what protects an invoice from the next (R42).

A constant number of queries, whatever the number of invoices. Rights are the caller's affair.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import frappe
from frappe.query_builder import DocType
from frappe.query_builder.functions import Max
from frappe.utils import getdate

from concerto_education.authority.money import decimal_of
from concerto_education.engine.ageing import History, bucket
from concerto_education.engine.money import money


@dataclass(frozen=True)
class Unpaid:
	name: str
	number: str
	payer: str
	title: str
	family: str | None
	month: date
	due_date: date
	total: Decimal
	outstanding: Decimal
	disputed: bool
	plan: str | None  # instalments that were agreed
	history: History

	def bucket(self, today: date) -> int | None:
		return bucket(self.due_date, today)

	@property
	def is_protected(self) -> bool:
		return self.disputed or bool(self.plan)


def invoices(names: Iterable[str] | None = None, payers: Iterable[str] | None = None) -> list[Unpaid]:
	"""All invoices on which something is due, oldest first; or of these ``names``, or ``payers``."""
	Invoice = DocType("Invoice")
	query = (
		frappe.qb.from_(Invoice)
		.select(
			Invoice.name,
			Invoice.number,
			Invoice.payer,
			Invoice.title,
			Invoice.family,
			Invoice.month,
			Invoice.issue_date,
			Invoice.due_date,
			Invoice.total,
			Invoice.outstanding,
			Invoice.disputed,
		)
		.where((Invoice.docstatus == 1) & (Invoice.outstanding > 0))
		.orderby(Invoice.due_date, Invoice.number)
	)
	if names is not None:
		query = query.where(Invoice.name.isin(list(names) or [""]))
	if payers is not None:
		query = query.where(Invoice.payer.isin(list(payers) or [""]))
	rows = query.run(as_dict=True)
	found = [row.name for row in rows]
	plans, history = _plans(found), _history(found)
	return [
		Unpaid(
			row.name,
			row.number or row.name,
			row.payer,
			row.title or "",
			row.family,
			getdate(row.month),
			getdate(row.due_date or row.issue_date or row.month),
			money(decimal_of(row.total)),
			money(decimal_of(row.outstanding)),
			bool(row.disputed),
			plans.get(row.name),
			history.get(row.name, History()),
		)
		for row in rows
	]


def _plans(names: list[str]) -> dict[str, str]:
	"""Active instalment plans of these invoices."""
	if not names:
		return {}
	Plan, Row = DocType("Instalment Plan"), DocType("Instalment Plan Invoice")
	rows = (
		frappe.qb.from_(Row)
		.join(Plan)
		.on(Plan.name == Row.parent)
		.select(Row.invoice, Plan.name)
		.where(Row.invoice.isin(names) & (Plan.status == "Active"))
	).run()
	return dict(rows)


def _history(names: list[str]) -> dict[str, History]:
	"""The highest level sent for each invoice, and when."""
	if not names:
		return {}
	Reminder, Row = DocType("Reminder"), DocType("Reminder Invoice")
	rows = (
		frappe.qb.from_(Row)
		.join(Reminder)
		.on(Reminder.name == Row.parent)
		.select(Row.invoice, Row.level, Max(Reminder.letter_date))
		.where(Row.invoice.isin(names) & (Reminder.status == "Sent"))
		.groupby(Row.invoice, Row.level)
		.orderby(Row.level)
	).run()
	return {invoice: History(level, getdate(day)) for invoice, level, day in rows}
