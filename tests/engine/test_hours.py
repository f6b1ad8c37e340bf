"""Hours done and hours billed (R36, R37)."""

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concerto_education.engine.errors import InvalidHours
from concerto_education.engine.hours import (
	CareTime,
	Slot,
	age_on,
	care_time,
	contract_month,
	contract_monthly_hours,
	day_done,
	deductible_illness,
	slot_done,
	started,
	to_hours,
)
from tests.engine.build import D, day, span


def slot(start, end):
	return Slot(time.fromisoformat(start), time.fromisoformat(end))


@pytest.mark.parametrize(("minutes", "slices"), [(0, 0), (1, 1), (30, 1), (31, 2), (60, 2), (61, 3)])
def test_each_started_half_hour_counts(minutes, slices):
	assert started(minutes) == slices


def test_booked_time_is_billed_and_overtime_by_started_half_hours():
	booked = slot("08:00", "17:00")
	assert care_time(booked, booked) == CareTime(540, 540)
	assert care_time(booked, slot("09:00", "16:00")) == CareTime(420, 540), "late and early: booked is billed"
	assert care_time(booked, slot("08:00", "17:01")) == CareTime(570, 570)
	assert care_time(booked, slot("07:45", "17:05"), tolerance=10) == CareTime(570, 570)
	assert care_time(booked, slot("07:45", "17:05")) == CareTime(570, 600)
	assert care_time(booked, None) == CareTime(0, 540), "absent: done and billed differ"
	assert care_time(None, slot("09:00", "10:10")) == CareTime(90, 90)
	assert care_time(None, None) == CareTime(0, 0)


def test_contract_month():
	assert contract_monthly_hours("42", "34", 12) == 119
	assert contract_monthly_hours(47, 40, 11) == D("170.91")
	assert contract_monthly_hours(4, "34.5", 1) == 138
	assert contract_monthly_hours(0, 34, 12) == 0 == contract_monthly_hours(42, 0, 12)
	assert contract_month(D(119), 90, D("9")) == D("111.5")
	assert contract_month(D(10), 0, D(20)) == 0
	with pytest.raises(InvalidHours):
		contract_monthly_hours(42, 34, 0)


def test_illness_after_waiting_days():
	assert deductible_illness(span("2026-09-07", "2026-09-11"), 3) == span("2026-09-10", "2026-09-11")
	assert deductible_illness(span("2026-09-07", "2026-09-09"), 3) is None


def test_caf_counts_the_whole_slot():
	"""Slot 7:30–8:50, arrival 8:10 → 1 h 20."""
	morning = slot("07:30", "08:50")
	assert slot_done(morning, time(8, 10)) == 80 and to_hours(80) == D("1.33")
	assert slot_done(morning, time(8, 50)) == 0
	assert slot_done(morning, time(7, 0), time(7, 30)) == 0


def test_caf_day_is_capped_and_nothing_counts_twice():
	slots = [slot("08:00", "12:00"), slot("11:00", "14:00"), slot("14:00", "18:00")]
	assert day_done(slots) == 600
	assert day_done(slots, cap=540) == 540
	assert day_done([]) == 0


@given(st.lists(st.tuples(st.integers(0, 1438), st.integers(1, 600)), max_size=6))
def test_day_done_agrees_with_counting_minutes(rows):
	slots, minutes = [], set()
	for start, length in rows:
		end = min(start + length, 1439)
		slots.append(Slot(time(start // 60, start % 60), time(end // 60, end % 60)))
		minutes |= set(range(start, end))
	assert day_done(slots) == len(minutes)


@pytest.mark.parametrize(("on", "age"), [("2026-09-03", 5), ("2026-09-04", 6), ("2027-09-03", 6)])
def test_age_at_the_date(on, age):
	assert age_on(day("2020-09-04"), day(on)) == age


def test_born_on_a_leap_day():
	assert age_on(day("2020-02-29"), day("2026-02-28")) == 5
	assert age_on(day("2020-02-29"), day("2026-03-01")) == 6


@pytest.mark.parametrize("pair", [("10:00", "09:00"), ("10:00", "10:00")])
def test_slots_that_end_before_they_start(pair):
	with pytest.raises(InvalidHours):
		slot(*pair)
