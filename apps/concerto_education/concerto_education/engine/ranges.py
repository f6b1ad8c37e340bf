"""Everything that holds "from … to" is built on three immutable types.

* ``DateRange``  one span of days, **both ends included**; ``end=None`` is open.
* ``DateSet``    a set of days, kept as disjoint, non-adjacent ranges.
* ``DateMap``    what holds on a day: a map from ranges to values, later entries laid over earlier ones.

QF, custody, tariffs, enrolments, closures use them, so no rule loops over days by hand.
"""

from __future__ import annotations

import heapq
import re
from bisect import bisect_right
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Generic, TypeVar

from .errors import InvalidMonth, InvalidRange

V = TypeVar("V")
W = TypeVar("W")

ONE_DAY = timedelta(days=1)
_MONTH = re.compile(r"(\d{4})-(\d{2})")
_LAST = date.max.toordinal()


@dataclass(frozen=True, slots=True, order=False)
class DateRange:
	"""Days from ``start`` to ``end``, both included. ``end=None``: no end.

	Raises InvalidRange if it ends before it starts, TypeError for a datetime (a moment is not a day).
	"""

	start: date
	end: date | None = None

	def __post_init__(self) -> None:
		for day in (self.start, self.end):
			if isinstance(day, datetime) or not (day is None or isinstance(day, date)):
				raise TypeError(f"a date is needed, not {day!r}")
		if self.start is None:
			raise TypeError("a range needs a first day")
		if self.end == date.max:
			object.__setattr__(self, "end", None)  # one way only to write "no end"
		if self.end is not None and self.end < self.start:
			raise InvalidRange(start=self.start, end=self.end)

	# ------------------------------------------------------------ makers

	@classmethod
	def day(cls, day: date) -> DateRange:
		"""The range of a single day."""
		return cls(day, day)

	@classmethod
	def month(cls, year: int, month: int) -> DateRange:
		"""The whole calendar month."""
		start = date(year, month, 1)
		following = date(year + month // 12, month % 12 + 1, 1)
		return cls(start, following - ONE_DAY)

	@classmethod
	def parse(cls, text: str) -> DateRange:
		"""The calendar month written "2026-09". Raises InvalidMonth."""
		match = _MONTH.fullmatch(text) if isinstance(text, str) else None
		if not match or not 1 <= int(match[2]) <= 12 or int(match[1]) < 1:
			raise InvalidMonth(text=str(text))
		return cls.month(int(match[1]), int(match[2]))

	# ------------------------------------------------------------ questions

	@property
	def last(self) -> date:
		"""Last day, ``date.max`` if there is no end. For comparisons only."""
		return self.end if self.end is not None else date.max

	def __contains__(self, other: date | DateRange) -> bool:
		if isinstance(other, DateRange):
			return self.start <= other.start and other.last <= self.last
		return self.start <= other and (self.end is None or other <= self.end)

	contains = __contains__

	def overlaps(self, other: DateRange) -> bool:
		return self.start <= other.last and other.start <= self.last

	def adjacent(self, other: DateRange) -> bool:
		"""True if one begins the day after the other ends."""
		return (self.end is not None and self.end + ONE_DAY == other.start) or (
			other.end is not None and other.end + ONE_DAY == self.start
		)

	def intersection(self, other: DateRange) -> DateRange | None:
		start, last = max(self.start, other.start), min(self.last, other.last)
		return DateRange(start, last) if start <= last else None

	def subtract(self, other: DateRange) -> tuple[DateRange, ...]:
		"""What is left of this range without the other: no, one or two ranges."""
		if not self.overlaps(other):
			return (self,)
		parts = []
		if self.start < other.start:
			parts.append(DateRange(self.start, other.start - ONE_DAY))
		if other.end is not None and other.end < self.last:
			parts.append(DateRange(other.end + ONE_DAY, self.end))
		return tuple(parts)

	def days(self) -> Iterator[date]:
		"""Each day in order. Raises ValueError for an open range."""
		count = self.count()
		start = self.start
		return (start + timedelta(days=n) for n in range(count))

	def count(self) -> int:
		"""Number of days. Raises ValueError for an open range."""
		if self.end is None:
			raise ValueError("an open range has no last day")
		return (self.end - self.start).days + 1

	def months(self) -> Iterator[DateRange]:
		"""The whole calendar months that this range touches."""
		if self.end is None:
			raise ValueError("an open range has no last day")
		month = DateRange.month(self.start.year, self.start.month)
		while month.start <= self.end:
			yield month
			following = month.last + ONE_DAY
			month = DateRange.month(following.year, following.month)

	def __str__(self) -> str:
		return f"{self.start}..{self.end or ''}"


def month_of(day: date) -> str:
	"""The month of a day as text, "2026-09"."""
	return f"{day.year:04d}-{day.month:02d}"


class DateSet:
	"""An immutable set of days. Ranges given in any order, overlapping or adjacent, are merged."""

	__slots__ = ("_starts", "ranges")

	def __init__(self, ranges: Iterable[DateRange] = ()) -> None:
		merged: list[DateRange] = []
		for span in sorted(ranges, key=lambda r: r.start):
			if merged and (merged[-1].overlaps(span) or merged[-1].adjacent(span)):
				merged[-1] = DateRange(merged[-1].start, max(merged[-1].last, span.last))
			else:
				merged.append(span)
		self.ranges: tuple[DateRange, ...] = tuple(merged)
		self._starts = [span.start for span in merged]

	@classmethod
	def of_days(cls, days: Iterable[date]) -> DateSet:
		return cls(DateRange.day(day) for day in days)

	def __contains__(self, day: date) -> bool:
		index = bisect_right(self._starts, day) - 1
		return index >= 0 and day in self.ranges[index]

	def union(self, other: DateSet) -> DateSet:
		return DateSet(self.ranges + other.ranges)

	def intersection(self, other: DateSet) -> DateSet:
		found: list[DateRange] = []
		mine, theirs = list(self.ranges), list(other.ranges)
		i = j = 0
		while i < len(mine) and j < len(theirs):
			common = mine[i].intersection(theirs[j])
			if common:
				found.append(common)
			if mine[i].last <= theirs[j].last:
				i += 1
			else:
				j += 1
		return DateSet(found)

	def difference(self, other: DateSet) -> DateSet:
		parts: list[DateRange] = []
		for span in self.ranges:
			left = [span]
			for hole in other.ranges:
				if not left or hole.start > left[-1].last:
					break
				left[-1:] = left[-1].subtract(hole)
			parts.extend(left)
		return DateSet(parts)

	def gaps(self, within: DateRange) -> DateSet:
		"""The days of ``within`` that are not in this set."""
		return DateSet((within,)).difference(self)

	def days(self) -> Iterator[date]:
		"""Each day in order. Raises ValueError if the set has no end."""
		for span in self.ranges:
			yield from span.days()

	def count(self) -> int:
		return sum(span.count() for span in self.ranges)

	__or__, __and__, __sub__ = union, intersection, difference

	def __iter__(self) -> Iterator[DateRange]:
		return iter(self.ranges)

	def __bool__(self) -> bool:
		return bool(self.ranges)

	def __eq__(self, other: object) -> bool:
		return isinstance(other, DateSet) and self.ranges == other.ranges

	def __hash__(self) -> int:
		return hash(self.ranges)

	def __repr__(self) -> str:
		return f"DateSet({', '.join(map(str, self.ranges))})"


class DateMap(Generic[V]):
	"""An immutable map from days to values, kept as disjoint ranges; neighbours of equal value are merged.

	Built from ``(range, value)`` pairs; where two overlap, the later pair wins. Building costs n·log n,
	``get`` a bisection.
	"""

	__slots__ = ("_entries", "_starts")

	def __init__(self, entries: Iterable[tuple[DateRange, V]] = ()) -> None:
		self._entries: tuple[tuple[DateRange, V], ...] = _overlay(list(entries))
		self._starts = [span.start for span, _ in self._entries]

	def set(self, span: DateRange, value: V) -> DateMap[V]:
		"""A new map where ``value`` holds over ``span``, whatever held before."""
		return DateMap((*self._entries, (span, value)))

	def set_all(self, other: DateMap[V]) -> DateMap[V]:
		"""A new map with ``other`` laid over this one."""
		return DateMap(self._entries + other._entries)

	def remove(self, days: DateRange | DateSet) -> DateMap[V]:
		"""A new map that says nothing on those days."""
		removed = days if isinstance(days, DateSet) else DateSet((days,))
		return DateMap(
			(part, value) for span, value in self._entries for part in DateSet((span,)).difference(removed)
		)

	def clip(self, within: DateRange | DateSet) -> DateMap[V]:
		"""A new map that says nothing outside ``within``."""
		spans = within.ranges if isinstance(within, DateSet) else (within,)
		return DateMap(
			(part, value)
			for span, value in self._entries
			for limit in spans
			if (part := span.intersection(limit)) is not None
		)

	def map(self, function: Callable[[V], W]) -> DateMap[W]:
		return DateMap((span, function(value)) for span, value in self._entries)

	def get(self, day: date, default: Any = None) -> V | Any:
		"""The value that holds on that day, else ``default``."""
		index = bisect_right(self._starts, day) - 1
		if index >= 0:
			span, value = self._entries[index]
			if span.end is None or day <= span.end:
				return value
		return default

	def __contains__(self, day: date) -> bool:
		index = bisect_right(self._starts, day) - 1
		return index >= 0 and day in self._entries[index][0]

	def entries(self) -> tuple[tuple[DateRange, V], ...]:
		"""The ``(range, value)`` pairs in order of time."""
		return self._entries

	def covered(self) -> DateSet:
		"""The days on which something holds."""
		return DateSet(span for span, _ in self._entries)

	def gaps(self, within: DateRange) -> DateSet:
		"""The days of ``within`` on which nothing holds."""
		return self.covered().gaps(within)

	def transpose(self: DateMap[Hashable]) -> dict[Hashable, DateSet]:
		"""For each value, the days on which it holds ("who, when")."""
		spans: dict[Hashable, list[DateRange]] = {}
		for span, value in self._entries:
			spans.setdefault(value, []).append(span)
		return {value: DateSet(ranges) for value, ranges in spans.items()}

	def __iter__(self) -> Iterator[tuple[DateRange, V]]:
		return iter(self._entries)

	def __len__(self) -> int:
		return len(self._entries)

	def __eq__(self, other: object) -> bool:
		return isinstance(other, DateMap) and self._entries == other._entries

	def __hash__(self) -> int:
		return hash(self._entries)

	def __repr__(self) -> str:
		return f"DateMap({', '.join(f'{span}: {value!r}' for span, value in self._entries)})"


def _overlay(entries: list[tuple[DateRange, V]]) -> tuple[tuple[DateRange, V], ...]:
	"""Sweep once over all first and last days; on each stretch the entry given last wins."""
	if len(entries) < 2:
		return tuple(entries)
	starts: list[tuple[int, int]] = []
	cuts: set[int] = set()
	for index, (span, _) in enumerate(entries):
		starts.append((span.start.toordinal(), index))
		cuts.add(span.start.toordinal())
		cuts.add(span.last.toordinal() + 1)
	starts.sort()
	ordered = sorted(cuts)
	active: list[int] = []  # heap of negated indexes: the latest entry on top
	result: list[tuple[DateRange, V]] = []
	following = 0
	for position, ordinal in enumerate(ordered[:-1]):
		while following < len(starts) and starts[following][0] <= ordinal:
			heapq.heappush(active, -starts[following][1])
			following += 1
		while active and entries[-active[0]][0].last.toordinal() < ordinal:
			heapq.heappop(active)
		if not active:
			continue
		value = entries[-active[0]][1]
		end = min(ordered[position + 1] - 1, _LAST)
		stretch = DateRange(date.fromordinal(ordinal), date.fromordinal(end))
		if result and result[-1][1] == value and result[-1][0].adjacent(stretch):
			result[-1] = (DateRange(result[-1][0].start, stretch.end), value)
		else:
			result.append((stretch, value))
	return tuple(result)
