"""What pays what: money received and credits against invoices, oldest first (R42).

Always true, to the cent: no part is zero or negative, the parts of a credit never exceed it, those of a debt
never exceed it, and something is left of both sides at once never.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .errors import MoreThanDue, MoreThanPaid, NotDue
from .money import ZERO, money


@dataclass(frozen=True, slots=True)
class Debt:
	"""What is still due of an invoice (or of a line of it)."""

	id: Hashable
	due: date
	amount: Decimal
	order: str = ""  # decides between debts of one day: the invoice number


@dataclass(frozen=True, slots=True)
class Credit:
	"""What is left of a payment, or of a credit note."""

	id: Hashable
	day: date
	amount: Decimal
	order: str = ""


@dataclass(frozen=True, slots=True)
class Part:
	credit: Hashable
	debt: Hashable
	amount: Decimal


def oldest_first(credits: Iterable[Credit], debts: Iterable[Debt]) -> list[Part]:
	"""Set credits against debts, the oldest against the oldest, until one side is used up.

	>>> day = date(2026, 9, 1)
	>>> oldest_first(
	...     [Credit("P", day, Decimal("50"))], [Debt("A", day, Decimal("30")), Debt("B", day, Decimal("30"))]
	... )
	[Part(credit='P', debt='A', amount=Decimal('30.00')), Part(credit='P', debt='B', amount=Decimal('20.00'))]
	"""
	waiting = sorted((d for d in debts if d.amount > 0), key=lambda d: (d.due, d.order, str(d.id)))
	parts: list[Part] = []
	index, rest = 0, money(waiting[0].amount) if waiting else ZERO
	for credit in sorted((c for c in credits if c.amount > 0), key=lambda c: (c.day, c.order, str(c.id))):
		left = money(credit.amount)
		while left > 0 and index < len(waiting):
			amount = min(left, rest)
			parts.append(Part(credit.id, waiting[index].id, amount))
			left -= amount
			rest -= amount
			if rest == 0:
				index += 1
				rest = money(waiting[index].amount) if index < len(waiting) else ZERO
	return parts


def chosen(
	credit: Credit, debts: Sequence[Debt], amounts: Mapping[Hashable, Decimal], names: Mapping | None = None
) -> list[Part]:
	"""The parts that somebody chose by hand. Raises NotDue, MoreThanDue or MoreThanPaid.

	``names`` gives what a person calls a debt, for the messages.
	"""
	due = {debt.id: money(debt.amount) for debt in debts}
	names = names or {}
	parts, total = [], ZERO
	for key, value in amounts.items():
		amount = money(value)
		if amount == 0:
			continue
		name = str(names.get(key, key))
		if due.get(key, ZERO) <= 0:
			raise NotDue(debt=name)
		if amount < 0 or amount > due[key]:
			raise MoreThanDue(debt=name, amount=amount, due=due[key])
		total += amount
		parts.append(Part(credit.id, key, amount))
	if total > money(credit.amount):
		raise MoreThanPaid(amount=total, left=money(credit.amount))
	return parts


def sums(parts: Iterable[Part], side: str) -> dict[Hashable, Decimal]:
	"""How much of each credit (``side="credit"``) or debt (``"debt"``) the parts use."""
	found: dict[Hashable, Decimal] = {}
	for part in parts:
		key = getattr(part, side)
		found[key] = found.get(key, ZERO) + part.amount
	return found
