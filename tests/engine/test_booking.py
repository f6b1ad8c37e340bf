"""Until when a day may be booked or cancelled, and what comes after (R27, R41); late pick-ups (R10)."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concerto_education.engine.booking import (
	BookingRules,
	CountedWithin,
	Deadline,
	DeadlineKind,
	LateBooking,
	LateCancelling,
	LatePickupRule,
	Outcome,
	billed_pickups,
	deadline,
	is_working_day,
	rule_on,
)
from concerto_education.engine.errors import InvalidDeadline
from tests.engine.build import day, school_calendar

TWO_DAYS = Deadline(DeadlineKind.DAYS, 2, time(10))
TWO_WORKING_DAYS = Deadline(DeadlineKind.WORKING_DAYS, 2, time(10))
THURSDAY_NOON = Deadline(DeadlineKind.WEEK, 1, time(12), 4)
THREE_WEEKS_BEFORE = Deadline(DeadlineKind.PERIOD, 21, time(18))

times = st.times(max_value=time(23, 59)).map(lambda at: at.replace(second=0, microsecond=0))
days = st.dates(date(2026, 9, 20), date(2027, 8, 31))


def moment(text):
	return datetime.fromisoformat(text)


def until(rule, text, **more):
	found = deadline(rule, day(text), school_calendar(), **more)
	return f"{found:%Y-%m-%d %H:%M}" if found else None


@pytest.mark.parametrize(
	("rule", "text", "expected"),
	[
		(Deadline(), "2026-11-26", None),
		(TWO_DAYS, "2026-11-26", "2026-11-24 10:00"),
		(TWO_DAYS, "2026-11-30", "2026-11-28 10:00"),  # a Monday: Saturday, days are days
		(TWO_WORKING_DAYS, "2026-11-30", "2026-11-26 10:00"),  # Thursday
		(TWO_WORKING_DAYS, "2026-11-12", "2026-11-09 10:00"),  # 11 November is no working day
		(TWO_WORKING_DAYS, "2026-12-28", "2026-12-23 10:00"),  # nor is Christmas
		(THURSDAY_NOON, "2026-11-30", "2026-11-26 12:00"),
		(THURSDAY_NOON, "2026-12-04", "2026-11-26 12:00"),  # the Friday of the same week
		(THURSDAY_NOON, "2027-05-10", "2027-05-05 12:00"),  # Thursday 6 May is Ascension: the day before
		(Deadline(DeadlineKind.WEEK, 2, time(12), 5), "2026-11-30", "2026-11-20 12:00"),
		(Deadline(DeadlineKind.WEEK, 1, time(20), 7), "2026-11-30", "2026-11-29 20:00"),  # Sunday evening
		(THREE_WEEKS_BEFORE, "2026-10-21", "2026-09-26 18:00"),  # holidays from Saturday 17 October
		(THREE_WEEKS_BEFORE, "2026-11-26", "2026-11-05 18:00"),  # school time: the day itself counts
	],
)
def test_deadlines_as_towns_publish_them(rule, text, expected):
	assert until(rule, text) == expected


def test_a_camp_counts_from_its_first_day():
	assert until(THREE_WEEKS_BEFORE, "2027-07-15", first_day=day("2027-07-12")) == "2027-06-21 18:00"


@pytest.mark.parametrize("text", ["2026-10-26", "2027-03-29"])
def test_noon_is_noon_on_both_sides_of_a_change_of_time(text):
	"""The clocks change on the Sunday in between: a count of 48 hours would give 11:00 or 13:00."""
	assert until(Deadline(DeadlineKind.DAYS, 2, time(12)), text).endswith("12:00")


def test_the_minute_of_the_deadline_is_still_in_time():
	rules = BookingRules(book=TWO_DAYS, cancel=TWO_DAYS)
	for text, late in (("2026-11-24 10:00:59", False), ("2026-11-24 10:01:00", True)):
		book, cancel = rule_on(rules, day("2026-11-26"), moment(text), school_calendar())
		assert (book.late, cancel.late) == (late, late)


@pytest.mark.parametrize("late_book", LateBooking)
@pytest.mark.parametrize("late_cancel", LateCancelling)
def test_what_a_late_change_does_is_the_rule_and_only_after_the_deadline(late_book, late_cancel):
	rules = BookingRules(TWO_DAYS, THURSDAY_NOON, late_book, late_cancel)
	early, after = moment("2026-11-01 00:00"), moment("2026-11-26 09:00")
	book, cancel = rule_on(rules, day("2026-11-26"), early, school_calendar())
	assert (book.outcome, cancel.outcome) == (Outcome.FREE, Outcome.FREE)
	book, cancel = rule_on(rules, day("2026-11-26"), after, school_calendar())
	assert (book.outcome.value, cancel.outcome.value) == (late_book.value, late_cancel.value)


def test_booking_and_cancelling_have_rules_of_their_own():
	rules = BookingRules(book=THURSDAY_NOON, cancel=Deadline(DeadlineKind.DAYS, 0, time(9)))
	book, cancel = rule_on(rules, day("2026-11-26"), moment("2026-11-26 08:30"), school_calendar())
	assert book.late and not cancel.late


@given(days, times, st.integers(0, 30), st.sampled_from(DeadlineKind), st.integers(1, 7))
def test_a_deadline_is_at_its_hour_and_never_after_the_day(on, at, count, kind, weekday):
	rule = Deadline(kind, count or (kind is DeadlineKind.WEEK), at, weekday)
	found = deadline(rule, on, school_calendar())
	if kind is DeadlineKind.NONE:
		assert found is None
	else:
		assert found.time() == at and found.date() <= on


@given(days, st.integers(0, 15), times)
def test_working_days_are_counted_by_hand(on, count, at):
	found = deadline(Deadline(DeadlineKind.WORKING_DAYS, count, at), on, school_calendar()).date()
	between = [found + timedelta(days=number) for number in range((on - found).days)]
	assert sum(is_working_day(each, school_calendar()) for each in between) == count


@given(days, times, st.integers(1, 7), st.integers(1, 4))
def test_one_deadline_for_all_days_of_a_week(on, at, weekday, weeks):
	rule = Deadline(DeadlineKind.WEEK, weeks, at, weekday)
	monday = on - timedelta(days=on.weekday())
	found = {deadline(rule, monday + timedelta(days=number), school_calendar()) for number in range(7)}
	assert len(found) == 1 and found.pop().date() < monday


@given(days, st.integers(0, 20), times, st.integers(0, 10))
def test_later_days_never_close_earlier(on, count, at, more):
	for kind in (DeadlineKind.DAYS, DeadlineKind.WORKING_DAYS):
		rule = Deadline(kind, count, at)
		later = on + timedelta(days=more)
		assert deadline(rule, on, school_calendar()) <= deadline(rule, later, school_calendar())


@pytest.mark.parametrize(
	"values",
	[
		{"kind": DeadlineKind.WEEK, "count": 1},
		{"kind": DeadlineKind.WEEK, "count": 0, "weekday": 4},
		{"kind": DeadlineKind.WEEK, "count": 1, "weekday": 8},
		{"kind": DeadlineKind.DAYS, "count": -1},
	],
)
def test_an_incomplete_rule_is_refused_by_name(values):
	with pytest.raises(InvalidDeadline):
		Deadline(**values)


# ---------------------------------------------------------------- late pick-ups (R10)

PICKUPS = [
	(day("2026-11-20"), "c", 25),
	(day("2026-09-04"), "a", 12),
	(day("2026-10-02"), "b", 40),
	(day("2026-10-03"), "tolerated", 5),
	(day("2027-09-03"), "next year", 30),
]


def test_the_first_two_are_free_and_tolerated_minutes_are_none():
	assert billed_pickups(LatePickupRule(3, grace=5), PICKUPS) == {"c": 3}


def test_the_count_starts_anew_each_year_or_month():
	assert billed_pickups(LatePickupRule(1), PICKUPS) == {
		"a": 1,
		"b": 2,
		"tolerated": 3,
		"c": 4,
		"next year": 1,
	}
	assert billed_pickups(LatePickupRule(2, CountedWithin.MONTH), PICKUPS) == {"tolerated": 2}
	assert billed_pickups(LatePickupRule(0), PICKUPS) == {}


@given(st.permutations(PICKUPS), st.integers(1, 5), st.sampled_from(CountedWithin))
def test_the_order_of_reading_changes_nothing(pickups, first, within):
	rule = LatePickupRule(first, within)
	assert billed_pickups(rule, pickups) == billed_pickups(rule, PICKUPS)
