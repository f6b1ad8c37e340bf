"""Meal orders: counting, comparing and the moment of the cut-off (R27, R41)."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concerto_education.engine.meals import (
	AgeClass,
	Plate,
	age_class_of,
	changes,
	count,
	cut_off,
	difference,
	total,
)

SMALL = AgeClass("Maternelle", ("TPS", "PS", "MS", "GS"), 2, 5)
LARGE = AgeClass("Élémentaire", ("CP", "CE1", "CE2", "CM1", "CM2"), 6, 12)
ADULT = AgeClass("Adultes", adults=True)
CLASSES = (SMALL, LARGE, ADULT)

plates = st.builds(
	Plate, st.sampled_from(["Maternelle", "Adultes"]), st.sampled_from(["", "Sans porc"]), st.booleans()
)
tables = st.dictionaries(st.text("abc", min_size=1, max_size=3), plates, max_size=12)


@pytest.mark.parametrize(
	("school_class", "age", "adult", "expected"),
	[
		("GS", 6, False, SMALL),  # six already, and still in nursery school: the level says more than the age
		("CE1-CE2 Mme Petit", None, False, LARGE),
		("TPS/PS", None, False, SMALL),
		(None, 4, False, SMALL),
		("", 8, False, LARGE),
		("Les hiboux", 5, False, SMALL),  # a class with a name of its own
		(None, None, False, LARGE),  # nothing is known: the larger portion
		(None, 15, False, LARGE),  # no class for this age
		(None, None, True, ADULT),
		("CP", 40, True, ADULT),  # a teacher may be in a class too
	],
)
def test_R41_the_portion_follows_level_then_age(school_class, age, adult, expected):
	assert age_class_of(CLASSES, school_class, age, adult) is expected


def test_R41_a_level_is_a_word():
	only_ps = AgeClass("Petite section", ("PS",))
	assert not only_ps.holds_level("TPS")
	assert only_ps.holds_level("ps-ms")


def test_R41_without_a_class_for_adults_they_eat_all_the_same():
	assert age_class_of((SMALL, LARGE), None, None, True) is LARGE
	assert age_class_of((), None, 5, False) is None


def test_R41_own_meals_are_counted_and_not_cooked():
	counts = count([Plate("Maternelle"), Plate("Maternelle", own_meal=True)], {Plate("Adultes"): 2})
	assert counts == {Plate("Adultes"): 2, Plate("Maternelle"): 1, Plate("Maternelle", "", True): 1}
	assert total(counts) == 3


def test_R41_no_negative_portions():
	with pytest.raises(ValueError, match="-1 portions"):
		count([], {Plate("Adultes"): -1})


@given(tables, tables)
def test_R41_the_difference_leads_from_one_order_to_the_next(before, after):
	old, new = count(before.values()), count(after.values())
	change = difference(old, new)
	assert {p: n for p in {*old, *change} if (n := old.get(p, 0) + change.get(p, 0))} == new
	assert 0 not in change.values()


@given(tables, tables)
def test_R41_changes_by_person_explain_the_difference(before, after):
	explained: dict[Plate, int] = {}
	for change in changes(before, after):
		assert change.before != change.after
		for plate, step in ((change.before, -1), (change.after, 1)):
			if plate:
				explained[plate] = explained.get(plate, 0) + step
	assert {p: n for p, n in explained.items() if n} == difference(
		count(before.values()), count(after.values())
	)


WEEKEND_OFF = lambda day: day.isoweekday() < 6  # noqa: E731


@pytest.mark.parametrize(
	("day", "days", "expected"),
	[
		(date(2026, 11, 24), 1, "2026-11-23 10:00"),
		(date(2026, 11, 23), 1, "2026-11-20 10:00"),  # Monday: ordered on Friday
		(date(2026, 11, 23), 2, "2026-11-19 10:00"),
		(date(2026, 11, 24), 0, "2026-11-24 10:00"),  # in the morning of the day itself
	],
)
def test_R27_the_cut_off_is_counted_in_working_days(day, days, expected):
	assert cut_off(day, days, time(10), WEEKEND_OFF) == datetime.fromisoformat(expected)


def test_R27_in_calendar_days_sunday_counts():
	assert cut_off(date(2026, 11, 23), 1, time(9, 30)) == datetime.fromisoformat("2026-11-22 09:30")


def test_R27_an_order_is_never_made_after_the_meal():
	with pytest.raises(ValueError, match="after the meal"):
		cut_off(date(2026, 11, 23), -1, time(10))
	with pytest.raises(ValueError, match="no working day"):
		cut_off(date(2026, 11, 23), 1, time(10), lambda day: False)


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.integers(0, 5))
def test_R27_the_cut_off_is_on_a_working_day_and_not_after(day, days):
	moment = cut_off(day, days, time(10), WEEKEND_OFF)
	assert moment.date() <= day
	assert days == 0 or WEEKEND_OFF(moment.date())
	between = [moment.date() + timedelta(days=n) for n in range((day - moment.date()).days)]
	assert sum(map(WEEKEND_OFF, between)) == days
