"""Places and the waiting list (R40): never over the capacity, whichever way a place is asked for."""

from __future__ import annotations

from datetime import timedelta

import frappe
import pytest
from frappe.utils import add_days, getdate, now_datetime
from freezegun import freeze_time

from concerto_education.activities.capacity import gate, offers, places, waiting
from concerto_education.activities.capacity.errors import (
	CapacityFull,
	OverCapacityRefused,
	ReasonMissing,
	UnknownGroup,
	WrongWaitingStep,
)
from concerto_education.attendance import forecast
from concerto_education.authority import roles
from concerto_education.engine.ranges import DateRange
from tests import builders

# School days to come: tests must not depend on the day on which they run.
TODAY = "2026-11-24"
DAY = getdate("2026-12-01")  # a Tuesday
WEEK = DateRange(getdate("2026-11-30"), getdate("2026-12-04"))


@pytest.fixture(autouse=True)
def _today(monkeypatch):
	"""Tuesday 24 November 2026, whatever the clock says."""
	with freeze_time(f"{TODAY} 09:00:00.000001", tick=True):
		yield


@pytest.fixture(autouse=True)
def _settings():
	settings = frappe.get_single("Waiting List Settings")
	settings.update({"automatic": 1, "answer_hours": 48})
	settings.set("criteria", [{"criterion": "Sibling Enrolled", "points": 10}])
	settings.set("margins", [])
	settings.save()


def centre(capacity: int = 2, groups=(), **values):
	"""An activity with so many places at its only site."""
	builders.school_year()
	act = builders.activity(units=values.pop("units", ("jour",)), **values)
	act.sites[0].capacity = capacity
	for name, places_, *more in groups:
		act.append("groups", {"group_name": name, "capacity": places_, **(more[0] if more else {})})
	return act.save()


def enrol(act, pattern="2", **values):
	values.setdefault("valid_from", "2026-11-25")
	return builders.enrolment(None, act, pattern=pattern, **values)


def planned(enrolment) -> int:
	return frappe.db.count("Attendance", {"enrolment": enrolment.name, "status": "Planned"})


def entry_of(enrolment):
	name = frappe.db.get_value("Waiting List Entry", {"enrolment": enrolment.name})
	return name and frappe.get_doc("Waiting List Entry", name)


def on_the_list(act, **values):
	return enrol(act, when_full="Waiting List", **values)


# ---------------------------------------------------------------- the gate


def test_the_place_after_the_last_is_refused_with_the_day_and_what_to_do():
	act = centre(2)
	enrol(act), enrol(act)
	with pytest.raises(CapacityFull, match="2 places .*When Full|2 places .*complet") as error:
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
		queries = []
		original = frappe.db.sql
		frappe.db.sql = lambda *args, **kwargs: queries.append(args[0]) or original(*args, **kwargs)
		try:
			place = [gate.Place(frappe.db.get_value("Enrolment", {"activity": act.name}), DAY, "jour")]
			queries.clear()
			gate.check(place)
		finally:
			frappe.db.sql = original
		counts.append(len(queries))
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


# ---------------------------------------------------------------- the waiting list


def test_a_full_activity_puts_on_the_waiting_list_and_plans_nothing():
	act = centre(1)
	enrol(act)
	late = on_the_list(act)
	late.reload()
	entry = entry_of(late)
	assert (late.status, entry.status, entry.scope, planned(late)) == (
		"Waiting",
		"Waiting",
		"Whole Enrolment",
		0,
	)
	assert entry.days and all(row.unit == "jour" for row in entry.days)


def test_free_days_are_planned_and_the_full_ones_wait():
	act = centre(1)
	enrol(act, pattern="2", valid_to="2026-12-18")
	late = enrol(act, pattern="24", when_full="Free Days, Then Waiting List", valid_to="2026-12-18")
	entry = entry_of(late)
	assert planned(late) == 4  # four Thursdays
	assert [row.attendance_date.isoweekday() for row in entry.days] == [2, 2, 2]
	assert (late.status, entry.scope) == ("Confirmed", "Some Days")


def test_rank_is_points_then_date_and_says_why():
	act = centre(1)
	enrol(act)
	first = on_the_list(act)
	family = builders.family(
		builders.member(builders.person("Aubin", "Claire"), "Representative 1"),
		builders.member(builders.child("Aubin", "Lea")),
		builders.member(builders.child("Aubin", "Tom")),
	)
	kids = [row.person for row in family.members if row.role == "Child"]
	act.sites[0].capacity = 2
	act.save()
	offers.promote(act.name, act.sites[0].site)
	offers.refuse(entry_of(first).name)
	who = builders.payer(family)
	builders.enrolment(family, act, who, pattern="2", person=kids[0], valid_from="2026-11-25")
	early = on_the_list(act)
	sibling = builders.enrolment(
		family,
		act,
		who,
		pattern="2",
		person=kids[1],
		when_full="Waiting List",
		valid_from="2026-11-25",
	)
	rows = waiting.entries(act.name, act.sites[0].site)
	assert [(row.enrolment, row.rank, row.points) for row in rows] == [
		(sibling.name, 1, 10),
		(early.name, 2, 0),
	]
	assert "10" in rows[0].criteria


def test_points_by_decision_need_a_reason():
	act = centre(1)
	enrol(act)
	entry = entry_of(on_the_list(act))
	entry.extra_points = 50
	with pytest.raises(ReasonMissing):
		entry.save()
	entry.reload()
	entry.extra_points, entry.extra_reason = 50, "Reprise d’emploi"
	assert entry.save().points == 50


def test_the_form_changes_no_status():
	act = centre(1)
	enrol(act)
	entry = entry_of(on_the_list(act))
	entry.status = "Accepted"
	entry.save()
	assert frappe.db.get_value("Waiting List Entry", entry.name, "status") == "Waiting"


def test_a_freed_place_is_offered_held_and_becomes_theirs():
	act = centre(1)
	first = enrol(act)
	late = on_the_list(act)
	assert offers.promote(act.name, act.sites[0].site) == []
	first.status = "Cancelled"
	first.save()
	assert offers.promote(act.name, act.sites[0].site) == [entry_of(late).name]
	entry = entry_of(late)
	assert entry.status == "Offered"
	assert abs(entry.deadline - now_datetime() - timedelta(hours=48)) < timedelta(seconds=30)
	with pytest.raises(CapacityFull):
		enrol(act)  # the place is held
	offers.accept(entry.name)
	late.reload()
	assert late.status == "Confirmed" and planned(late)
	assert [row.outcome for row in entry_of(late).offers] == ["Accepted"]


@pytest.mark.parametrize("way", ["end", "pattern", "row", "capacity"])
def test_every_way_of_freeing_a_place_asks_for_the_next(way, monkeypatch):
	act = centre(1)
	first = enrol(act)
	on_the_list(act)
	asked = []
	monkeypatch.setattr(frappe, "enqueue", lambda method, **kwargs: asked.append((method, kwargs)))
	if way == "end":
		first.valid_to = "2026-12-08"
		first.save()
	elif way == "pattern":
		first.pattern[0].tuesday, first.pattern[0].thursday = 0, 1
		first.save()
	elif way == "row":
		row = frappe.get_doc("Attendance", {"enrolment": first.name, "attendance_date": DAY})
		row.status = "Cancelled"
		row.save()
	else:
		act.sites[0].capacity = 2
		act.save()
	assert [kwargs["activity"] for method, kwargs in asked if method == offers.JOB]


def test_by_hand_where_the_setting_says_so():
	frappe.db.set_single_value("Waiting List Settings", "automatic", 0)
	frappe.clear_document_cache("Waiting List Settings", "Waiting List Settings")
	act = centre(1)
	first = enrol(act)
	late = on_the_list(act)
	first.status = "Cancelled"
	first.save()
	assert offers.promote(act.name, act.sites[0].site) == []
	assert offers.offerable(act.name, act.sites[0].site) == {entry_of(late).name}
	offers.offer(entry_of(late).name)
	assert entry_of(late).status == "Offered"


def test_an_offer_by_hand_never_goes_over_the_capacity():
	act = centre(1)
	enrol(act)
	with pytest.raises(CapacityFull):
		offers.offer(entry_of(on_the_list(act)).name)


def test_a_refused_place_goes_to_the_next():
	act = centre(1)
	first = enrol(act)
	one, two = on_the_list(act), on_the_list(act)
	first.status = "Cancelled"
	first.save()
	offers.promote(act.name, act.sites[0].site)
	offers.refuse(entry_of(one).name)
	one.reload()
	assert one.status == "Cancelled"
	assert offers.promote(act.name, act.sites[0].site) == [entry_of(two).name]


def test_an_offer_without_answer_expires_and_the_next_gets_it():
	act = centre(1)
	first = enrol(act)
	one, two = on_the_list(act), on_the_list(act)
	first.status = "Cancelled"
	first.save()
	offers.promote(act.name, act.sites[0].site)
	assert offers.expire() == []
	frappe.db.set_value("Waiting List Entry", entry_of(one).name, "deadline", add_days(now_datetime(), -1))
	assert offers.expire() == [entry_of(one).name]
	assert entry_of(one).offers[0].outcome == "Expired"
	assert offers.promote(act.name, act.sites[0].site) == [entry_of(two).name]
	offers.put_back(entry_of(one).name)
	assert entry_of(one).status == "Waiting"


def test_some_days_that_are_accepted_are_planned():
	act = centre(1)
	first = enrol(act, pattern="2", valid_to="2026-12-18")
	late = enrol(act, pattern="24", when_full="Free Days, Then Waiting List", valid_to="2026-12-18")
	first.status = "Cancelled"
	first.save()
	assert offers.promote(act.name, act.sites[0].site) == [entry_of(late).name]
	offers.accept(entry_of(late).name)
	assert planned(late) == 7


def test_steps_that_do_not_follow_are_refused():
	act = centre(1)
	enrol(act)
	entry = entry_of(on_the_list(act))
	with pytest.raises(WrongWaitingStep):
		offers.accept(entry.name)
	offers.refuse(entry.name)
	with pytest.raises(WrongWaitingStep):
		offers.refuse(entry.name)


def test_an_enrolment_that_is_cancelled_leaves_the_list():
	act = centre(1)
	enrol(act)
	late = on_the_list(act)
	late.reload()
	late.status = "Cancelled"
	late.save()
	assert entry_of(late).status == "Withdrawn"


def test_the_family_gets_a_message_with_the_deadline():
	act = centre(1)
	first = enrol(act)
	family = builders.family(
		builders.member(
			builders.person("Noe", "Claire", email="claire@familles.example"), "Representative 1"
		),
		builders.member(builders.child("Noe", "Lea")),
	)
	builders.enrolment(family, act, pattern="2", when_full="Waiting List", valid_from="2026-11-25")
	first.status = "Cancelled"
	first.save()
	sent = []
	import concerto_education.activities.capacity.messages as messages

	original, messages.mail.send = messages.mail.send, lambda *args, **kwargs: sent.append(args) or True
	try:
		offers.promote(act.name, act.sites[0].site)
	finally:
		messages.mail.send = original
	template, addresses, context = sent[0][:3]
	assert addresses == ["claire@familles.example"] and "26 novembre" in context["deadline"]
	text = frappe.render_template(frappe.db.get_value("Email Template", template, "response_html"), context)
	assert "Lea" in text and act.name in text
