"""Alternating custody: exactly one payer on every day (R19).

A calendar has three layers, each laid over the one before:

1. **rules** of ordinary time: even and odd weeks, weeks counted from a date, chosen weekdays;
2. **halves of school holidays**, if the judgement shares them;
3. **single days** agreed otherwise.

Payers are any hashable value; the engine never asks who they are.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Protocol

from .calendar import HolidayKind, HolidayPeriod
from .errors import CustodyGap, CustodyOverlap, InvalidPattern
from .facts import PayerShare
from .ranges import DateMap, DateRange

Payer = Hashable


class Rule(Protocol):
	"""Who has the child on a day of ordinary time; None if the rule says nothing of it."""

	def payer(self, day: date) -> Payer | None: ...


@dataclass(frozen=True, slots=True)
class AlternateWeeks:
	"""By the parity of the ISO week number, as judgements say ("les semaines paires").

	After a week 53 comes a week 1: the ``odd`` payer has two weeks in a row. ``starts_on`` is the ISO weekday
	of the change-over (Monday 1; Friday 5): the days from it on belong to the week in which they begin.
	"""

	even: Payer
	odd: Payer
	starts_on: int = 1

	def __post_init__(self) -> None:
		_check_weekday(self.starts_on)

	def payer(self, day: date) -> Payer:
		start = day - timedelta(days=(day.isoweekday() - self.starts_on) % 7)
		return self.even if start.isocalendar()[1] % 2 == 0 else self.odd


@dataclass(frozen=True, slots=True)
class WeeksFrom:
	"""Weeks in turn, without a break at the new year. Day and weekday of ``anchor`` begin the first week."""

	anchor: date
	payers: tuple[Payer, ...]

	def __post_init__(self) -> None:
		object.__setattr__(self, "payers", tuple(self.payers))
		if not self.payers:
			raise InvalidPattern(reason="weeks in turn need at least one payer")

	def payer(self, day: date) -> Payer:
		return self.payers[(day - self.anchor).days // 7 % len(self.payers)]


@dataclass(frozen=True, slots=True)
class Weekdays:
	"""The same payer on the same ISO weekdays of every week. Days not named are left to other rules."""

	payers: Mapping[int, Payer]

	def __post_init__(self) -> None:
		for weekday in self.payers:
			_check_weekday(weekday)

	def payer(self, day: date) -> Payer | None:
		return self.payers.get(day.isoweekday())


@dataclass(frozen=True, slots=True)
class HolidayHalves:
	"""In even years ``even_years_first`` has the first half of each holiday and the other the second half.

	In odd years the reverse. The year is that of the first day of the holiday. If the days are odd in number,
	the middle day belongs to the first half. ``kinds`` says which holidays are shared so.
	"""

	even_years_first: Payer
	even_years_second: Payer
	kinds: frozenset[HolidayKind] = frozenset(HolidayKind)

	def split(self, span: DateRange) -> tuple[tuple[DateRange, Payer], ...]:
		"""The two halves of one holiday, each with its payer."""
		first, second = self.even_years_first, self.even_years_second
		if span.start.year % 2:
			first, second = second, first
		middle = span.start + timedelta(days=(span.count() + 1) // 2 - 1)
		if middle == span.end:
			return ((span, first),)
		return (
			(DateRange(span.start, middle), first),
			(DateRange(middle + timedelta(days=1), span.end), second),
		)


@dataclass(frozen=True)
class CustodyCalendar:
	"""``rules`` are (span, rule) pairs: a new judgement closes one span and opens the next.

	``holidays`` is the map of the school calendar; whole holidays must be in it, also where the asked span
	cuts them, because a half is half of the whole.
	"""

	rules: tuple[tuple[DateRange, Rule], ...]
	halves: HolidayHalves | None = None
	holidays: DateMap[HolidayPeriod] = field(default_factory=DateMap)
	exceptions: Mapping[date, Payer] = field(default_factory=dict)

	def over(self, span: DateRange) -> DateMap[Payer]:
		"""Who pays on each day of ``span``: exactly one on every day.

		Raises CustodyOverlap if two rules name different payers on a day, CustodyGap if none names one,
		ValueError for an open range.
		"""
		found = self._ordinary(span)
		if self.halves is not None:
			shared = [
				half
				for period, holiday in self.holidays.entries()
				if holiday.kind in self.halves.kinds and period.overlaps(span)
				for half in self.halves.split(period)
			]
			found = found.set_all(DateMap(shared).clip(span))
		single = ((DateRange.day(day), payer) for day, payer in self.exceptions.items() if day in span)
		found = found.set_all(DateMap(single))
		for gap in found.gaps(span):
			raise CustodyGap(start=gap.start, end=gap.end)
		return found

	def payer_on(self, day: date) -> Payer:
		"""The payer of one day. Raises as ``over``."""
		return self.over(DateRange.day(day)).get(day)

	def shares(self, span: DateRange) -> DateMap[tuple[PayerShare, ...]]:
		"""The same in the form that ``charges.Context.payers`` wants."""
		return self.over(span).map(lambda payer: (PayerShare(payer),))

	def _ordinary(self, span: DateRange) -> DateMap[Payer]:
		days: dict[date, Payer] = {}
		for rule_span, rule in self.rules:
			common = rule_span.intersection(span)
			for day in common.days() if common else ():
				payer = rule.payer(day)
				if payer is None:
					continue
				other = days.setdefault(day, payer)
				if other != payer:
					raise CustodyOverlap(first=str(other), second=str(payer), day=day)
		return DateMap((DateRange.day(day), payer) for day, payer in days.items())


def _check_weekday(weekday: int) -> None:
	if weekday not in range(1, 8):
		raise InvalidPattern(reason="weekdays are 1 (Monday) to 7 (Sunday)")
