"""Until when a day may be booked or cancelled, and what a later change does, as towns publish it (R27, R41).

A ``Deadline`` is one of the sentences that stand on the notice boards of schools:

* "2 days before, at 10:00"                                    DAYS
* "2 working days before, at 10:00"                            WORKING_DAYS
* "Thursday 12:00 for the whole of the next week"              WEEK
* "21 days before the holidays begin", or the camp             PERIOD

Times are **wall-clock times** of the authority and carry no zone: noon is noon on both sides of a change to
summer time, which no count of hours would give. "Until 12:00" includes 12:00 itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import Enum

from .calendar import SchoolCalendar
from .errors import InvalidDeadline

ONE_DAY = timedelta(days=1)
WEEK = 7
SATURDAY = 6


class DeadlineKind(str, Enum):
	NONE = "none"
	DAYS = "days"
	WORKING_DAYS = "working_days"
	WEEK = "week"
	PERIOD = "period"


class LateBooking(str, Enum):
	"""What booking after the deadline does."""

	REFUSED = "refused"
	SURCHARGE = "surcharge"  # taken, at the price of a presence that was not booked
	FREE = "free"  # taken, at the normal price


class LateCancelling(str, Enum):
	"""What cancelling after the deadline does."""

	REFUSED = "refused"
	BILLED = "billed"  # the child is off the list, the day stays billed
	FREE = "free"


class Outcome(str, Enum):
	"""What happens to a change that is made now."""

	FREE = "free"
	REFUSED = "refused"
	SURCHARGE = "surcharge"
	BILLED = "billed"


@dataclass(frozen=True, slots=True)
class Deadline:
	"""``count`` is days for DAYS, WORKING_DAYS and PERIOD, and weeks for WEEK, whose ``weekday`` is ISO (Monday 1).

	Raises InvalidDeadline.
	"""

	kind: DeadlineKind = DeadlineKind.NONE
	count: int = 0
	at: time = time(12)
	weekday: int | None = None

	def __post_init__(self) -> None:
		object.__setattr__(self, "kind", DeadlineKind(self.kind))
		if self.count < 0:
			raise InvalidDeadline(reason="the number of days is zero or more")
		if self.kind is DeadlineKind.WEEK and (
			self.count < 1 or self.weekday is None or not 1 <= self.weekday <= WEEK
		):
			raise InvalidDeadline(reason="a rule by the week names a weekday and at least one week before")


NO_DEADLINE = Deadline()


@dataclass(frozen=True, slots=True)
class BookingRules:
	"""The rules of one activity."""

	book: Deadline = NO_DEADLINE
	cancel: Deadline = NO_DEADLINE
	late_book: LateBooking = LateBooking.REFUSED
	late_cancel: LateCancelling = LateCancelling.BILLED


@dataclass(frozen=True, slots=True)
class Ruling:
	"""What the rule says of one change, made now: until when it was free, and what happens."""

	deadline: datetime | None
	late: bool
	outcome: Outcome


def is_working_day(day: date, calendar: SchoolCalendar) -> bool:
	"""Monday to Friday, public holidays and bridges excepted. School holidays are working days of the town hall."""
	return day.isoweekday() < SATURDAY and day not in calendar.public_holidays


def deadline(
	rule: Deadline, day: date, calendar: SchoolCalendar, first_day: date | None = None
) -> datetime | None:
	"""The last moment at which ``day`` may be booked or cancelled freely; None if there is none.

	``first_day`` is the first day of a camp, for PERIOD; without it, the school holiday that holds ``day`` counts,
	and a day of school time is a period of its own. A deadline by the week that falls on a closed day of the
	town hall is moved to the working day before: nobody is there to take the call.
	"""
	if rule.kind is DeadlineKind.NONE:
		return None
	if rule.kind is DeadlineKind.DAYS:
		limit = day - ONE_DAY * rule.count
	elif rule.kind is DeadlineKind.WORKING_DAYS:
		limit = _working_days_before(day, rule.count, calendar)
	elif rule.kind is DeadlineKind.PERIOD:
		limit = (first_day or _first_of_holiday(day, calendar)) - ONE_DAY * rule.count
	else:
		monday = day - ONE_DAY * day.weekday()
		limit = monday - ONE_DAY * (WEEK * rule.count - rule.weekday + 1)
		while limit in calendar.public_holidays:
			limit = _working_days_before(limit, 1, calendar)
	return datetime.combine(limit, rule.at)


def _working_days_before(day: date, count: int, calendar: SchoolCalendar) -> date:
	while count:
		day -= ONE_DAY
		count -= is_working_day(day, calendar)
	return day


def _first_of_holiday(day: date, calendar: SchoolCalendar) -> date:
	for span, _period in calendar.holidays:
		if day in span:
			return span.start
	return day


def rule_on(
	rules: BookingRules, day: date, now: datetime, calendar: SchoolCalendar, first_day: date | None = None
) -> tuple[Ruling, Ruling]:
	"""What booking and what cancelling ``day`` does if it is done ``now``, in this order."""
	book = deadline(rules.book, day, calendar, first_day)
	cancel = deadline(rules.cancel, day, calendar, first_day)
	return (
		_ruling(book, now, Outcome(rules.late_book.value)),
		_ruling(cancel, now, Outcome(rules.late_cancel.value)),
	)


def _ruling(limit: datetime | None, now: datetime, after: Outcome) -> Ruling:
	late = limit is not None and now.replace(second=0, microsecond=0) > limit
	return Ruling(limit, late, after if late else Outcome.FREE)


# ---------------------------------------------------------------- late pick-ups (R10)


class CountedWithin(str, Enum):
	SCHOOL_YEAR = "school_year"
	MONTH = "month"


@dataclass(frozen=True, slots=True)
class LatePickupRule:
	"""From the ``first_billed``-th late pick-up of a child in an activity on, counted within a year or a month.

	``first_billed=0`` bills none. Up to ``grace`` minutes are no late pick-up.
	"""

	first_billed: int = 0
	within: CountedWithin = CountedWithin.SCHOOL_YEAR
	grace: int = 0


def billed_pickups(rule: LatePickupRule, pickups: list[tuple[date, str, int]]) -> dict[str, int]:
	"""Which late pick-ups of one child in one activity are billed: key → its number in the count.

	``pickups`` are (day, key, minutes), in any order. The key breaks ties of one day, so that the number of a
	pick-up never depends on the order in which they are read.
	"""
	if not rule.first_billed:
		return {}
	numbers: dict[str, int] = {}
	counts: dict[int | tuple[int, int], int] = {}
	for day, key, minutes in sorted(pickups):
		if minutes <= rule.grace:
			continue
		period = (day.year, day.month) if rule.within is CountedWithin.MONTH else _school_year(day)
		counts[period] = counts.get(period, 0) + 1
		if counts[period] >= rule.first_billed:
			numbers[key] = counts[period]
	return numbers


def _school_year(day: date) -> int:
	return day.year if day.month >= 9 else day.year - 1
