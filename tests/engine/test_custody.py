"""Alternating custody: exactly one payer on every day (R19, R22)."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concerto_education.engine.calendar import HolidayKind
from concerto_education.engine.custody import (
	AlternateWeeks,
	CustodyCalendar,
	HolidayHalves,
	Weekdays,
	WeeksFrom,
)
from concerto_education.engine.errors import CustodyGap, CustodyOverlap, InvalidPattern
from tests.engine.build import ALWAYS, D, day, school_calendar, span

TWO_YEARS = span("2026-09-01", "2028-08-31")  # a week 53, a leap day, ten holidays
HOLIDAYS = school_calendar().holidays


def calendar(rule, **values):
	return CustodyCalendar(((ALWAYS, rule),), **values)


def who(custody, *texts):
	return [custody.payer_on(day(text)) for text in texts]


def test_even_and_odd_weeks():
	custody = calendar(AlternateWeeks(even="MUM", odd="DAD"))
	# 2026-09-07 begins ISO week 37
	assert who(custody, "2026-09-07", "2026-09-13", "2026-09-14") == ["DAD", "DAD", "MUM"]


def test_week_53_gives_the_odd_parent_two_weeks_in_a_row():
	custody = calendar(AlternateWeeks(even="MUM", odd="DAD"))
	assert who(custody, "2026-12-21", "2026-12-28", "2027-01-04", "2027-01-11") == [
		"MUM",
		"DAD",
		"DAD",
		"MUM",
	]


def test_weeks_from_a_date_do_not_stumble_at_the_new_year():
	custody = calendar(WeeksFrom(day("2026-09-04"), ("MUM", "DAD")))  # from a Friday
	assert who(custody, "2026-09-03", "2026-09-04", "2026-09-10", "2026-09-11") == [
		"DAD",
		"MUM",
		"MUM",
		"DAD",
	]
	days = [custody.payer_on(d) for d in span("2026-12-18", "2027-01-28").days()]
	assert [days[n] != days[n - 7] for n in range(7, len(days))] == [True] * (len(days) - 7)


def test_change_over_on_friday():
	custody = calendar(AlternateWeeks(even="MUM", odd="DAD", starts_on=5))
	# Friday 2026-09-11 belongs to week 37 (odd); the days until Thursday 17 follow it.
	assert who(custody, "2026-09-10", "2026-09-11", "2026-09-17", "2026-09-18") == [
		"MUM",
		"DAD",
		"DAD",
		"MUM",
	]


def test_chosen_weekdays():
	custody = calendar(Weekdays({1: "MUM", 2: "MUM", 3: "DAD", 4: "DAD", 5: "MUM", 6: "MUM", 7: "MUM"}))
	assert who(custody, "2026-09-07", "2026-09-09", "2026-09-11") == ["MUM", "DAD", "MUM"]


def test_days_nobody_has_are_named():
	custody = calendar(Weekdays(dict.fromkeys((1, 2, 3, 4, 5), "MUM")))
	with pytest.raises(CustodyGap) as caught:
		custody.over(span("2026-09-07", "2026-09-14"))
	assert caught.value.params == {"start": day("2026-09-12"), "end": day("2026-09-13")}


def test_days_two_rules_claim_are_named():
	rules = ((ALWAYS, AlternateWeeks("MUM", "DAD")), (ALWAYS, Weekdays({3: "DAD"})))
	with pytest.raises(CustodyOverlap) as caught:
		CustodyCalendar(rules).over(span("2026-09-07", "2026-09-20"))
	assert caught.value.params == {"first": "MUM", "second": "DAD", "day": day("2026-09-16")}
	same = ((ALWAYS, Weekdays({3: "DAD"})), (ALWAYS, Weekdays(dict.fromkeys(range(1, 8), "DAD"))))
	assert CustodyCalendar(same).payer_on(day("2026-09-16")) == "DAD", "agreeing rules are no conflict"


def test_halves_of_holidays():
	halves = HolidayHalves("MUM", "DAD")
	custody = calendar(Weekdays(dict.fromkeys(range(1, 8), "X")), halves=halves, holidays=HOLIDAYS)
	# Toussaint 2026: 16 days, even year
	assert who(
		custody, "2026-10-16", "2026-10-17", "2026-10-24", "2026-10-25", "2026-11-01", "2026-11-02"
	) == [
		"X",
		"MUM",
		"MUM",
		"DAD",
		"DAD",
		"X",
	]
	# Noël 2026 ends in 2027: the year is that of its first day
	assert who(custody, "2026-12-19", "2027-01-03") == ["MUM", "DAD"]
	# Hiver 2027: odd year
	assert who(custody, "2027-02-13", "2027-02-20", "2027-02-21", "2027-02-28") == [
		"DAD",
		"DAD",
		"MUM",
		"MUM",
	]


def test_halves_of_some_holidays_only():
	halves = HolidayHalves("MUM", "DAD", frozenset({HolidayKind.SUMMER}))
	custody = calendar(Weekdays(dict.fromkeys(range(1, 8), "X")), halves=halves, holidays=HOLIDAYS)
	assert who(custody, "2026-10-17", "2027-07-03", "2027-08-31") == ["X", "DAD", "MUM"]


def test_a_half_is_half_of_the_whole_holiday_also_when_the_month_cuts_it():
	halves = HolidayHalves("MUM", "DAD")
	custody = calendar(AlternateWeeks("MUM", "DAD"), halves=halves, holidays=HOLIDAYS)
	whole = custody.over(TWO_YEARS)
	for month in TWO_YEARS.months():
		assert custody.over(month) == whole.clip(month)


def test_a_holiday_with_an_odd_number_of_days_gives_the_middle_day_to_the_first_half():
	halves = HolidayHalves("MUM", "DAD").split(span("2026-10-01", "2026-10-05"))
	assert halves == ((span("2026-10-01", "2026-10-03"), "MUM"), (span("2026-10-04", "2026-10-05"), "DAD"))
	assert HolidayHalves("MUM", "DAD").split(span("2026-10-01", "2026-10-01")) == (
		(span("2026-10-01", "2026-10-01"), "MUM"),
	)


def test_single_days_win_over_all():
	custody = calendar(AlternateWeeks("MUM", "DAD"), exceptions={day("2026-09-07"): "MUM"})
	assert who(custody, "2026-09-07", "2026-09-08") == ["MUM", "DAD"]


def test_a_new_judgement_from_a_day_on():
	custody = CustodyCalendar(
		(
			(span("2026-01-01", "2026-09-09"), Weekdays(dict.fromkeys(range(1, 8), "MUM"))),
			(span("2026-09-10"), AlternateWeeks("MUM", "DAD")),
		)
	)
	assert who(custody, "2026-09-09", "2026-09-10", "2026-09-14") == ["MUM", "DAD", "MUM"]
	with pytest.raises(CustodyGap):
		custody.payer_on(day("2025-12-31"))


def test_shares_for_charging():
	shares = calendar(AlternateWeeks("MUM", "DAD")).shares(span("2026-09-07", "2026-09-20"))
	assert [(len(s), s[0].payer, s[0].share) for _, s in shares] == [(1, "DAD", D(1)), (1, "MUM", D(1))]


@pytest.mark.parametrize(
	"make",
	[
		lambda: AlternateWeeks("A", "B", 0),
		lambda: Weekdays({8: "A"}),
		lambda: WeeksFrom(day("2026-09-01"), ()),
	],
)
def test_rules_that_make_no_sense(make):
	with pytest.raises(InvalidPattern):
		make()


weekdays = st.lists(st.sampled_from("AB"), min_size=7, max_size=7).map(
	lambda payers: Weekdays(dict(enumerate(payers, start=1)))
)
full_rules = st.one_of(
	st.builds(AlternateWeeks, st.just("A"), st.just("B"), st.integers(1, 7)),
	st.builds(
		WeeksFrom,
		st.integers(-400, 400).map(lambda n: TWO_YEARS.start + timedelta(days=n)),
		st.permutations("AB").map(tuple),
	),
	weekdays,
)


@given(
	full_rules,
	st.one_of(st.none(), st.permutations("AB").map(lambda pair: HolidayHalves(*pair))),
	st.dictionaries(
		st.integers(0, 730).map(lambda n: TWO_YEARS.start + timedelta(days=n)),
		st.sampled_from("AB"),
		max_size=10,
	),
)
def test_two_years_have_exactly_one_payer_on_every_day(rule, halves, exceptions):
	"""Two school years with a leap day, a week 53 and all holidays."""
	custody = calendar(rule, halves=halves, holidays=HOLIDAYS, exceptions=exceptions)
	found = custody.over(TWO_YEARS)
	assert not found.gaps(TWO_YEARS)
	assert sum(days.count() for days in found.transpose().values()) == TWO_YEARS.count() == 731
	for d in TWO_YEARS.days():
		payer = found.get(d)
		if d in exceptions:
			assert payer == exceptions[d]
		elif halves and HOLIDAYS.get(d):
			period = next(p for p, _ in HOLIDAYS if d in p)
			first = (d - period.start).days < (period.count() + 1) // 2
			even = period.start.year % 2 == 0
			assert payer == (halves.even_years_first if first == even else halves.even_years_second)
		else:
			assert payer == rule.payer(d)
