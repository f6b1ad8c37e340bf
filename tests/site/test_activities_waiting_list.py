"""The waiting list (R40): who gets on it, at which rank, and how a freed place finds the next one."""

from __future__ import annotations

from datetime import timedelta

import frappe
import pytest
from frappe.utils import add_days, now_datetime
from freezegun import freeze_time

from concerto_education.activities.capacity import messages, offers, waiting
from concerto_education.activities.capacity.errors import CapacityFull, ReasonMissing, WrongWaitingStep
from tests import builders
from tests.capacity_builders import DAY, TODAY, centre, enrol, entry_of, on_the_list, planned, settings


@pytest.fixture(autouse=True)
def _today():
	"""Tuesday 24 November 2026, whatever the clock says."""
	with freeze_time(f"{TODAY} 09:00:00.000001", tick=True):
		yield


@pytest.fixture(autouse=True)
def _settings():
	settings()


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
	original, messages.mail.send = messages.mail.send, lambda *args, **kwargs: sent.append(args) or True
	try:
		offers.promote(act.name, act.sites[0].site)
	finally:
		messages.mail.send = original
	template, addresses, context = sent[0][:3]
	assert addresses == ["claire@familles.example"] and "26 novembre" in context["deadline"]
	text = frappe.render_template(frappe.db.get_value("Email Template", template, "response_html"), context)
	assert "Lea" in text and act.name in text
