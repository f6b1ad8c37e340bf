"""Cancelling an invoice, wholly or in part (R34): which entries are taken back, and what is credited.

An invoice is seen as positions: a price with what third parties take off it. Days are cancelled as whole positions,
by opposite entries; an amount is credited beside them. Always true, to the cent: what is credited is what the chosen
positions cost, and never more than what is left of the invoice.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .errors import CreditOverLeft, NothingToCredit
from .money import ZERO, money, split


@dataclass(frozen=True, slots=True)
class Position:
	"""A price that stands on an invoice, with its deductions. ``entries`` are all records that are taken back."""

	id: Hashable
	line: Hashable
	day: date
	amount: Decimal
	entries: tuple[Hashable, ...]


@dataclass(frozen=True, slots=True)
class Amount:
	"""A part of a credited amount, on one line (and so under its imputation). Positive."""

	line: Hashable
	amount: Decimal


@dataclass(frozen=True, slots=True)
class Credit:
	"""What a credit note says. ``total`` is positive: what the payer owes less."""

	positions: tuple[Position, ...]
	amounts: tuple[Amount, ...]
	total: Decimal


def left_of_lines(
	positions: Iterable[Position], credited: dict[Hashable, Decimal] | None = None
) -> dict[Hashable, Decimal]:
	"""What may still be credited on each line. ``credited``: amounts (positive) that were credited on it before."""
	left: dict[Hashable, Decimal] = {}
	for position in positions:
		left[position.line] = left.get(position.line, ZERO) + position.amount
	for line, amount in (credited or {}).items():
		left[line] = left.get(line, ZERO) - amount
	return {line: max(amount, ZERO) for line, amount in left.items()}


def cancel_positions(
	positions: Sequence[Position], chosen: Iterable[Hashable], credited: dict[Hashable, Decimal] | None = None
) -> Credit:
	"""Take chosen positions back. Raises NothingToCredit, or CreditOverLeft where a part of a line was credited before."""
	wanted = set(chosen)
	taken = tuple(position for position in positions if position.id in wanted)
	left = left_of_lines(positions, credited)
	by_line: dict[Hashable, Decimal] = {}
	for position in taken:
		by_line[position.line] = by_line.get(position.line, ZERO) + position.amount
	for line, amount in by_line.items():
		if amount > left[line]:
			raise CreditOverLeft(amount=amount, left=left[line])
	total = sum(by_line.values(), ZERO)
	if total <= 0:
		raise NothingToCredit()
	return Credit(taken, (), total)


def cancel_all(positions: Sequence[Position], credited: dict[Hashable, Decimal] | None = None) -> Credit:
	"""Take back whatever is left: all positions, less what was credited on their lines before."""
	left = left_of_lines(positions, credited)
	before = {line: amount for line, amount in (credited or {}).items() if amount}
	costs: dict[Hashable, Decimal] = {}
	for position in positions:
		costs[position.line] = costs.get(position.line, ZERO) + position.amount
	# An amount that was credited before is given back by the opposite entry, or it would be credited twice.
	back = tuple(Amount(line, -min(amount, costs.get(line, ZERO))) for line, amount in before.items())
	total = sum(left.values(), ZERO)
	if total <= 0:
		raise NothingToCredit()
	return Credit(tuple(positions), tuple(part for part in back if part.amount), total)


def credit_amount(left: dict[Hashable, Decimal], amount: Decimal, lines: Iterable[Hashable] = ()) -> Credit:
	"""Credit an amount on an invoice, or on chosen lines of it, spread by what is left of each.

	Raises NothingToCredit or CreditOverLeft.
	"""
	chosen = set(lines)
	weights = {line: rest for line, rest in left.items() if rest > 0 and (not chosen or line in chosen)}
	amount = money(amount)
	whole = sum(weights.values(), ZERO)
	if amount <= 0:
		raise NothingToCredit()
	if amount > whole:
		raise CreditOverLeft(amount=amount, left=whole)
	parts = split(amount, list(weights.values()))
	return Credit(
		(), tuple(Amount(line, part) for line, part in zip(weights, parts, strict=True) if part), amount
	)
