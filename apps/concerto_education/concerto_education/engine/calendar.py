"""The calendar of the authority: school time, Wednesdays, small holidays, summer, closed days (R7, R37).

It holds no date of its own: terms, holidays and public holidays are handed in by the caller, who fills them
from packages and lets administrators add closures (the bridge of Ascension).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum

from .errors import OutsideCalendar
from .ranges import DateMap, DateRange, DateSet

WEDNESDAY = 3


class PeriodKind(str, Enum):
	"""What kind of time a day belongs to. The statements to the CAF are split by it (R37)."""

	SCHOOL = "school"  # Monday to Sunday of school time, Wednesdays excepted
	WEDNESDAY = "wednesday"  # Wednesdays of school time
	SMALL_HOLIDAY = "small_holiday"
	SUMMER = "summer"


class HolidayKind(str, Enum):
	SMALL = "small"
	SUMMER = "summer"


@dataclass(frozen=True, slots=True)
class HolidayPeriod:
	"""One school holiday, "Toussaint". Its days are those it has in the calendar's map."""

	label: str
	kind: HolidayKind = HolidayKind.SMALL


@dataclass(frozen=True, slots=True)
class Opening:
	"""When an activity may be open: ISO weekdays (Monday 1 … Sunday 7) and kinds of period."""

	weekdays: frozenset[int]
	periods: frozenset[PeriodKind]

	def __post_init__(self) -> None:
		object.__setattr__(self, "weekdays", frozenset(self.weekdays))
		object.__setattr__(self, "periods", frozenset(PeriodKind(kind) for kind in self.periods))
		if not self.weekdays <= frozenset(range(1, 8)):
			raise ValueError(f"weekdays are 1 (Monday) to 7 (Sunday), not {sorted(self.weekdays)}")


class SchoolCalendar:
	"""Immutable. ``years`` are the spans the calendar knows about (school years, normally 1/9 → 31/8).

	``holidays`` maps the days of each school holiday to its HolidayPeriod, ``public_holidays`` each public
	holiday to its name, ``closures`` are days on which nothing opens. A day outside ``years`` is a named
	error (OutsideCalendar), because guessing "school day" would order meals for August.
	"""

	def __init__(
		self,
		years: DateSet | Iterable[DateRange],
		holidays: DateMap[HolidayPeriod] | None = None,
		public_holidays: Mapping[date, str] | None = None,
		closures: DateSet | None = None,
	) -> None:
		self.years = years if isinstance(years, DateSet) else DateSet(years)
		self.holidays = holidays if holidays is not None else DateMap()
		self.public_holidays = dict(public_holidays or {})
		self.closures = closures if closures is not None else DateSet()
		self._kinds: dict[date, PeriodKind] = {}
		self._open_days: dict[tuple[Opening, DateRange], tuple[date, ...]] = {}

	def with_closures(self, closures: DateSet) -> SchoolCalendar:
		"""The same calendar with more closed days (those of one site)."""
		return SchoolCalendar(self.years, self.holidays, self.public_holidays, self.closures.union(closures))

	def period_kind(self, day: date) -> PeriodKind:
		"""Kind of the period that holds ``day``. Raises OutsideCalendar."""
		kind = self._kinds.get(day)
		if kind is None:
			kind = self._kinds[day] = self._find_kind(day)
		return kind

	def _find_kind(self, day: date) -> PeriodKind:
		if day not in self.years:
			raise OutsideCalendar(day=day)
		holiday = self.holidays.get(day)
		if holiday is not None:
			return PeriodKind.SUMMER if holiday.kind == HolidayKind.SUMMER else PeriodKind.SMALL_HOLIDAY
		return PeriodKind.WEDNESDAY if day.isoweekday() == WEDNESDAY else PeriodKind.SCHOOL

	def is_closed(self, day: date) -> bool:
		"""True on public holidays and closures, whatever the activity."""
		return day in self.public_holidays or day in self.closures

	def is_open(self, day: date, opening: Opening) -> bool:
		"""True if an activity with that opening takes place. Raises OutsideCalendar."""
		return (
			self.period_kind(day) in opening.periods
			and day.isoweekday() in opening.weekdays
			and not self.is_closed(day)
		)

	def open_days(self, opening: Opening, span: DateRange) -> Iterator[date]:
		"""The open days of ``span`` in order. Raises OutsideCalendar, ValueError for an open range.

		Remembered by (opening, span): a school year of 3,000 forecasts asks the same question 3,000 times.
		"""
		found = self._open_days.get((opening, span))
		if found is None:
			found = tuple(day for day in span.days() if self.is_open(day, opening))
			self._open_days[opening, span] = found
		return iter(found)

	def label(self, day: date) -> str | None:
		"""Name of the public holiday or school holiday of that day, for screens."""
		if day in self.public_holidays:
			return self.public_holidays[day]
		holiday = self.holidays.get(day)
		return holiday.label if holiday else None
