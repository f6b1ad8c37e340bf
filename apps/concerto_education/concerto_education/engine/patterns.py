"""Weekly patterns: who is expected on which day, for which unit (R27).

**Even and odd weeks** are those of the ISO week number, the one printed in French diaries. In a year of
53 weeks, week 53 and the week 1 that follows are both odd: two odd weeks come in a row, and that is what
families who say "semaines impaires" expect. Whoever must alternate without a break takes a ``Cycle``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

from .calendar import Opening, SchoolCalendar
from .errors import InvalidCycle, InvalidPattern, PatternOnClosedDays
from .ranges import DateRange


class Weeks(str, Enum):
	"""Which weeks a row is for, by the parity of the ISO week number."""

	EVERY = "every"
	EVEN = "even"
	ODD = "odd"

	def holds(self, day: date) -> bool:
		if self is Weeks.EVERY:
			return True
		return (day.isocalendar()[1] % 2 == 0) == (self is Weeks.EVEN)


@dataclass(frozen=True, slots=True)
class Cycle:
	"""A cycle of ``length`` weeks counted from the week of ``anchor``, which is week 1 of the cycle.

	``positions`` are the weeks (1 … length) that count. Weeks begin on Monday. The cycle runs backwards
	before the anchor too. Raises InvalidPattern.
	"""

	anchor: date
	length: int
	positions: frozenset[int]

	def __post_init__(self) -> None:
		object.__setattr__(self, "positions", frozenset(self.positions))
		if self.length < 1:
			raise InvalidPattern(reason="a cycle has at least one week")
		if not self.positions or not self.positions <= frozenset(range(1, self.length + 1)):
			raise InvalidCycle(length=self.length)

	def position(self, day: date) -> int:
		"""Week of the cycle (1 … length) that holds ``day``."""
		return (_monday(day) - _monday(self.anchor)).days // 7 % self.length + 1

	def holds(self, day: date) -> bool:
		return self.position(day) in self.positions


def _monday(day: date) -> date:
	return day - timedelta(days=day.weekday())


@dataclass(frozen=True, slots=True)
class PatternRow:
	"""On these ISO weekdays (1 … 7), these units, in these weeks. Raises InvalidPattern."""

	weekdays: frozenset[int]
	units: tuple[str, ...]
	weeks: Weeks | Cycle = Weeks.EVERY

	def __post_init__(self) -> None:
		object.__setattr__(self, "weekdays", frozenset(self.weekdays))
		object.__setattr__(self, "units", tuple(self.units))
		if not self.weekdays or not self.weekdays <= frozenset(range(1, 8)):
			raise InvalidPattern(reason="weekdays are 1 (Monday) to 7 (Sunday)")
		if not self.units:
			raise InvalidPattern(reason="a row names at least one unit")
		if not isinstance(self.weeks, Cycle):
			object.__setattr__(self, "weeks", Weeks(self.weeks))

	def holds(self, day: date) -> bool:
		return day.isoweekday() in self.weekdays and self.weeks.holds(day)


@dataclass(frozen=True, slots=True)
class WeeklyPattern:
	"""Rows add up; a unit named by two rows on one day is planned once."""

	rows: tuple[PatternRow, ...]

	def __post_init__(self) -> None:
		object.__setattr__(self, "rows", tuple(self.rows))

	def units(self, day: date) -> tuple[str, ...]:
		"""Units planned on that day, in the order of the rows, open or not."""
		return tuple(dict.fromkeys(unit for row in self.rows if row.holds(day) for unit in row.units))


def planned(
	pattern: WeeklyPattern, span: DateRange, calendar: SchoolCalendar, opening: Opening
) -> Iterator[tuple[date, str]]:
	"""The (day, unit) pairs that the pattern gives over ``span``, on open days only, in order of days.

	Raises OutsideCalendar if no school year covers a day of the span, ValueError for an open range.
	"""
	for day in calendar.open_days(opening, span):
		for unit in pattern.units(day):
			yield day, unit


def require_open_day(
	pattern: WeeklyPattern, span: DateRange, calendar: SchoolCalendar, opening: Opening
) -> None:
	"""Raise PatternOnClosedDays if the pattern never meets an open day: an enrolment for nothing."""
	if next(planned(pattern, span, calendar, opening), None) is None:
		raise PatternOnClosedDays(start=span.start, end=span.end)
