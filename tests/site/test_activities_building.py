"""A building is full for all its activities together (R2, R40): the capacity of the Site, by the gate of every place."""

from __future__ import annotations

import frappe
import pytest
from freezegun import freeze_time

from concerto_education.activities.capacity import offers, view
from concerto_education.activities.capacity.errors import CapacityFull, OverCapacityRefused
from concerto_education.attendance import forecast
from tests import builders
from tests.capacity_builders import DAY, TODAY, enrol, entry_of, on_the_list, planned, settings
from tests.site.test_activities_capacity import _queries


@pytest.fixture(autouse=True)
def _today():
	"""Tuesday 24 November 2026, whatever the clock says."""
	with freeze_time(f"{TODAY} 09:00:00.000001", tick=True):
		yield


@pytest.fixture(autouse=True)
def _settings():
	settings()


@pytest.fixture
def school():
	"""A building for two children."""
	builders.school_year()
	site = builders.site()
	site.capacity = 2
	return site.save()


def service(site, hours=("11:45", "13:30"), **values):
	act = builders.activity(site, units=("jour",), **values)
	if hours:
		act.units[0].starts_at, act.units[0].ends_at = hours
	return act.save()


def test_two_activities_share_the_building_and_the_message_says_so(school):
	enrol(service(school)), enrol(service(school))
	with pytest.raises(CapacityFull, match=r"toutes activités.*11:45 \(2 enfants.*2\)") as error:
		enrol(service(school))
	assert school.name in str(error.value)
	assert not error.value.shortfalls[0].slot.activity


def test_other_hours_find_room(school):
	noon = service(school)
	enrol(noon), enrol(noon)
	assert planned(enrol(service(school, hours=("16:30", "18:30"))))


def test_hours_that_overlap_do_not(school):
	noon = service(school)
	enrol(noon), enrol(noon)
	with pytest.raises(CapacityFull):
		enrol(service(school, hours=("13:00", "18:30")))
	with pytest.raises(CapacityFull):
		enrol(service(school, hours=None))


def test_a_child_in_two_activities_at_once_is_there_once(school):
	one, other = service(school), service(school)
	family = builders.family()
	who = builders.payer(family)
	enrol(one)
	for act in (one, other):
		assert planned(builders.enrolment(family, act, who, pattern="2", valid_from="2026-11-25"))


def test_adults_buses_and_other_buildings_take_no_place(school):
	noon = service(school)
	enrol(noon), enrol(noon)
	of = builders.family()
	adult = next(row.person for row in of.members if row.role != "Child")
	lunch = service(school, categories=("Autres",))
	assert planned(builders.enrolment(of, lunch, person=adult, category="Autres", valid_from="2026-11-25"))
	assert planned(enrol(service(school, kind="Transport, Wednesday")))
	assert planned(enrol(service(builders.site())))


def test_without_a_capacity_nothing_is_asked(school):
	frappe.db.set_value("Site", school.name, "capacity", 0)
	frappe.clear_document_cache("Site", school.name)
	noon = service(school)
	assert all(planned(enrol(noon)) for _ in range(3))


def test_full_days_go_to_the_waiting_list_and_the_place_of_another_activity_frees_them(school):
	canteen, club = service(school), service(school)
	first = enrol(canteen)
	enrol(canteen)
	waiting = on_the_list(club)
	assert (waiting.status, planned(waiting)) == ("Waiting", 0)
	assert not offers.offerable(club.name, school.name)
	first.status = "Cancelled"
	first.save()
	assert offers.promote(club.name, school.name) == [entry_of(waiting).name]
	with pytest.raises(CapacityFull):
		enrol(canteen)  # the place is held until the family answers
	offers.accept(entry_of(waiting).name)
	assert planned(frappe.get_doc("Enrolment", waiting.name))


def test_the_forecast_of_many_stops_at_the_building(school):
	frappe.db.set_value("Site", school.name, "capacity", 0)
	frappe.clear_document_cache("Site", school.name)
	noon = service(school)
	three = [enrol(noon) for _ in range(3)]
	frappe.db.delete("Attendance", {"activity": noon.name})
	school.reload()
	school.capacity = 2
	school.save()
	forecast.apply([row.name for row in three])
	assert frappe.db.count("Attendance", {"activity": noon.name, "attendance_date": DAY}) == 2


def test_a_row_by_hand_is_refused_and_a_presence_is_not(school):
	"""R31: who is there is a fact."""
	noon = service(school)
	enrol(noon), enrol(noon)
	other = enrol(service(school), pattern="4", valid_from="2026-11-24")
	with pytest.raises(CapacityFull):
		builders.attendance(other, str(DAY), unit="jour")
	assert builders.attendance(other, TODAY, "Present", unit="jour").status == "Present"


def test_only_the_margin_of_the_law_goes_over(school):
	nursery = service(school, kind="Nursery, Occasional")
	enrol(nursery), enrol(nursery)
	with pytest.raises(OverCapacityRefused):
		enrol(nursery, over_capacity_reason="Urgence sociale")
	rule = frappe.get_single("Waiting List Settings")
	rule.append("margins", {"kind": "Nursery, Occasional", "percent": 50})
	rule.save()
	assert planned(enrol(nursery, over_capacity_reason="Urgence sociale"))
	with pytest.raises(OverCapacityRefused):
		enrol(nursery, over_capacity_reason="Encore un")


def test_a_building_made_smaller_warns_and_takes_nothing_away(school):
	noon = service(school)
	both = [enrol(noon), enrol(noon)]
	frappe.clear_messages()
	school.reload()
	school.capacity = 1
	school.save()
	assert any("11:45" in str(message) for message in frappe.get_message_log())
	assert all(planned(row) for row in both)


def test_the_page_of_places_shows_the_building(school):
	noon, club = service(school), service(school)
	enrol(noon), enrol(club)
	week = view.week(noon.name, school.name, DAY)
	row = week["rows"][-1]
	tuesday = [day["date"] for day in week["days"]].index(str(DAY))
	assert (row["cells"][tuesday]["taken"], row["cells"][tuesday]["limit"]) == (2, 2)
	assert week["limited"]


def test_counting_is_a_constant_number_of_queries(school):
	from concerto_education.activities.capacity import gate

	school.capacity = 50
	school.save()
	few, many = service(school), service(builders.site())
	frappe.db.set_value("Site", many.sites[0].site, "capacity", 50)
	frappe.clear_document_cache("Site", many.sites[0].site)
	enrol(few)
	for _ in range(6):
		enrol(many)
	counts = []
	for act in (few, many):
		place = [gate.Place(frappe.db.get_value("Enrolment", {"activity": act.name}), DAY, "jour")]
		gate.check(place)
		counts.append(_queries(lambda place=place: gate.check(place)))
	assert counts[0] == counts[1] <= 12
