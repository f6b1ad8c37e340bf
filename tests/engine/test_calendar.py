"""School time, Wednesdays, holidays, closed days, and the weekly patterns laid over them (R7, R27)."""

import pytest

from concerto_education.engine.calendar import Opening, PeriodKind
from concerto_education.engine.errors import InvalidPattern, OutsideCalendar, PatternOnClosedDays
from concerto_education.engine.patterns import (
	Cycle,
	PatternRow,
	WeeklyPattern,
	Weeks,
	planned,
	require_open_day,
)
from concerto_education.engine.ranges import DateRange, DateSet
from tests.engine.build import day, school_calendar, span

CANTEEN = Opening({1, 2, 4, 5}, {PeriodKind.SCHOOL})
ACM = Opening({1, 2, 3, 4, 5}, {PeriodKind.SMALL_HOLIDAY, PeriodKind.SUMMER})


@pytest.mark.parametrize(
	("text", "kind"),
	[
		("2026-09-03", PeriodKind.SCHOOL),
		("2026-09-02", PeriodKind.WEDNESDAY),
		("2026-10-21", PeriodKind.SMALL_HOLIDAY),  # a Wednesday of the holidays
		("2026-10-17", PeriodKind.SMALL_HOLIDAY),
		("2026-11-02", PeriodKind.SCHOOL),
		("2027-08-31", PeriodKind.SUMMER),
		("2027-07-02", PeriodKind.SCHOOL),
	],
)
def test_period_kind(text, kind):
	assert school_calendar().period_kind(day(text)) is kind


def test_a_day_without_school_year_is_named():
	with pytest.raises(OutsideCalendar):
		school_calendar().period_kind(day("2026-08-31"))
	with pytest.raises(OutsideCalendar):
		list(school_calendar().open_days(CANTEEN, span("2026-08-30", "2026-09-03")))


def test_public_holidays_and_closures_are_never_open():
	everything = Opening(range(1, 8), PeriodKind)
	calendar = school_calendar().with_closures(DateSet([span("2027-05-07", "2027-05-08")]))
	for text in ("2026-11-11", "2026-12-25", "2027-05-06", "2027-05-07", "2027-05-08"):
		assert not calendar.is_open(day(text), everything)
	assert calendar.is_open(day("2027-05-09"), everything)
	assert school_calendar().is_open(day("2027-05-07"), everything), "the closure is of one site only"


def test_labels():
	assert school_calendar().label(day("2026-12-25")) == "Noël"
	assert school_calendar().label(day("2026-10-20")) == "Toussaint"
	assert school_calendar().label(day("2026-09-03")) is None


def test_canteen_days_of_october():
	days = list(school_calendar().open_days(CANTEEN, DateRange.month(2026, 10)))
	assert [d.day for d in days] == [1, 2, 5, 6, 8, 9, 12, 13, 15, 16]


def test_openings_with_a_wrong_weekday_are_refused():
	with pytest.raises(ValueError):
		Opening({0}, {PeriodKind.SCHOOL})


# ---------------------------------------------------------------- patterns


def plan(*rows, over=("2026-09-01", "2026-09-30"), opening=CANTEEN):
	return list(planned(WeeklyPattern(rows), span(*over), school_calendar(), opening))


def test_pattern_gives_open_days_and_units_in_order():
	found = plan(PatternRow({1, 3}, ("morning", "evening")), over=("2026-09-01", "2026-09-14"))
	assert [(d.day, unit) for d, unit in found] == [
		(7, "morning"),
		(7, "evening"),
		(14, "morning"),
		(14, "evening"),
	], "Wednesday is not open"


def test_a_unit_named_by_two_rows_is_planned_once():
	found = plan(PatternRow({1}, ("meal",)), PatternRow({1, 2}, ("meal",)), over=("2026-09-07", "2026-09-08"))
	assert [d.day for d, _ in found] == [7, 8]


def test_even_and_odd_weeks_are_those_of_the_diary():
	# 2026-09-07 is the Monday of ISO week 37
	assert [d.day for d, _ in plan(PatternRow({1}, ("meal",), Weeks.ODD))] == [7, 21]
	assert [d.day for d, _ in plan(PatternRow({1}, ("meal",), "even"))] == [14, 28]


def test_week_53_is_followed_by_another_odd_week():
	"""2026 has 53 weeks: 53 and 1 are both odd. A cycle does not stumble there."""
	everything = Opening(range(1, 8), PeriodKind)
	over = ("2026-12-21", "2027-01-17")
	odd = [d for d, _ in plan(PatternRow({1}, ("u",), Weeks.ODD), over=over, opening=everything)]
	assert odd == [day("2026-12-28"), day("2027-01-04")]
	cycle = Cycle(day("2026-12-21"), 2, {1})
	found = [d for d, _ in plan(PatternRow({1}, ("u",), cycle), over=over, opening=everything)]
	assert found == [day("2026-12-21"), day("2027-01-04")]


def test_cycle_counts_from_the_week_of_its_anchor_and_backwards():
	cycle = Cycle(day("2026-09-10"), 3, {1, 3})  # a Thursday: its week is week 1
	assert [cycle.position(day(d)) for d in ("2026-09-07", "2026-09-13", "2026-09-14", "2026-09-21")] == [
		1,
		1,
		2,
		3,
	]
	assert cycle.position(day("2026-09-06")) == 3
	assert cycle.holds(day("2026-09-28")) and not cycle.holds(day("2026-09-14"))


@pytest.mark.parametrize(
	"make",
	[
		lambda: PatternRow({0}, ("u",)),
		lambda: PatternRow((), ("u",)),
		lambda: PatternRow({1}, ()),
		lambda: Cycle(day("2026-09-01"), 0, {1}),
		lambda: Cycle(day("2026-09-01"), 2, {3}),
		lambda: Cycle(day("2026-09-01"), 2, ()),
	],
)
def test_patterns_that_make_no_sense_are_refused(make):
	with pytest.raises(InvalidPattern):
		make()


def test_a_pattern_on_closed_days_only_is_refused():
	wednesday = WeeklyPattern((PatternRow({3}, ("meal",)),))
	with pytest.raises(PatternOnClosedDays):
		require_open_day(wednesday, span("2026-09-01", "2027-08-31"), school_calendar(), CANTEEN)
	require_open_day(wednesday, span("2026-09-01", "2027-08-31"), school_calendar(), ACM)
