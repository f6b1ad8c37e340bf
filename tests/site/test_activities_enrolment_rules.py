"""Enrolments: ages, dates of the activity, cycles of weeks: refused by name, and nothing saved (R4, R25, R27)."""

import frappe
import pytest

from concerto_education.activities import enrolments, errors
from concerto_education.authority import roles
from tests import builders as make


def family_of(birth_date: str):
	kid = make.child(birth_date=birth_date)
	return make.family(make.member(make.person(), "Representative 1"), make.member(kid))


def count(of) -> int:
	return frappe.db.count("Enrolment", {"family": of.name})


def dates(enrolment) -> list[str]:
	rows = frappe.get_all(
		"Attendance", {"enrolment": enrolment.name}, pluck="attendance_date", order_by="attendance_date"
	)
	return [str(day) for day in rows]


# ---------------------------------------------------------------- ages


@pytest.mark.parametrize(
	("birth", "fits"),
	[
		("2023-09-01", True),  # three on the first day
		("2023-09-02", False),
		("2014-09-02", True),  # eleven until the day after
		("2014-09-01", False),
	],
)
def test_R25_the_age_on_the_first_day_is_in_the_range_of_the_activity(birth, fits):
	of, act = family_of(birth), make.activity(age_from=3, age_to=11)
	if fits:
		assert make.enrolment(of, act).name
		return
	with pytest.raises(errors.AgeOutOfRange):
		make.enrolment(of, act)
	assert count(of) == 0


def test_R25_a_child_without_a_date_of_birth_is_not_guessed_to_fit():
	kid = make.person()
	of = make.family(make.member(make.person(), "Representative 1"), make.member(kid))
	with pytest.raises(errors.AgeOutOfRange, match="naissance"):
		make.enrolment(of, make.activity(age_from=3))


def test_R26_adults_have_no_age_range():
	act = make.activity(categories=("Autres",), age_from=3, age_to=11)
	of = make.family()
	adult = next(row.person for row in of.members if row.role != "Child")
	assert make.enrolment(of, act, person=adult, category="Autres").name


def test_R25_whoever_may_enrols_outside_the_range_and_says_why():
	of, act = family_of("2024-06-01"), make.activity(age_from=3)
	payer = make.payer(of)
	with pytest.raises(errors.OverrideReasonNeeded):
		make.enrolment(of, act, payer, age_override=1)
	make.school_year()
	director = make.user(roles.LEISURE_DIRECTOR, sites=(act.sites[0].site,))
	frappe.set_user(director)
	enrolment = make.enrolment(
		of, act, payer, age_override=1, age_override_reason="Fratrie, accord de la PMI"
	)
	assert enrolment.age_override_by == director
	frappe.set_user("Administrator")
	enrolment.note = "x"
	enrolment.save()
	assert enrolment.age_override_by == director, "who decided stays"


def test_R10_a_seasonal_clerk_does_not_decide_about_ages():
	of, act = family_of("2024-06-01"), make.activity(age_from=3)
	payer = make.payer(of)
	make.school_year()
	frappe.set_user(make.user(roles.SEASONAL_CLERK))
	with pytest.raises((errors.OverrideNotAllowed, errors.AgeOutOfRange)):
		make.enrolment(of, act, payer, age_override=1, age_override_reason="Fratrie")
	assert count(of) == 0


def test_a_range_that_is_set_later_leaves_old_enrolments_alone():
	of, act = family_of("2024-06-01"), make.activity()
	enrolment = make.enrolment(of, act)
	act.age_from = 3
	act.save()
	enrolment.note = "x"
	assert enrolment.save().name


# ---------------------------------------------------------------- dates of the activity


def test_R7_an_enrolment_lies_inside_the_dates_of_the_activity():
	act = make.activity(valid_from="2026-10-01", valid_to="2026-12-18")
	of = make.family()
	payer = make.payer(of)
	for period in (
		{"valid_from": "2026-09-30", "valid_to": "2026-12-18"},
		{"valid_from": "2026-10-01", "valid_to": "2026-12-19"},
	):
		with pytest.raises(errors.OutsideActivity):
			make.enrolment(of, act, payer, **period)
	assert count(of) == 0
	enrolment = make.enrolment(of, act, payer, valid_from=None, valid_to=None)
	assert (str(enrolment.valid_from), str(enrolment.valid_to)) == ("2026-10-01", "2026-12-18"), "the default"


def test_R7_the_default_period_without_dates_is_the_school_year():
	make.school_year()
	span = enrolments.default_period(frappe.utils.getdate("2026-11-03"), make.activity().name)
	assert (str(span.start), str(span.end)) == ("2026-09-01", "2027-08-31")


# ---------------------------------------------------------------- cycles of weeks


def cycle(week: int, days: str = "1", length: int = 3, unit: str = "midi", **values) -> dict:
	return {
		"unit": unit,
		"weeks": "Cycle",
		"cycle_length": length,
		"cycle_week": week,
		**make.days(days),
		**values,
	}


def test_R27_a_cycle_of_three_weeks_counts_from_the_week_of_its_first_day():
	enrolment = make.enrolment(pattern=[cycle(1, "1"), cycle(3, "2")], valid_to="2026-10-16")
	# Tuesday 1 September is in week 1: Mondays of weeks 1, Tuesdays of weeks 3.
	assert dates(enrolment) == ["2026-09-15", "2026-09-21", "2026-10-06", "2026-10-12"]
	assert str(enrolment.pattern[0].cycle_start) == "2026-09-01"


def test_R27_a_cycle_may_start_on_another_day():
	rows = [cycle(1, "1", 2, cycle_start="2026-09-07")]
	assert dates(make.enrolment(pattern=rows, valid_to="2026-10-10")) == [
		"2026-09-07",
		"2026-09-21",
		"2026-10-05",
	]


@pytest.mark.parametrize(
	"rows",
	[
		[cycle(4)],
		[cycle(0)],
		[cycle(1, length=1)],
		[cycle(1, length=13)],
		[cycle(1), cycle(2, length=4)],
		[cycle(1), cycle(2, cycle_start="2026-10-01")],
		[cycle(1), cycle(1)],
		[cycle(1), {"unit": "midi", "weeks": "Every Week", **make.days("1")}],
	],
)
def test_R27_a_cycle_that_contradicts_itself_is_refused(rows):
	of = make.family()
	with pytest.raises(errors.InvalidPatternRow):
		make.enrolment(of, pattern=rows)
	assert count(of) == 0


def test_R27_a_changed_cycle_changes_the_forecast():
	enrolment = make.enrolment(pattern=[cycle(1, "1", 2)], valid_from="2027-01-04", valid_to="2027-02-05")
	assert dates(enrolment) == ["2027-01-04", "2027-01-18", "2027-02-01"]
	enrolment.pattern[0].cycle_week = 2
	enrolment.save()
	planned = frappe.get_all(
		"Attendance",
		{"enrolment": enrolment.name, "status": "Planned"},
		pluck="attendance_date",
		order_by="attendance_date",
	)
	assert [str(day) for day in planned] == ["2027-01-11", "2027-01-25"]
