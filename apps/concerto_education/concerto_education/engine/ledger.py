"""The ledger is reconciled, never recomputed in place (the table "The ledger" in docs/architecture.md).

A charge is not changed: what is wrong and still in a draft is dropped, what is wrong and invoiced is
reversed, what is missing is added. So a run that is repeated changes nothing, and a late correction
becomes a régularisation on the next invoice by itself (R34).
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from .money import ZERO
from .ranges import month_of

if TYPE_CHECKING:
	from .facts import ChargeLine


@dataclass(frozen=True, slots=True)
class Recorded:
	"""A charge of the ledger, as far as reconciling needs it.

	``invoiced``: on an issued or held invoice, so it may not vanish; else it is in a draft, or on no
	invoice. ``reversal_of``: id of the charge that this one reverses. ``reversed``: a reversal exists; may
	be left False if the reversals are handed in as well. ``tariff`` and ``quotient`` are optional: given,
	a draft charge whose price rests on another tariff or QF is made anew, for the sake of its explanation.
	"""

	id: Hashable
	key: tuple[Hashable, str]
	day: date
	quantity: Decimal
	unit_price: Decimal
	amount: Decimal
	imputation: str | None
	invoiced: bool
	reversed: bool = False
	reversal_of: Hashable | None = None
	tariff: str | None = None
	quotient: str | None = None


@dataclass(frozen=True, slots=True)
class Reversal:
	"""An invoiced charge to reverse; ``ChargeLine.reverse(id)`` makes the entry."""

	recorded: Recorded
	origin_month: str

	@property
	def amount(self) -> Decimal:
		return -self.recorded.amount


@dataclass(frozen=True, slots=True)
class Plan:
	"""What to write. ``keep`` are the recorded charges that stay as they are."""

	add: tuple[ChargeLine, ...]
	reverse: tuple[Reversal, ...]
	drop: tuple[Recorded, ...]
	keep: tuple[Recorded, ...]

	@property
	def is_empty(self) -> bool:
		return not (self.add or self.reverse or self.drop)

	@property
	def difference(self) -> Decimal:
		"""By how much the ledger changes, in euros."""
		return (
			sum((line.amount for line in self.add), ZERO)
			+ sum((reversal.amount for reversal in self.reverse), ZERO)
			- sum((row.amount for row in self.drop), ZERO)
		)


def reconcile(expected: Iterable[ChargeLine], recorded: Iterable[Recorded], month: str | None = None) -> Plan:
	"""Compare what the facts call for with what is recorded, over **the same scope** (same families, months).

	Two charges are the same if payer, quantity, unit price, amount and imputation are: a new QF in the same
	band moves no money and so reverses nothing. ``month`` ("2026-10") is the month being invoiced: an added
	charge of an earlier month is marked régularisation with its month of origin. What replaces an invoiced
	charge always is, also when the payer changed. Raises ValueError if two expected charges have one key.
	"""
	by_key: dict[tuple[Hashable, str], list[Recorded]] = {}
	for row in recorded:
		rows = by_key.get(row.key)
		if rows is None:
			by_key[row.key] = [row]
		else:
			rows.append(row)

	work = _Work()
	missing: list[ChargeLine] = []
	seen: set[tuple[Hashable, str]] = set()
	for line in expected:
		key = line.key
		if key in seen:
			raise ValueError(f"two charges have the key {key!r}")
		seen.add(key)
		rows = by_key.get(key)
		if rows is None or not work.settle(rows, line):
			missing.append(line)
	for key, rows in by_key.items():
		if key not in seen:
			work.settle(rows, None)

	replaced = {reversal.recorded.key[0] for reversal in work.reverse} | work.replaced
	add = tuple(_marked(line, line.key[0] in replaced, month) for line in missing)
	return Plan(add, tuple(work.reverse), tuple(work.drop), tuple(work.keep))


def _marked(line: ChargeLine, replaces: bool, month: str | None) -> ChargeLine:
	origin = month_of(line.day)
	if replaces or (month is not None and origin < month):
		return replace(line, regularisation=True, origin_month=origin)
	return line


class _Work:
	"""Collects the plan, key by key."""

	__slots__ = ("drop", "keep", "replaced", "reverse")

	def __init__(self) -> None:
		self.reverse: list[Reversal] = []
		self.drop: list[Recorded] = []
		self.keep: list[Recorded] = []
		self.replaced: set[Hashable] = set()  # facts with a reversal that is already written, in a draft

	def settle(self, rows: list[Recorded], line: ChargeLine | None) -> bool:
		"""Sort the recorded rows of one key. Returns True if one of them already says what ``line`` says."""
		row = rows[0]
		alone = len(rows) == 1 and not row.reversed and row.reversal_of is None
		if alone and line is not None and _same(row, line):  # nearly all of them
			self.keep.append(row)
			return True
		return self._settle(rows, line)

	def _settle(self, rows: list[Recorded], line: ChargeLine | None) -> bool:
		final = {row.reversal_of for row in rows if row.reversal_of is not None and row.invoiced}
		pending = {row.reversal_of: row for row in rows if row.reversal_of is not None and not row.invoiced}
		used: set[Hashable] = set()  # ids of pending reversals that stay
		found = False
		for row in rows:
			if row.reversal_of is not None or not row.invoiced:
				continue
			if row.id in final or (row.reversed and row.id not in pending):
				self.keep.append(row)  # history
			elif line is not None and not found and _same(row, line):
				found = True
				self.keep.append(row)  # a reversal waiting in a draft is dropped below
			else:
				# Wrong, or no longer called for, or invoiced twice.
				if row.id in pending:
					used.add(pending[row.id].id)
					self.replaced.add(row.key[0])
					self.keep.append(row)
				else:
					self.reverse.append(Reversal(row, month_of(row.day)))
		for row in rows:
			if row.reversal_of is not None:
				(self.keep if row.invoiced or row.id in used else self.drop).append(row)
			elif not row.invoiced:
				if line is not None and not found and _same(row, line):
					found = True
					self.keep.append(row)
				else:
					self.drop.append(row)
		return found


def _same(row: Recorded, line: ChargeLine) -> bool:
	if (
		row.amount != line.amount
		or row.unit_price != line.unit_price
		or row.quantity != line.quantity
		or row.imputation != line.imputation
	):
		return False
	if row.invoiced:
		return True
	return (row.tariff is None or row.tariff == line.tariff) and (
		row.quotient is None or row.quotient == line.quotient
	)
