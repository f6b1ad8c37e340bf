"""School years from the official calendar, offline, then edited by administrators (R7)."""

from datetime import date

import frappe
import pytest

from concerto_education.activities import calendars, errors, school_years
from concerto_education.activities.doctype.school_year.school_year import create_next_school_year
from concerto_education.authority import roles
from concerto_education.engine.calendar import PeriodKind
from concerto_education.engine.ranges import DateRange
from tests import builders as make

YEAR = DateRange(date(2026, 9, 1), date(2027, 8, 31))


def spans(zone="A", year=YEAR):
	holidays, _bridges = school_years.official_holidays(zone, year)
	return {row.label: (row.kind, str(row.span)) for row in holidays}


def blank(start=2040, **values):
	"""A year without holidays, far from those of other tests."""
	defaults = {
		"title": f"{start}-{start + 1}",
		"zone": "A",
		"starts_on": f"{start}-09-01",
		"ends_on": f"{start + 1}-08-31",
	}
	return frappe.get_doc({"doctype": "School Year", **defaults, **values})


def holiday(label, first, last, kind="Small Holidays"):
	return {"label": label, "kind": kind, "starts_on": first, "ends_on": last}


# ---------------------------------------------------------------- the official calendar


def test_R7_zone_a_2026_2027():
	assert spans() == {
		"Vacances de la Toussaint": ("Small Holidays", "2026-10-17..2026-11-01"),
		"Vacances de Noël": ("Small Holidays", "2026-12-19..2027-01-03"),
		"Vacances d'hiver": ("Small Holidays", "2027-02-13..2027-02-28"),
		"Vacances de printemps": ("Small Holidays", "2027-04-10..2027-04-25"),
		"Vacances d'été": ("Summer", "2027-07-03..2027-08-31"),
	}


def test_R7_the_zones_differ():
	assert spans("B")["Vacances d'hiver"] != spans("A")["Vacances d'hiver"] != spans("C")["Vacances d'hiver"]


def test_R7_the_bridge_of_ascension_closes_and_is_no_holiday_period():
	_holidays, bridges = school_years.official_holidays("A", YEAR)
	assert date(2027, 5, 7) in bridges


def test_R7_september_days_before_school_starts_are_still_summer():
	# In 2023 school started on Monday 4 September.
	found = spans(year=DateRange(date(2023, 9, 1), date(2024, 8, 31)))
	assert found["Fin des vacances d'été"] == ("Summer", "2023-09-01..2023-09-03")
	assert found["Vacances d'été"][0] == "Summer"


def test_R7_public_holidays_of_the_year_and_of_the_departement():
	days = school_years.official_public_holidays("86", YEAR)
	assert sorted(map(str, days)) == [
		"2026-11-01", "2026-11-11", "2026-12-25", "2027-01-01", "2027-03-29", "2027-05-01",
		"2027-05-06", "2027-05-08", "2027-05-17", "2027-07-14", "2027-08-15",
	]  # fmt: skip
	assert date(2026, 12, 26) in school_years.official_public_holidays("67", YEAR), "Alsace"


def test_R7_a_year_nobody_knows_yet_is_refused_by_name():
	with pytest.raises(errors.OfficialCalendarUnknown):
		school_years.official_holidays("A", DateRange(date(2040, 9, 1), date(2041, 8, 31)))


def test_R7_filling_again_replaces_and_what_was_edited_can_be_saved():
	year = make.school_year()
	year.fill_from_official_calendar()
	year.append("public_holidays", {"date": "2026-11-20", "label": "Pont du maire"})
	year.save()
	assert calendars.school_calendar(YEAR).is_closed(date(2026, 11, 20))


def test_R7_only_administrators_fill_and_create():
	year = make.school_year()
	frappe.set_user(make.user(roles.SCHOOL_COORDINATOR))
	with pytest.raises(frappe.PermissionError):
		frappe.get_doc("School Year", year.name).fill_from_official_calendar()
	with pytest.raises(frappe.PermissionError):
		create_next_school_year()


def test_R7_the_next_year_follows_the_last_one():
	blank(2050).insert()
	frappe.set_user(make.user(roles.SCHOOL_ADMINISTRATOR))
	new = frappe.get_doc("School Year", create_next_school_year())
	assert (new.name, str(new.starts_on), str(new.ends_on)) == ("2051-2052", "2051-09-01", "2052-08-31")
	assert new.holidays == [], "not published yet: to be entered by hand"


# ---------------------------------------------------------------- what is refused


@pytest.mark.parametrize(
	("values", "error"),
	[
		({"ends_on": "2040-08-31"}, errors.PeriodEndsBeforeStart),
		({"holidays": [holiday("Noël", "2041-01-03", "2040-12-20")]}, errors.PeriodEndsBeforeStart),
		({"holidays": [holiday("Été", "2041-07-05", "2041-09-02")]}, errors.HolidayOutsideYear),
		(
			{
				"holidays": [
					holiday("Noël", "2040-12-20", "2041-01-03"),
					holiday("Hiver", "2041-01-03", "2041-01-10"),
				]
			},
			errors.HolidaysOverlap,
		),
		(
			{
				"holidays": [
					holiday("Noël", "2040-12-20", "2041-01-03"),
					holiday("noël ", "2041-02-03", "2041-02-10"),
				]
			},
			errors.DuplicateHoliday,
		),
		({"public_holidays": [{"date": "2041-09-01", "label": "Trop tard"}]}, errors.HolidayOutsideYear),
		(
			{
				"public_holidays": [
					{"date": "2041-05-01", "label": "Travail"},
					{"date": "2041-05-01", "label": "Pont"},
				]
			},
			errors.DuplicateHoliday,
		),
	],
)
def test_R7_wrong_dates_are_refused_by_name(values, error):
	with pytest.raises(error):
		blank(**values).insert()


def test_R7_two_years_never_share_a_day():
	blank().insert()
	with pytest.raises(errors.SchoolYearsOverlap):
		blank(2041, title="autre", starts_on="2041-08-31").insert()


# ---------------------------------------------------------------- the engine's calendar


def test_R7_the_calendar_of_a_span_knows_periods_and_closures():
	make.school_year()
	site = make.site(closures=[{"starts_on": "2026-11-26", "ends_on": "2026-11-27", "reason": "Travaux"}])
	general = calendars.school_calendar(YEAR)
	assert general.period_kind(date(2026, 11, 24)) == PeriodKind.SCHOOL
	assert general.period_kind(date(2026, 11, 25)) == PeriodKind.WEDNESDAY
	assert general.period_kind(date(2026, 10, 20)) == PeriodKind.SMALL_HOLIDAY
	assert general.period_kind(date(2027, 7, 5)) == PeriodKind.SUMMER
	assert general.label(date(2026, 11, 11)) == "Armistice"
	assert not general.is_closed(date(2026, 11, 26))
	assert calendars.school_calendar(YEAR, site.name).is_closed(date(2026, 11, 26))


def test_R7_site_closures_are_in_order_and_apart():
	with pytest.raises(errors.PeriodEndsBeforeStart):
		make.site(closures=[{"starts_on": "2026-11-27", "ends_on": "2026-11-26"}])
	with pytest.raises(errors.ClosuresOverlap):
		make.site(
			closures=[
				{"starts_on": "2026-11-26", "ends_on": "2026-11-28"},
				{"starts_on": "2026-11-28", "ends_on": "2026-11-29"},
			]
		)
	with pytest.raises(errors.InvalidPostcode):
		make.site(postcode="8600")
	with pytest.raises(errors.NegativeCapacity):
		make.site(capacity=-1)


def test_R7_the_five_periods_of_school_lie_between_the_holidays():
	year = make.school_year()
	year.run_method("onload")
	found = year.get_onload("terms")
	assert len(found) == 5
	assert found[0] == ["01/09/2026", "16/10/2026"]
	year.holidays = [row for row in year.holidays if "Toussaint" not in row.label]
	year.run_method("onload")
	assert len(year.get_onload("terms")) == 4, "they follow what is entered"
