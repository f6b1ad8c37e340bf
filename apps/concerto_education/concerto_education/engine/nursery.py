"""A month of a nursery contract: hours agreed, done, on top and deducted, each apart (R36).

``billed = contract + extra − deducted``. The contract is spread evenly (*mensualisation*): each of its months
bills the same hours, whatever the days in it. What a child stays beyond the booked hours is extra, by started
slices. An absence is deducted when its reason says so, after the waiting days of that reason: they are counted
from its first day, day by day, as the circular of the CNAF counts them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from .hours import Slot, care_time, contract_monthly_hours, to_hours
from .money import decimal
from .ranges import DateRange, month_of
from .situation import Hours


@dataclass(frozen=True)
class Contract:
	"""What a family and a nursery agreed. ``schedule``: booked hours by ISO weekday (1 … 7).

	``months``: in how many equal instalments the hours are billed, from the first month on.
	"""

	span: DateRange
	weekly_hours: Decimal
	weeks: Decimal
	months: int
	schedule: Mapping[int, Slot] = field(default_factory=dict)

	def __post_init__(self) -> None:
		object.__setattr__(self, "weekly_hours", decimal(self.weekly_hours))
		object.__setattr__(self, "weeks", decimal(self.weeks))

	@property
	def monthly_hours(self) -> Decimal:
		"""34 h × 42 weeks over 12 months → 119 h. Raises InvalidHours."""
		return contract_monthly_hours(self.weeks, self.weekly_hours, self.months)

	def booked(self, day: date) -> Slot | None:
		return self.schedule.get(day.isoweekday()) if day in self.span else None

	def instalment(self, month: DateRange) -> DateRange | None:
		"""The part of the month in which its instalment is due; None before, after or once all are billed."""
		held = self.span.intersection(month)
		if held is None:
			return None
		first = self.span.start
		index = (month.start.year - first.year) * 12 + month.start.month - first.month
		return held if index < self.months else None


@dataclass(frozen=True, slots=True)
class CareDay:
	"""One day of one child. ``actual`` is None for an absence or where nobody noted the times.

	``waiting_days`` is the rule of the reason of a justified absence: after so many days it is deducted; None:
	never. ``came`` is True for a presence.
	"""

	day: date
	booked: Slot | None
	actual: Slot | None = None
	came: bool = False
	waiting_days: int | None = None
	reason: str | None = None


@dataclass(frozen=True, slots=True)
class CareMonth:
	"""Minutes of a month: booked, done, extra, deducted; and the hours of the contract for it."""

	contract: Decimal
	booked: int
	done: int
	extra: int
	deducted: int

	@property
	def hours(self) -> Hours:
		return Hours(self.contract, to_hours(self.extra, 4), to_hours(self.deducted, 4))


def deducted_days(days: Sequence[CareDay]) -> frozenset[date]:
	"""The days whose absence is not billed. ``days`` are those of one child, from before the month on.

	Absences for one reason that follow each other make one; the waiting days run from the first of them.
	"""
	found = set()
	first: date | None = None
	reason: str | None = None
	for day in sorted(days, key=lambda entry: entry.day):
		if day.came or day.waiting_days is None:
			first = None
			continue
		if first is None or day.reason != reason:
			first, reason = day.day, day.reason
		if day.day >= first + timedelta(days=day.waiting_days):
			found.add(day.day)
	return frozenset(found)


def care_month(
	contract: Contract,
	days: Sequence[CareDay],
	month: DateRange,
	step: int = 30,
	tolerance: int = 0,
	closed: Iterable[date] = (),
) -> CareMonth:
	"""A month under a contract. ``closed``: days on which the nursery could not receive children it had booked."""
	deducted_on = deducted_days(days)
	booked = done = extra = deducted = 0
	seen = set()
	for day in days:
		if day.day not in month:
			continue
		seen.add(day.day)
		care = care_time(day.booked, day.actual if day.came else None, step, tolerance)
		held = day.booked.minutes if day.booked else 0
		booked += held
		done += care.done
		extra += care.billed - held
		if day.day in deducted_on:
			deducted += held
	for day in set(closed) - seen:
		slot = contract.booked(day) if day in month else None
		if slot:
			booked += slot.minutes
			deducted += slot.minutes
	due = contract.monthly_hours if contract.instalment(month) else Decimal(0)
	return CareMonth(due, booked, done, extra, deducted)


def contract_key(enrolment: str, day: date) -> str:
	"""Key of the one charge of a contract for a month."""
	return f"{enrolment}#contract#{month_of(day)}"
