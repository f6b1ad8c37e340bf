"""The national scale of nurseries, "PSU" (R36).

``hourly price = clamp(yearly resources / 12, floor, ceiling) × rate of the number of children``

Rates and bounds are dated rows of the authority's records, taken from the circulars of the CNAF: none is
written here. Yearly resources are those of year N-2 before tax deductions, in euros; rates are percent
for one hour.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .errors import MissingResources, NoBounds, NoRate
from .money import decimal, round_half_up
from .ranges import DateMap, DateRange


@dataclass(frozen=True, slots=True)
class RateColumn:
	"""Rate, in percent for one hour, of families with ``children_from`` children or more."""

	children_from: int
	percent: Decimal

	def __post_init__(self) -> None:
		object.__setattr__(self, "percent", decimal(self.percent))


@dataclass(frozen=True, slots=True)
class RateRow:
	"""The columns of the table that hold over ``span``."""

	span: DateRange
	columns: tuple[RateColumn, ...]

	def __post_init__(self) -> None:
		object.__setattr__(self, "columns", tuple(sorted(self.columns, key=lambda c: c.children_from)))


@dataclass(frozen=True, slots=True)
class BoundsRow:
	"""Monthly floor and ceiling of resources, in euros, that hold over ``span``."""

	span: DateRange
	floor: Decimal
	ceiling: Decimal

	def __post_init__(self) -> None:
		object.__setattr__(self, "floor", decimal(self.floor))
		object.__setattr__(self, "ceiling", decimal(self.ceiling))
		if not 0 <= self.floor <= self.ceiling:
			raise ValueError("the floor is zero or more, and not above the ceiling")


@dataclass(frozen=True, slots=True)
class Household:
	"""What the scale needs to know of a family on the day.

	``resources``: euros a year, 0 if there are none, None if not known. ``children``: in the family's
	charge. ``disabled_children``: those with an AEEH, each moves one column right. ``placed``: the child is
	placed by the ASE → floor. ``proof_refused``: the family does not want to show its resources → ceiling.
	"""

	resources: Decimal | None
	children: int
	disabled_children: int = 0
	placed: bool = False
	proof_refused: bool = False

	def __post_init__(self) -> None:
		if self.resources is not None:
			object.__setattr__(self, "resources", decimal(self.resources))
			if self.resources < 0:
				raise ValueError("resources are zero or more")
		if self.children < 1 or self.disabled_children < 0:
			raise ValueError("a household has at least one child")


@dataclass(frozen=True, slots=True)
class HourlyPrice:
	"""Price of one hour in euros, and how it was found. ``basis``: resources, floor or ceiling."""

	amount: Decimal
	monthly_resources: Decimal
	percent: Decimal
	basis: str
	exact: Decimal


class Scale:
	"""Rates and bounds through time. Immutable. Where two rows overlap the later one given wins."""

	__slots__ = ("_bounds", "_rates")

	def __init__(self, rates: Iterable[RateRow], bounds: Iterable[BoundsRow]) -> None:
		self._rates: DateMap[tuple[RateColumn, ...]] = DateMap((row.span, row.columns) for row in rates)
		self._bounds: DateMap[BoundsRow] = DateMap((row.span, row) for row in bounds)

	def knows(self, day: date) -> bool:
		"""Whether rates and bounds are recorded for that day."""
		return day in self._rates and day in self._bounds

	def percent(self, children: int, disabled_children: int, day: date) -> Decimal:
		"""The rate of the day. Raises NoRate. Beyond the last column the last one holds."""
		columns = self._rates.get(day) or ()
		fitting = [index for index, column in enumerate(columns) if column.children_from <= children]
		if not fitting:
			raise NoRate(day=day, children=children)
		return columns[min(fitting[-1] + disabled_children, len(columns) - 1)].percent

	def hourly_price(self, household: Household, day: date, decimals: int = 2) -> HourlyPrice:
		"""Price of one hour on ``day``, rounded half up to ``decimals`` (2 to 4).

		Raises NoRate, NoBounds, and MissingResources if resources are not known and neither ``placed``
		nor ``proof_refused`` says what to do.
		"""
		percent = self.percent(household.children, household.disabled_children, day)
		bounds = self._bounds.get(day)
		if bounds is None:
			raise NoBounds(day=day)
		if household.placed:
			monthly, basis = bounds.floor, "floor"
		elif household.proof_refused:
			monthly, basis = bounds.ceiling, "ceiling"
		elif household.resources is None:
			raise MissingResources(day=day)
		# Compared before dividing, so that the bounds are exact.
		elif household.resources <= bounds.floor * 12:
			monthly, basis = bounds.floor, "floor"
		elif household.resources >= bounds.ceiling * 12:
			monthly, basis = bounds.ceiling, "ceiling"
		else:
			monthly, basis = household.resources / 12, "resources"
		# The division comes last: resources / 12 has no end in decimals, and a half must stay a half.
		exact = (household.resources * percent / 1200) if basis == "resources" else monthly * percent / 100
		return HourlyPrice(round_half_up(exact, decimals), round_half_up(monthly, 2), percent, basis, exact)
