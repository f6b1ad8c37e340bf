"""A screen opens on what takes place today, else next; not on what the alphabet puts first (R4)."""

from __future__ import annotations

import frappe
import pytest
from freezegun import freeze_time

from concerto_education.activities.capacity import api as places
from concerto_education.activities.catalogue import offers
from concerto_education.activities.nearest import first_site, nearest
from concerto_education.attendance import day_sheet
from concerto_education.authority import roles
from tests import builders as make

SCHOOL_DAYS = {
	"in_school_time": 1,
	**dict.fromkeys(("monday", "tuesday", "thursday", "friday"), 1),
	"wednesday": 0,
}
WEDNESDAYS = {"in_school_time": 0, "on_wednesdays": 1, "wednesday": 1}


@pytest.fixture
def school():
	"""Two activities whose names are in the wrong order, and one that ended in October."""
	make.school_year()
	site = make.site()
	mark = make._unique()
	names = {}
	for key, name, values in (
		("over", "A fini", {**SCHOOL_DAYS, "valid_from": "2026-09-01", "valid_to": "2026-10-31"}),
		("club", "B mercredi", WEDNESDAYS),
		("canteen", "C cantine", SCHOOL_DAYS),
	):
		names[key] = make.activity(site, activity_name=f"{name} {mark}", **values).name
	return site.name, names


@pytest.mark.parametrize(
	("today", "activity", "day"),
	[
		("2026-11-24", "canteen", "2026-11-24"),  # a Tuesday
		("2026-11-25", "club", "2026-11-25"),  # a Wednesday
		("2026-10-13", "over", "2026-10-13"),
		("2026-12-19", "canteen", "2027-01-04"),  # the Christmas holidays: what comes first after them
		("2026-11-28", "canteen", "2026-11-30"),  # a Saturday
	],
)
def test_the_activity_of_today_else_the_next_one(school, today, activity, day):
	site, names = school
	found = nearest(offers([site]), frappe.utils.getdate(today))
	assert found == {site: (frappe.utils.getdate(day), names[activity])}


def test_the_pages_open_on_it(school):
	site, names = school
	frappe.set_user(make.user(roles.SCHOOL_COORDINATOR, sites=(site,)))
	with freeze_time("2026-11-25 09:00:00"):
		(shown,) = day_sheet.options()["sites"]
		listed = places.choices()
	assert shown["default"]
	assert [row["activity"] for row in shown["activities"] if row["default"]] == [names["club"]]
	assert [row["activity"] for row in listed if row["default"]] == [names["club"]]


def test_of_several_sites_the_one_with_something_today(school):
	site, names = school
	other = make.activity(activity_name=f"Z {make._unique()}", **WEDNESDAYS)
	sites = sorted([site, other.sites[0].site])
	found = nearest(offers(sites), frappe.utils.getdate("2026-11-24"))
	assert first_site(found) == site
	assert found[other.sites[0].site][1] == other.name and names["canteen"] == found[site][1]
	assert first_site({}) is None


def test_a_constant_number_of_queries(school):
	offered = offers([school[0]])
	today = frappe.utils.getdate("2026-11-24")
	more = offers([school[0], *(make.activity().sites[0].site for _ in range(3))])
	assert make.queries(lambda: nearest(offered, today)) == make.queries(lambda: nearest(more, today))
