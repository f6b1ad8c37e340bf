"""Ticks of tablets: each once, in the order in which they happened (R31, R32)."""

import itertools
import random
from datetime import time, timedelta

import frappe
import pytest
from freezegun import freeze_time

from concerto_education.attendance import service
from tests import builders as make
from tests.support.pointage import TODAY, agent_of, event, moment, results, send, stored, tick

pytestmark = pytest.mark.usefixtures("frozen_today")


# ---------------------------------------------------------------- each once


def test_R32_a_tick_is_applied_and_leaves_its_history(planned_row):
	user = agent_of(planned_row)
	one = tick(planned_row)
	assert results(one) == ["Applied"]
	row = stored(planned_row)
	assert (row.status, row.ticked_by, row.ticked_at) == ("Present", user, moment("09:00"))
	kept = event(one)
	assert (kept.user, kept.device, kept.attendance, kept.person) == (user, "tablette", row.name, row.person)
	assert kept.happened_at == moment("09:00")


def test_R32_a_tick_that_is_sent_again_counts_once(planned_row):
	agent_of(planned_row)
	present, undo = tick(planned_row), tick(planned_row, "Undo", "09:01:00")
	assert results(present) == ["Applied"]
	assert results(present, undo, undo) == ["Applied", "Applied"]
	assert results(present) == ["Applied"]
	assert stored(planned_row).status == "Planned"
	assert frappe.db.count("Attendance Event", {"enrolment": planned_row.enrolment}) == 2


def test_R32_undo_of_an_unplanned_presence_takes_it_off_the_list(planned_row):
	agent_of(planned_row)
	other = frappe._dict(enrolment=planned_row.enrolment, unit="midi")
	day = "2026-09-09"  # a Wednesday: nothing planned
	one, two = tick(other, day=day), tick(other, "Undo", "09:05:00", day=day)
	assert results(one) == ["Applied"]
	found = frappe.db.get_value(
		"Attendance",
		{"enrolment": planned_row.enrolment, "attendance_date": day},
		["status", "planned"],
	)
	assert found == ("Present", 0)
	assert results(two) == ["Applied"]
	assert (
		frappe.db.get_value(
			"Attendance", {"enrolment": planned_row.enrolment, "attendance_date": day}, "status"
		)
		== "Cancelled"
	)


# ---------------------------------------------------------------- two tablets


def test_R32_the_later_tick_wins_whatever_arrives_first(planned_row):
	agent_of(planned_row)
	later, earlier = tick(planned_row, "Undo", "09:30:00"), tick(planned_row, "Present", "09:10:00")
	assert results(later, device="A") == ["Applied"]
	assert results(earlier, device="B") == ["Superseded"]
	assert stored(planned_row).status == "Planned"
	assert event(earlier).result == "Superseded"


@pytest.mark.parametrize("order", list(itertools.permutations(range(4)))[::3])
def test_R32_any_order_of_arrival_ends_in_the_same_state(nursery_row, order):
	agent_of(nursery_row)
	made = [
		tick(nursery_row, "Clock", "07:31:00"),
		tick(nursery_row, "Note", "07:40:00", note="Doudou"),
		tick(nursery_row, "Clock", "09:02:00"),
		tick(nursery_row, "Arrival", "09:03:00", clock_time="07:25"),
	]
	for place in order:
		send(made[place], device=f"tablette {place}")
	row = stored(nursery_row)
	assert (row.arrival, row.departure, row.note) == ("07:25", "09:02", "Doudou")
	assert (row.status, row.minutes) == ("Present", 120)


def test_R32_the_clock_of_a_device_is_corrected(planned_row):
	agent_of(planned_row)
	# B believes it is an hour earlier: what it did at "8:30" happened at 9:30, after A's tick at 9:10.
	assert results(tick(planned_row, "Present", "09:10:00"), device="A") == ["Applied"]
	behind = tick(planned_row, "Undo", "08:30:00")
	assert results(behind, device="B", offset=3_600_000) == ["Applied"]
	assert stored(planned_row).status == "Planned"
	kept = event(behind)
	assert (kept.clock_offset, kept.happened_at) == (3600, moment("09:30"))
	assert kept.device_time == moment("08:30")


def test_R32_a_tick_is_corrected_by_the_offset_of_its_own_moment(planned_row):
	"""The clock was set right between the tick and the sending."""
	agent_of(planned_row)
	one = tick(planned_row, "Present", "08:30:00", offset=3_600_000)
	send(one, offset=0)
	assert event(one).happened_at == moment("09:30")


def test_R32_no_tick_is_later_than_now_and_their_order_stays(planned_row):
	agent_of(planned_row)
	ahead = [
		tick(planned_row, action, clock, offset=0)
		for action, clock in (("Present", "12:00:00"), ("Undo", "12:00:01"))
	]
	assert results(*ahead) == ["Applied", "Applied"]
	assert stored(planned_row).status == "Planned"
	assert event(ahead[0]).happened_at < event(ahead[1]).happened_at <= moment("10:00:01")


def test_R31_the_desk_counts_as_a_later_word(planned_row):
	agent_of(planned_row)
	send(tick(planned_row, clock="08:00:00"))
	service.tick(planned_row.name, False)  # at 10:00
	late = tick(planned_row, "Present", "09:00:00")
	assert results(late) == ["Superseded"]
	assert stored(planned_row).status == "Planned"
	with freeze_time(f"{TODAY} 10:05:00"):
		assert results(tick(planned_row, "Present", "10:04:00")) == ["Applied"]
	assert stored(planned_row).status == "Present"
	desk = frappe.get_all(
		"Attendance Event", filters={"attendance": planned_row.name, "action": "Desk Change"}, pluck="user"
	)
	assert desk == [frappe.session.user]


def test_R31_what_the_desk_wrote_is_kept_when_a_tablet_adds_a_note(planned_row):
	make.attendance(frappe.get_doc("Enrolment", planned_row.enrolment), TODAY, "Present", note="Au bureau")
	agent_of(planned_row)
	send(tick(planned_row, "Undo", "08:00:00"))
	assert (stored(planned_row).status, stored(planned_row).note) == ("Present", "Au bureau")


# ---------------------------------------------------------------- many, in any order


def test_R32_hundreds_of_ticks_in_any_order_end_as_if_they_had_come_in_order(nursery_row):
	agent_of(nursery_row)
	chance = random.Random(5)
	actions = ["Present", "Undo", "Clock", "Clock", "Arrival", "Note", "Undo"]
	made = []
	for number in range(60):
		clock = (moment("06:00") + timedelta(minutes=3 * number, seconds=7)).time()
		action = chance.choice(actions)
		one = tick(nursery_row, action, f"{clock}")
		if action == "Arrival":
			one["clock_time"] = f"{time(5, number % 60):%H:%M}"
		if action == "Note":
			one["note"] = f"Note {number}"
		made.append(one)
	for one in made:
		send(one)
	first = stored(nursery_row)
	frappe.db.delete("Attendance Event", {"enrolment": nursery_row.enrolment})
	blank = {"status": "Planned", "arrival": None, "departure": None, "note": None, "minutes": 0}
	frappe.db.set_value("Attendance", nursery_row.name, {**blank, "ticked_at": None, "ticked_by": None})
	chance.shuffle(made)
	for start in range(0, 60, 7):
		send(*made[start : start + 7])
		send(*chance.sample(made[: start + 7], 3))  # repeats
	second = stored(nursery_row)
	for name in ("status", "arrival", "departure", "minutes", "note", "ticked_at"):
		assert first.get(name) == second.get(name), name


def test_R32_a_difference_measured_a_little_wrong_turns_no_touches_around(planned_row):
	"""It is 10:00:00.5; by what the device has measured, its second touch was at 10:00:00.6."""
	agent_of(planned_row)
	slow = {"offset": 400}
	came, undone = tick(planned_row, **slow), tick(planned_row, "Undo", **slow)
	came["time"] = tick(planned_row, clock="09:59:59.900")["time"]
	undone["time"] = tick(planned_row, clock="10:00:00.200")["time"]
	assert results(came, undone) == ["Applied", "Applied"]
	assert stored(planned_row).status == "Planned"
	assert event(came).happened_at < event(undone).happened_at
