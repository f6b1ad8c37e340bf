"""Tariffs are dated rows, not formulas; the book finds the one that holds (R7, R26).

A tariff says *how* a price is found (``method``) and carries the rows for it. ``pricing.price`` reads it.
Nothing here knows a price: all numbers come from the records of the authority.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING

from .errors import AmbiguousTariff, DuplicateTariff, NoTariff
from .money import decimal
from .psu import Scale
from .ranges import DateRange
from .tariff_checks import check, problems

if TYPE_CHECKING:
	from .situation import Situation

__all__ = [
	"Band",
	"Combination",
	"Duration",
	"Linear",
	"Method",
	"Modifiers",
	"SiblingRate",
	"SiblingScope",
	"Tariff",
	"TariffBook",
	"Use",
	"check",
	"problems",
]


def _exact(record: object, *names: str) -> None:
	"""Make Decimals of the named fields of a frozen dataclass; TypeError for a float."""
	for name in names:
		value = getattr(record, name)
		if value is not None and type(value) is not Decimal:
			object.__setattr__(record, name, decimal(value))


class Method(str, Enum):
	"""How the unit price is found, and what the quantity counts."""

	FLAT = "flat"  # one price
	QF_BANDS = "qf_bands"  # one price for each band of QF
	QF_LINEAR = "qf_linear"  # proportional to the QF between a floor and a ceiling
	EFFORT_RATE = "effort_rate"  # national PSU scale, by the hour (R36)
	PER_DURATION = "per_duration"  # each started slice of minutes
	UNIT_COMBINATION = "unit_combination"  # units of one day together: morning + meal + afternoon
	PER_WEEK = "per_week"  # once for each ISO week with attendance
	PER_MONTH = "per_month"  # once for each month with attendance
	PER_STAY = "per_stay"  # once for the enrolment
	SCRIPT = "script"  # whatever the authority's own script says


class Use(str, Enum):
	"""What a tariff prices: the ordinary presence, one that nobody had booked, or a late pick-up."""

	NORMAL = "normal"
	UNBOOKED = "unbooked"
	LATE_PICKUP = "late_pickup"


class SiblingScope(str, Enum):
	"""Among whom a child is the first, second, third: eldest first."""

	ACTIVITY = "activity"  # children of the family enrolled in the same activity
	ANY_ACTIVITY = "any_activity"  # enrolled anywhere
	FAMILY = "family"  # all children of the dossier


@dataclass(frozen=True, slots=True)
class Band:
	"""Price for a QF in ``[quotient_from, quotient_below)``; ``quotient_below=None`` is open.

	Half open, so that "2.20 if QF under 350" gives full price at 350 exactly.
	"""

	quotient_from: Decimal
	quotient_below: Decimal | None
	price: Decimal

	def __post_init__(self) -> None:
		_exact(self, "quotient_from", "quotient_below", "price")

	def holds(self, quotient: Decimal) -> bool:
		return self.quotient_from <= quotient and (
			self.quotient_below is None or quotient < self.quotient_below
		)


@dataclass(frozen=True, slots=True)
class Linear:
	"""``base + (QF - origin) × rate / per``, kept between ``floor`` and ``ceiling`` (euros).

	A family with an unknown QF pays ``ceiling``. ``per`` avoids rounding the rate: see ``between``.
	"""

	rate: Decimal
	base: Decimal = Decimal(0)
	floor: Decimal | None = None
	ceiling: Decimal | None = None
	origin: Decimal = Decimal(0)
	per: Decimal = Decimal(1)

	def __post_init__(self) -> None:
		_exact(self, "rate", "base", "floor", "ceiling", "origin", "per")
		if self.per == 0:
			raise ValueError("per must not be zero")

	@classmethod
	def between(cls, quotient_low, price_low, quotient_high, price_high) -> Linear:
		"""The straight line through two points; flat outside them."""
		q0, p0, q1, p1 = (decimal(v) for v in (quotient_low, price_low, quotient_high, price_high))
		return cls(p1 - p0, p0, min(p0, p1), max(p0, p1), q0, q1 - q0)


@dataclass(frozen=True, slots=True)
class Duration:
	"""Slices of ``minutes``: each started one counts, after ``free`` minutes, at most ``maximum`` slices.

	``whole_slot``: a time nobody noted is that of the service (it opens, it closes); else it is an error.
	"""

	minutes: int = 30
	free: int = 0
	maximum: int | None = None
	whole_slot: bool = False

	def __post_init__(self) -> None:
		if self.minutes < 1 or self.free < 0:
			raise ValueError("a slice has at least one minute, and free minutes are zero or more")


@dataclass(frozen=True, slots=True)
class Combination:
	"""Price of several units of one day together; with ``bands`` it depends on the QF."""

	units: frozenset[str]
	price: Decimal | None = None
	bands: tuple[Band, ...] = ()

	def __post_init__(self) -> None:
		object.__setattr__(self, "units", frozenset(self.units))
		object.__setattr__(self, "bands", tuple(self.bands))
		_exact(self, "price")


@dataclass(frozen=True, slots=True)
class SiblingRate:
	"""From the child of rank ``rank_from`` on, the price is multiplied by ``factor``."""

	rank_from: int
	factor: Decimal

	def __post_init__(self) -> None:
		_exact(self, "factor")


@dataclass(frozen=True, slots=True)
class Modifiers:
	"""What changes a unit price, applied in this order: sibling rank, non-resident, not booked, bounds.

	Factors multiply, surcharges are euros added. ``minimum`` and ``maximum`` bound the unit price. With
	``non_resident_full_price`` whoever lives outside pays the top of the scale, whatever their QF.
	"""

	siblings: tuple[SiblingRate, ...] = ()
	sibling_scope: SiblingScope = SiblingScope.ACTIVITY
	non_resident_full_price: bool = False
	non_resident_factor: Decimal | None = None
	non_resident_surcharge: Decimal | None = None
	unbooked_factor: Decimal | None = None
	unbooked_surcharge: Decimal | None = None
	minimum: Decimal | None = None
	maximum: Decimal | None = None

	def __post_init__(self) -> None:
		object.__setattr__(self, "siblings", tuple(sorted(self.siblings, key=lambda s: s.rank_from)))
		object.__setattr__(self, "sibling_scope", SiblingScope(self.sibling_scope))
		_exact(
			self,
			"non_resident_factor",
			"non_resident_surcharge",
			"unbooked_factor",
			"unbooked_surcharge",
			"minimum",
			"maximum",
		)

	def sibling_factor(self, rank: int) -> Decimal | None:
		"""Factor for the child of that rank (1 = eldest enrolled), None if there is none."""
		found = None
		for row in self.siblings:
			if row.rank_from <= rank:
				found = row.factor
		return found


@dataclass(frozen=True, slots=True)
class Tariff:
	"""One dated tariff of an activity, for all or for one category, at all sites or at one.

	Amounts in euros. ``decimals`` is the number of decimals of the **unit price** (2, up to 4 for hourly
	prices); the amount always has two. ``bands`` and ``linear`` also give the unit price of PER_DURATION,
	PER_WEEK, PER_MONTH and PER_STAY when they are set, else ``price`` does. ``scale`` is for EFFORT_RATE.
	``script`` is for SCRIPT: it gives the parts of the unit price as (text, euros), or raises a RuleError.
	``units`` are those of the activity, (code, name) in the order of the day: explanations name them so.
	"""

	id: str
	label: str
	activity: str
	span: DateRange
	method: Method = Method.FLAT
	category: str | None = None
	site: str | None = None
	price: Decimal | None = None
	bands: tuple[Band, ...] = ()
	linear: Linear | None = None
	duration: Duration = Duration()
	combinations: tuple[Combination, ...] = ()
	scale: Scale | None = None
	modifiers: Modifiers = Modifiers()
	decimals: int = 2
	use: Use = Use.NORMAL
	script: Callable[[Situation], Iterable[tuple[str, Decimal]]] | None = None
	units: tuple[tuple[str, str], ...] = ()

	def __post_init__(self) -> None:
		object.__setattr__(self, "method", Method(self.method))
		object.__setattr__(self, "use", Use(self.use))
		object.__setattr__(self, "bands", tuple(sorted(self.bands, key=lambda b: b.quotient_from)))
		# Most units first, then the order given: "day" is tried before "morning".
		ordered = sorted(self.combinations, key=lambda c: -len(c.units))
		object.__setattr__(self, "combinations", tuple(ordered))
		_exact(self, "price")
		if not 2 <= self.decimals <= 4:
			raise ValueError("a unit price has 2 to 4 decimals")

	def unit_names(self, units: Iterable[str]) -> list[str]:
		"""These units by name, as the day goes: morning, noon, evening. Unknown ones come last, by their code."""
		left = set(units)
		known = [name for code, name in self.units if code in left]
		return known + sorted(left - {code for code, _name in self.units})


class TariffBook:
	"""All tariffs, asked by activity, category, site, day and use. Immutable; answers are remembered."""

	def __init__(self, tariffs: Iterable[Tariff] = ()) -> None:
		self.tariffs = tuple(tariffs)
		self._by_key: dict[tuple, list[Tariff]] = {}
		seen: set[str] = set()
		for tariff in self.tariffs:
			if tariff.id in seen:
				raise DuplicateTariff(tariff=tariff.label)
			seen.add(tariff.id)
			key = (tariff.use, tariff.activity, tariff.category, tariff.site)
			self._by_key.setdefault(key, []).append(tariff)
		self._found: dict[tuple, Tariff | None] = {}

	def find(
		self, activity: str, category: str | None, site: str | None, day: date, use: Use | str = Use.NORMAL
	) -> Tariff:
		"""The most specific tariff valid on ``day``: site + category, then category, then site, then general.

		Raises NoTariff, or AmbiguousTariff if two equally specific ones are valid.
		"""
		tariff = self.get(activity, category, site, day, use)
		if tariff is None:
			raise NoTariff(activity=activity, category=category or "–", site=site or "–", day=day)
		return tariff

	def get(
		self, activity: str, category: str | None, site: str | None, day: date, use: Use | str = Use.NORMAL
	) -> Tariff | None:
		"""As ``find``, None where there is no tariff: for uses that need none of their own."""
		question = (use, activity, category, site, day)
		if question not in self._found:
			self._found[question] = self._find(*question)
		return self._found[question]

	def for_presence(
		self, activity: str, category: str | None, site: str | None, day: date, booked: bool
	) -> Tariff:
		"""The tariff of a presence: one that nobody had booked may have a tariff of its own."""
		own = None if booked else self.get(activity, category, site, day, Use.UNBOOKED)
		return own or self.find(activity, category, site, day)

	def _find(
		self, use: Use | str, activity: str, category: str | None, site: str | None, day: date
	) -> Tariff | None:
		for key in dict.fromkeys(
			(
				(use, activity, category, site),
				(use, activity, category, None),
				(use, activity, None, site),
				(use, activity, None, None),
			)
		):
			valid = [tariff for tariff in self._by_key.get(key, ()) if day in tariff.span]
			if len(valid) > 1:
				raise AmbiguousTariff(first=valid[0].label, second=valid[1].label, day=day)
			if valid:
				return valid[0]
		return None
