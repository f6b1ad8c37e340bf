"""What a price depends on, and the trail of reasons it leaves behind."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from .errors import NegativeQuantity
from .money import ZERO, decimal, round_half_up
from .psu import Household
from .quotient import Quotient

ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class Hours:
	"""The hours of a nursery contract for one month: what was agreed, what came on top, what is deducted (R36)."""

	contract: Decimal
	extra: Decimal = Decimal(0)
	deducted: Decimal = Decimal(0)

	def __post_init__(self) -> None:
		for name in ("contract", "extra", "deducted"):
			value = decimal(getattr(self, name))
			if value < 0:
				raise ValueError(f"hours are zero or more, not {value}")
			object.__setattr__(self, name, value)

	@property
	def billed(self) -> Decimal:
		return max(self.contract + self.extra - self.deducted, Decimal(0))


@dataclass(frozen=True, slots=True)
class Situation:
	"""What the price depends on. Only what the tariff uses must be known.

	``quantity`` counts units (meals, days, weeks), or hours for EFFORT_RATE when ``minutes`` is None.
	``minutes`` is the length of one attendance, None if it isn't known; ``assumed_minutes`` what it would be
	if the times that nobody noted were those of the service. ``units`` are the units of the day, for
	combinations. ``hours`` takes the place of the quantity for a nursery contract.

	``sibling_rank`` is 1 for the first child. ``booked`` is False for a presence nobody had announced.
	``full_price`` is why this family pays the top of the scale whatever its QF ("proof_missing"), else None.
	``late`` is which late pick-up this is, of the month or year in which the activity counts them.
	``age``, ``category`` and ``site`` are for scripts. Raises NegativeQuantity, TypeError for a float.
	"""

	day: date
	quotient: Quotient | None = None
	quantity: Decimal = ONE
	minutes: int | None = None
	units: frozenset[str] = frozenset()
	sibling_rank: int = 1
	resident: bool = True
	booked: bool = True
	household: Household | None = None
	assumed_minutes: int | None = None
	hours: Hours | None = None
	full_price: str | None = None
	age: int | None = None
	category: str | None = None
	site: str | None = None
	late: LateCount | None = None

	def __post_init__(self) -> None:
		if type(self.quantity) is not Decimal:
			object.__setattr__(self, "quantity", decimal(self.quantity))
		if self.quantity < 0 or (self.minutes is not None and self.minutes < 0):
			raise NegativeQuantity(day=self.day)


@dataclass(frozen=True, slots=True)
class LateCount:
	"""The ``number``-th late pick-up ``within`` a "month" or "school_year"."""

	number: int
	within: str


@dataclass(frozen=True, slots=True)
class Step:
	"""One reason. ``params`` are JSON-able, ``amount`` is what the step adds to the total, in euros."""

	kind: str
	params: dict[str, Any]
	amount: Decimal


class Explanation(dict):
	"""The explanation of a price as plain JSON data. Shared by charges of equal price: don't change it."""

	__slots__ = ("_json",)

	def as_json(self) -> str:
		"""Compact JSON text, made once."""
		try:
			return self._json
		except AttributeError:
			self._json = json.dumps(self, ensure_ascii=False, separators=(",", ":"))
			return self._json


class Trail:
	"""Running unit price: exact inside, and rounded as it would be shown after each step.

	Each step's amount is the difference of two *rounded* values, so the steps sum to the rounded price
	while nothing is rounded twice.
	"""

	__slots__ = ("decimals", "exact", "shown", "steps")

	def __init__(self, decimals: int) -> None:
		self.decimals = decimals
		self.exact = ZERO
		self.shown = round_half_up(ZERO, decimals)  # a price of nothing is shown like any other
		self.steps: list[Step] = []

	def move(self, kind: str, params: dict[str, Any], value: Decimal) -> None:
		rounded = round_half_up(value, self.decimals)
		self.steps.append(Step(kind, params, rounded - self.shown))
		self.exact, self.shown = value, rounded
