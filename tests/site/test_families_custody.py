"""Custody calendars: R19. The engine's own tests prove the rules day by day; these prove the form and the way there."""

from datetime import date, timedelta

import pytest

from concerto_education.engine.ranges import DateRange
from concerto_education.families import errors, service
from tests.builders import child, custody_calendar, family, insert, member, payer, person

YEAR = DateRange(date(2026, 9, 1), date(2027, 8, 31))


@pytest.fixture
def separated():
	"""A family with two payers and one child: (family, child, first payer, second payer)."""
	mother, father, kid = person(), person(), child()
	doc = family(member(mother, "Representative 1"), member(father, "Representative 2"), member(kid))
	return doc, kid, payer(doc, mother), payer(doc, father)


def payers_over(calendar, span=YEAR):
	return service.payer_days([calendar.name], span)[calendar.name]


def test_r19_every_day_has_exactly_one_payer(separated):
	_doc, _kid, first, second = separated
	days = payers_over(custody_calendar(*separated))
	assert not days.gaps(YEAR)
	assert {payer for _span, payer in days} == {first.name, second.name}


@pytest.mark.parametrize(
	("rule", "values", "day", "position"),
	[
		("Even Weeks", {}, date(2026, 9, 7), 1),  # week 37
		("Even Weeks", {}, date(2026, 9, 14), 0),  # week 38
		("Odd Weeks", {}, date(2026, 9, 7), 0),
		("Alternate From Date", {"anchor_date": "2026-09-04"}, date(2026, 9, 10), 0),
		("Alternate From Date", {"anchor_date": "2026-09-04"}, date(2026, 9, 11), 1),
		("Weekdays", {"monday": 1, "tuesday": 1}, date(2026, 9, 8), 0),
		("Weekdays", {"monday": 1, "tuesday": 1}, date(2026, 9, 9), 1),
	],
)
def test_r19_each_rule_of_the_form_names_the_payer(separated, rule, values, day, position):
	doc, kid, *payers = separated
	calendar = custody_calendar(doc, kid, *payers, rule=rule, **values)
	assert payers_over(calendar).get(day) == payers[position].name


def test_r19_holidays_are_shared_by_halves_of_the_whole_holiday(separated):
	doc, kid, first, second = separated
	insert(
		"School Year",
		title="2090-2091",
		zone="A",
		starts_on="2090-09-01",
		ends_on="2091-08-31",
		holidays=[
			{"label": "Noel", "kind": "Small Holidays", "starts_on": "2090-12-20", "ends_on": "2091-01-02"}
		],
	)
	calendar = custody_calendar(
		doc, kid, first, second, valid_from="2090-09-01", holiday_rule="First Half in Even Years"
	)
	# Asked for January only: the half is still that of the fourteen days.
	january = payers_over(calendar, DateRange.month(2091, 1))
	december = payers_over(calendar, DateRange.month(2090, 12))
	assert december.get(date(2090, 12, 26)) == first.name
	assert december.get(date(2090, 12, 27)) == second.name
	assert january.get(date(2091, 1, 2)) == second.name


def test_r19_a_single_day_agreed_otherwise_wins(separated):
	doc, kid, first, second = separated
	day = date(2026, 9, 14)
	calendar = custody_calendar(doc, kid, first, second, exceptions=[{"date": day, "payer": second.name}])
	days = payers_over(calendar)
	assert days.get(day) == second.name
	assert days.get(day + timedelta(days=1)) == first.name


def test_r19_nothing_is_said_outside_the_calendar(separated):
	doc, kid, first, second = separated
	calendar = custody_calendar(doc, kid, first, second, valid_to="2026-12-31")
	days = payers_over(calendar)
	assert date(2026, 12, 31) in days
	assert date(2027, 1, 1) not in days


def test_r19_two_different_payers(separated):
	doc, kid, first, _second = separated
	with pytest.raises(errors.SamePayerTwice):
		custody_calendar(doc, kid, first, first)


def test_r19_payers_of_the_same_family(separated):
	doc, kid, first, _second = separated
	with pytest.raises(errors.PayerOfOtherFamily):
		custody_calendar(doc, kid, first, payer(family()))


def test_r19_a_child_of_the_family(separated):
	doc, _kid, first, second = separated
	for stranger in (child(), doc.members[0].person):
		with pytest.raises(errors.NotAChildOfFamily):
			custody_calendar(doc, stranger, first, second)


def test_r19_the_end_is_not_before_the_start(separated):
	with pytest.raises(errors.CustodyEndsBeforeStart):
		custody_calendar(*separated, valid_to="2026-08-31")


def test_r19_calendars_of_a_child_do_not_overlap(separated):
	custody_calendar(*separated, valid_to="2026-12-31")
	custody_calendar(*separated, valid_from="2027-01-01")
	with pytest.raises(errors.CustodyCalendarsOverlap):
		custody_calendar(*separated, valid_from="2026-12-31", valid_to="2026-12-31")


def test_r19_with_weekdays_each_payer_has_at_least_one(separated):
	every_day = dict.fromkeys(
		("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"), 1
	)
	for days in ({}, every_day):
		with pytest.raises(errors.NoCustodyDay):
			custody_calendar(*separated, rule="Weekdays", **days)


def test_r19_exceptions_name_a_payer_of_the_calendar_once_a_day_inside_it(separated):
	_doc, _kid, first, _second = separated
	good = {"date": "2026-10-01", "payer": first.name}
	for wrong in (
		[good, good],
		[{"date": "2026-08-31", "payer": first.name}],
		[{"date": "2026-10-01", "payer": payer(family()).name}],
	):
		with pytest.raises(errors.InvalidCustodyException):
			custody_calendar(*separated, exceptions=wrong)
