"""Places (R40): never over the capacity, whichever way a place is asked for."""

from __future__ import annotations

import frappe
import pytest
from freezegun import freeze_time

from concerto_education.activities.capacity import gate, places
from concerto_education.activities.capacity.errors import CapacityFull, OverCapacityRefused, UnknownGroup
from concerto_education.attendance import forecast
from concerto_education.authority import roles
from tests import builders
from tests.capacity_builders import DAY, TODAY, WEEK, centre, enrol, planned, settings


@pytest.fixture(autouse=True)
def _today():
	"""Tuesday 24 November 2026, whatever the clock says."""
	with freeze_time(f"{TODAY} 09:00:00.000001", tick=True):
		yield


@pytest.fixture(autouse=True)
def _settings():
	settings()


# ---------------------------------------------------------------- the gate


def test_the_place_after_the_last_is_refused_with_the_day_and_what_to_do():
	act = centre(2)
	enrol(act), enrol(act)
	with pytest.raises(CapacityFull, match=r"2 .*2") as error:
		enrol(act)
	assert error.value.shortfalls[0].limit == 2


def test_other_days_and_units_are_free():
	act = centre(1, units=("matin", "soir"))
	enrol(act)
	assert planned(enrol(act, pattern="4"))
	evening = [{"unit": "soir", "weeks": "Every Week", **builders.days("2")}]
	assert planned(enrol(act, pattern=evening))


def test_no_capacity_is_no_limit():
	act = centre(0)
	assert all(planned(enrol(act)) for _ in range(4))


def test_each_group_has_its_own_places():
	act = centre(0, groups=[("Petits", 1), ("Grands", 1)])
	enrol(act, activity_group="Petits")
	assert planned(enrol(act, activity_group="Grands"))
	with pytest.raises(CapacityFull, match="Petits"):
		enrol(act, activity_group="Petits")


def test_a_child_gets_the_group_of_its_age():
	act = centre(0, groups=[("Petits", 5, {"age_from": 3, "age_to": 5}), ("Grands", 5, {"age_from": 6})])
	assert enrol(act).activity_group == "Grands"  # born in March 2019


def test_an_unknown_group_is_refused():
	with pytest.raises(UnknownGroup):
		enrol(centre(0, groups=[("Petits", 1)]), activity_group="Moyens")


def test_moving_to_a_full_group_is_refused():
	act = centre(0, groups=[("Petits", 1), ("Grands", 1)])
	enrol(act, activity_group="Petits")
	other = enrol(act, activity_group="Grands")
	other.activity_group = "Petits"
	with pytest.raises(CapacityFull):
		other.save()


def test_saving_what_has_its_place_asks_for_no_other():
	act = centre(1)
	mine = enrol(act)
	mine.note = "Doudou dans le sac"
	mine.save()
	mine.valid_to = "2027-07-01"
	mine.save()
	assert mine.status == "Confirmed"


def test_a_pattern_with_one_day_more_needs_a_place_on_that_day():
	act = centre(1)
	enrol(act, pattern="4")
	mine = enrol(act, pattern="2")
	mine.pattern[0].thursday = 1
	with pytest.raises(CapacityFull):
		mine.save()


def test_past_days_need_no_place():
	act = centre(1)
	enrol(act, valid_from="2026-09-01", valid_to="2026-10-31")
	assert planned(enrol(act, valid_from="2026-09-01", valid_to="2026-10-31"))


def test_a_row_made_by_hand_goes_through_the_gate():
	act = centre(1)
	enrol(act, pattern="2")
	other = enrol(act, pattern="4")
	with pytest.raises(CapacityFull):
		builders.attendance(other, str(DAY), unit="jour")


def test_a_presence_is_a_fact_and_never_refused():
	"""R31: who is there is noted, places or not."""
	act = centre(1)
	enrol(act, valid_from="2026-11-24", pattern="2")
	other = enrol(act, pattern="4", valid_from="2026-11-24")
	row = builders.attendance(other, TODAY, "Present", unit="jour")
	assert row.status == "Present"


def test_the_forecast_of_many_stops_at_the_limit():
	"""A calendar that changes plans nobody over the capacity: who comes first is served first."""
	act = centre(0)
	three = [enrol(act) for _ in range(3)]
	frappe.db.delete("Attendance", {"activity": act.name})
	act.sites[0].capacity = 2
	act.save()
	forecast.apply([row.name for row in three])
	taken = places.taken([(act.name, act.sites[0].site)], WEEK)
	assert sum(taken.values()) == 2


def test_counting_is_a_constant_number_of_queries():
	few, many = centre(50), centre(50)
	enrol(few)
	for _ in range(6):
		enrol(many)
	counts = []
	for act in (few, many):
		place = [gate.Place(frappe.db.get_value("Enrolment", {"activity": act.name}), DAY, "jour")]
		counts.append(_queries(lambda place=place: gate.check(place)))
	assert counts[0] == counts[1] <= 8


# ---------------------------------------------------------------- capacity that changes


def test_a_capacity_of_some_days_goes_before_the_usual_one():
	act = centre(5)
	builders.insert(
		"Capacity Period",
		activity=act.name,
		site=act.sites[0].site,
		valid_from=DAY,
		valid_to=DAY,
		capacity=1,
		reason="Animateur absent",
	)
	enrol(act)
	with pytest.raises(CapacityFull, match="1"):
		enrol(act)


def test_a_capacity_lower_than_what_is_taken_warns_and_takes_nothing_away():
	act = centre(3)
	enrolled = [enrol(act) for _ in range(3)]
	frappe.clear_messages()
	act.sites[0].capacity = 2
	act.save()
	assert any("3" in str(message) and "2" in str(message) for message in frappe.get_message_log())
	assert all(planned(row) for row in enrolled)


# ---------------------------------------------------------------- over the capacity


def test_only_a_director_goes_over_and_only_within_the_margin():
	act = centre(2, kind="Nursery, Occasional")
	enrol(act), enrol(act)
	with pytest.raises(OverCapacityRefused):
		enrol(act, over_capacity_reason="Urgence sociale")
	settings = frappe.get_single("Waiting List Settings")
	settings.append("margins", {"kind": "Nursery, Occasional", "percent": 50})
	settings.save()
	third = enrol(act, over_capacity_reason="Urgence sociale")
	assert planned(third)
	trace = frappe.get_last_doc("Capacity Override")
	assert (trace.enrolment, trace.user, trace.reason) == (third.name, "Administrator", "Urgence sociale")
	with pytest.raises(OverCapacityRefused):
		enrol(act, over_capacity_reason="Encore un")


def test_a_coordinator_does_not_decide_to_go_over():
	act = centre(1)
	enrol(act)
	family = builders.family()
	who = builders.payer(family)
	frappe.set_user(builders.user(roles.SCHOOL_COORDINATOR, sites=(act.sites[0].site,)))
	with pytest.raises(frappe.PermissionError):
		builders.enrolment(family, act, who, valid_from="2026-11-25", over_capacity_reason="Je force")


def _queries(work) -> int:
	"""How many questions the database is asked."""
	asked, original = [], frappe.db.sql
	frappe.db.sql = lambda *args, **kwargs: asked.append(args[0]) or original(*args, **kwargs)
	try:
		work()
	finally:
		frappe.db.sql = original
	return len(asked)
