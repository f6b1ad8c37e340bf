"""A custody calendar as the form draws it, and the way from the form to the engine: R19."""

from datetime import date, timedelta

import frappe
import pytest

from concerto_education.authority import roles
from concerto_education.engine.ranges import DateRange
from concerto_education.families import custody_month, errors, service
from tests.builders import (
	child,
	custody_calendar,
	family,
	insert,
	member,
	payer,
	person,
	school_year,
	user,
)

# 2026 has a week 53; 29 February 2028 is a day too.
THREE_YEARS = DateRange(date(2026, 1, 1), date(2028, 12, 31))


@pytest.fixture
def separated():
	"""A family with two payers and one child: (family, child, mother's payer, father's payer)."""
	mother = person("Aubry", "Delphine", civility="Mme")
	father, kid = person("Pasquier", "Sebastien", civility="M."), child()
	doc = family(member(mother, "Representative 1"), member(father, "Representative 2"), member(kid))
	return doc, kid, payer(doc, mother), payer(doc, father)


def drawn(calendar, month: str) -> dict:
	return custody_month.custody_month(calendar.as_dict(), month)


def day(data: dict, text: str) -> dict:
	return next(row for row in data["days"] if row["date"] == text)


def test_r19_each_payer_has_a_letter_besides_the_colour(separated):
	data = drawn(custody_calendar(*separated), "2026-09-01")
	assert [(row["letter"], row["title"]) for row in data["payers"]] == [
		("D", "Madame AUBRY Delphine"),
		("S", "Monsieur PASQUIER Sebastien"),
	]


def test_r19_two_payers_with_one_initial_are_a_and_b():
	one, other, kid = person("Un", "Marie"), person("Deux", "Marc"), child()
	doc = family(member(one, "Representative 1"), member(other, "Representative 2"), member(kid))
	data = drawn(custody_calendar(doc, kid, payer(doc, one), payer(doc, other)), "2026-09-01")
	assert [row["letter"] for row in data["payers"]] == ["A", "B"]


def test_r19_the_month_is_that_of_billing_with_its_exceptions(separated):
	doc, kid, first, second = separated
	calendar = custody_calendar(
		doc, kid, first, second, exceptions=[{"date": "2026-09-14", "payer": second.name, "note": "Échange"}]
	)
	data = drawn(calendar, "2026-09-15")
	assert (data["month"], len(data["days"]), data["incomplete"]) == ("2026-09", 30, None)
	swapped = day(data, "2026-09-14")
	assert (swapped["rule"], swapped["payer"], swapped["exception"], swapped["note"]) == (
		0,
		1,
		True,
		"Échange",
	)
	billed = service.payer_days([calendar.name], DateRange.month(2026, 9))[calendar.name]
	names = [first.name, second.name]
	assert [names[row["payer"]] for row in data["days"]] == [
		billed.get(date.fromisoformat(row["date"])) for row in data["days"]
	]


def test_r19_holidays_are_marked_and_halved(separated):
	school_year()
	calendar = custody_calendar(*separated, holiday_rule="First Half in Even Years")
	data = drawn(calendar, "2026-10-01")
	holidays = [row for row in data["days"] if row["holiday"]]
	assert holidays[0]["date"] == "2026-10-17"
	assert [row["payer"] for row in holidays] == [0] * 8 + [1] * 7, "half of the whole: it ends in November"
	assert day(drawn(calendar, "2026-11-01"), "2026-11-11")["public_holiday"]
	assert drawn(calendar, "2027-01-01")["known_year"] is True
	assert drawn(calendar, "2060-01-01")["known_year"] is False, (
		"its holidays are missing, and the form says so"
	)


def test_r19_half_of_the_holidays_the_other_way_round_in_odd_years(separated):
	school_year()
	odd = custody_calendar(*separated, holiday_rule="First Half in Odd Years")
	assert day(drawn(odd, "2026-10-01"), "2026-10-17")["payer"] == 1
	assert day(drawn(odd, "2027-02-01"), "2027-02-13")["payer"] == 0


def test_r19_a_calendar_that_is_not_saved_is_drawn_too(separated):
	doc, kid, first, second = separated
	values = {
		"family": doc.name,
		"person": kid.name,
		"first_payer": first.name,
		"second_payer": second.name,
		"valid_from": "2026-09-07",
		"rule": "Weekdays",
		"monday": 1,
	}
	data = custody_month.custody_month(values, "2026-09-01")
	assert day(data, "2026-09-06")["payer"] is None, "before the first day"
	assert (day(data, "2026-09-07")["payer"], day(data, "2026-09-08")["payer"]) == (0, 1)
	for missing in (
		{"rule": None},
		{"rule": "Alternate From Date"},
		{"monday": 0},
		{"valid_to": "2026-01-01"},
	):
		told = custody_month.custody_month({**values, **missing}, "2026-09-01")
		assert told["incomplete"]
		assert told["days"] == []


def test_r19_weeks_may_change_on_friday(separated):
	calendar = custody_calendar(*separated, rule="Odd Weeks", changes_on="Friday")
	data = drawn(calendar, "2026-09-01")
	# Friday 11 September begins week 37, odd: the first payer's, until Thursday 17.
	assert [day(data, f"2026-09-{number}")["payer"] for number in (10, 11, 17, 18)] == [1, 0, 0, 1]


RULES = [
	{"rule": "Even Weeks"},
	{"rule": "Odd Weeks", "changes_on": "Friday"},
	{"rule": "Alternate From Date", "anchor_date": "2026-01-02"},
	{"rule": "Weekdays", "monday": 1, "tuesday": 1},
]


@pytest.mark.parametrize("holiday_rule", ["Same Rule", "First Half in Even Years", "First Half in Odd Years"])
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["rule"])
def test_r19_three_years_have_one_payer_on_every_day(separated, rule, holiday_rule):
	"""From the form through the database to the engine: leap day, week 53, holidays of two school years, exceptions."""
	doc, kid, first, second = separated
	for start in (2025, 2026, 2027):
		school_year(start)
	exceptions = {date(2026, 12, 31): second.name, date(2028, 2, 29): first.name}
	calendar = custody_calendar(
		doc,
		kid,
		first,
		second,
		valid_from="2026-01-01",
		holiday_rule=holiday_rule,
		exceptions=[{"date": day, "payer": name} for day, name in exceptions.items()],
		**rule,
	)
	found = service.payer_days([calendar.name], THREE_YEARS)[calendar.name]
	assert not found.gaps(THREE_YEARS)
	assert sum(days.count() for days in found.transpose().values()) == THREE_YEARS.count() == 1096
	for each in exceptions:
		assert found.get(each) == exceptions[each]
	if rule["rule"] == "Even Weeks" and holiday_rule == "Same Rule":
		# Weeks 53 and 1: the odd one has two weeks in a row, but for the day that was exchanged.
		turn = [found.get(date(2026, 12, 28) + timedelta(days=number)) for number in range(14)]
		assert set(turn) == {second.name}


def test_the_dossier_shows_its_calendars(separated):
	calendar = custody_calendar(*separated, valid_to="2026-12-31")
	(row,) = custody_month.family_custody(separated[0].name, "2026-09-15")
	assert (row["calendar"], row["child"]) == (calendar.name, separated[1].full_name)
	assert custody_month.family_custody(separated[0].name, "2027-01-01") == []


def test_payers_of_another_family_are_not_named(separated):
	stranger = payer(family())
	values = custody_calendar(*separated).as_dict() | {"second_payer": stranger.name}
	data = custody_month.custody_month(values, "2026-09-01")
	assert data["payers"][1] == {"name": None, "title": "", "short": "", "letter": "B"}


@pytest.mark.parametrize("role", [roles.ATTENDANCE_AGENT, roles.KITCHEN, roles.FAMILY])
def test_who_may_not_read_dossiers_sees_no_calendar(separated, role):
	calendar = custody_calendar(*separated)
	frappe.set_user(user(role))
	with pytest.raises(frappe.PermissionError):
		drawn(calendar, "2026-09-01")
	with pytest.raises(frappe.PermissionError):
		custody_month.family_custody(separated[0].name)


def test_r19_an_exception_outside_the_calendar_is_named_in_french(separated):
	doc, kid, first, second = separated
	with pytest.raises(errors.InvalidCustodyException) as caught:
		insert(
			"Custody Calendar",
			family=doc.name,
			person=kid.name,
			first_payer=first.name,
			second_payer=second.name,
			rule="Even Weeks",
			valid_from="2026-09-01",
			exceptions=[{"date": "2026-08-31", "payer": first.name}],
		)
	assert "31/08/2026" in str(caught.value)
