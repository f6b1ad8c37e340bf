"""Who is to be reminded today, at which level, of what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import frappe

from concerto_education.authority.money import decimal_of
from concerto_education.billing.payments import balance, unpaid
from concerto_education.billing.payments.unpaid import Unpaid
from concerto_education.engine.ageing import Step, next_level
from concerto_education.engine.money import ZERO, money


@dataclass(frozen=True)
class Due:
	"""One letter: the invoices of a payer that have reached their next level."""

	payer: str
	level: int
	rows: tuple[tuple[Unpaid, int], ...]
	amount: Decimal


def steps() -> list[Step]:
	settings = frappe.get_cached_doc("Payment Settings")
	return [Step(row.level, row.days) for row in settings.levels]


def letters(today: date, levels: Sequence[Step] | None = None) -> list[Due]:
	"""All letters that are due. A credit on the account counts: who owes less than the minimum hears nothing."""
	levels = steps() if levels is None else levels
	smallest = money(decimal_of(frappe.get_cached_doc("Payment Settings").minimum_amount))
	by_payer: dict[str, list[tuple[Unpaid, int]]] = {}
	for invoice in unpaid.invoices():
		if invoice.is_protected:
			continue
		level = next_level(invoice.due_date, invoice.history, levels, today)
		if level is not None:
			by_payer.setdefault(invoice.payer, []).append((invoice, level))
	owed = balance.of_payers(by_payer)
	found = []
	for payer, rows in by_payer.items():
		amount = min(sum((invoice.outstanding for invoice, _level in rows), ZERO), owed[payer])
		if amount > 0 and amount >= smallest:
			found.append(Due(payer, max(level for _invoice, level in rows), tuple(rows), amount))
	return found
