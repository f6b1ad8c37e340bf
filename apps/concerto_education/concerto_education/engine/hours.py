"""Hours: what was done and what is billed are two numbers, kept apart (R36, R37).

Minutes are whole numbers, hours are Decimals. The length of a slice (each started half-hour counts), the
waiting days and the caps are settings of the authority, handed in.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import Decimal

from .errors import BackwardHours, InvalidHours
from .money import decimal, round_half_up, trim
from .ranges import DateRange


@dataclass(frozen=True, slots=True, order=True)
class Slot:
	"""A stretch of one day, from ``start`` to ``end`` (not included). Raises InvalidHours."""

	start: time
	end: time

	def __post_init__(self) -> None:
		if self.end <= self.start:
			raise BackwardHours(start=f"{self.start:%H:%M}", end=f"{self.end:%H:%M}")

	@property
	def minutes(self) -> int:
		return minute_of(self.end) - minute_of(self.start)

	def overlaps(self, other: Slot) -> bool:
		return self.start < other.end and other.start < self.end


def minute_of(moment: time) -> int:
	"""Minutes since midnight; seconds don't count."""
	return moment.hour * 60 + moment.minute


def started(minutes: int, step: int = 30) -> int:
	"""Number of started slices of ``step`` minutes: 31 minutes are two half-hours, 0 minutes none."""
	if step < 1 or minutes < 0:
		raise InvalidHours(reason="minutes are zero or more, and a slice has at least one")
	return -(-minutes // step)


def to_hours(minutes: int, places: int = 2) -> Decimal:
	"""Minutes as hours, rounded half up: 80 → 1.33."""
	return trim(round_half_up(Decimal(minutes) / 60, places))


# ---------------------------------------------------------------- nurseries (R36)


@dataclass(frozen=True, slots=True)
class CareTime:
	"""Minutes ``done`` and minutes ``billed`` of one attendance, in whole slices."""

	done: int
	billed: int


def care_time(booked: Slot | None, actual: Slot | None, step: int = 30, tolerance: int = 0) -> CareTime:
	"""Minutes done and billed of one day in a nursery.

	Booked time is billed also if the child comes late, leaves early or is absent. What comes before and
	after it is billed by started slices, each side beyond ``tolerance`` minutes. Without a booking the time
	of presence is billed. A deductible absence is the caller's to know: then nothing is asked here.
	"""
	done = started(actual.minutes, step) * step if actual else 0
	if booked is None:
		return CareTime(done, done)
	billed = booked.minutes
	if actual is not None:
		before = minute_of(booked.start) - minute_of(actual.start)
		after = minute_of(actual.end) - minute_of(booked.end)
		billed += sum(started(extra, step) * step for extra in (before, after) if extra > tolerance)
	return CareTime(done, billed)


def contract_monthly_hours(
	weeks: Decimal | int, weekly_hours: Decimal | int | str, months: int, places: int = 2
) -> Decimal:
	"""Hours of a contract for one month: weeks × weekly hours / months, rounded half up.

	34 h × 42 weeks over 12 months → 119 h. Raises InvalidHours.
	"""
	weeks, weekly_hours = decimal(weeks), decimal(weekly_hours)
	if months < 1 or weeks < 0 or weekly_hours < 0:
		raise InvalidHours(reason="a contract has at least one month, and weeks and hours are zero or more")
	return trim(round_half_up(weeks * weekly_hours / months, places))


def contract_month(contract: Decimal, extra_minutes: int, deductible: Decimal, places: int = 2) -> Decimal:
	"""Hours billed for one month: contract + extra − deductible, never under zero.

	``extra_minutes`` is the sum of what each day adds, already in slices (see ``care_time``).
	"""
	total = contract + Decimal(extra_minutes) / 60 - deductible
	return trim(round_half_up(max(total, Decimal(0)), places))


def deductible_illness(absence: DateRange, waiting_days: int) -> DateRange | None:
	"""The days of an illness with certificate that are not billed: all after the waiting days."""
	first = absence.start + timedelta(days=waiting_days)
	return DateRange(first, absence.end) if first <= absence.last else None


# ---------------------------------------------------------------- statements to the CAF (R37)


def slot_done(slot: Slot, arrival: time, departure: time | None = None) -> int:
	"""Minutes done in périscolaire: the whole slot as soon as the child attends any part of it.

	Slot 7:30–8:50, arrival 8:10 → 80 minutes. No departure noted: the child stayed to the end.
	"""
	stays = departure is None or departure > slot.start
	return slot.minutes if arrival < slot.end and stays else 0


def day_done(slots: Iterable[Slot], cap: int | None = None) -> int:
	"""Minutes of one child on one day: overlapping slots count once, and not beyond ``cap`` minutes."""
	total, reached = 0, 0
	for slot in sorted(slots):
		start, end = max(minute_of(slot.start), reached), minute_of(slot.end)
		total += max(end - start, 0)
		reached = max(reached, end)
	return total if cap is None else min(total, cap)


def age_on(birth: date, day: date) -> int:
	"""Full years of age on a day; born on 29 February, a year older on 1 March."""
	return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))
