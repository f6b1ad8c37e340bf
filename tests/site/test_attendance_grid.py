"""The month grid: many cells in one call, each applied or refused by its rule, with its trace (R10, R27, R30, R31)."""

from datetime import date, time

import frappe
import pytest
from freezegun import freeze_time

from concerto_education.attendance import forecast
from concerto_education.attendance.errors import NotTicking
from concerto_education.attendance.grid import load
from concerto_education.authority import roles
from tests import builders as make
from tests.grid_world import MEDICAL, NOW, World


@pytest.fixture
def world():
	with freeze_time(NOW):
		yield World()


# ---------------------------------------------------------------- what is shown


def test_R27_the_month_has_each_person_each_day_and_what_is_planned(world):
	month = load.load(world.site, world.activity.name, date(2026, 9, 1))
	assert [row["enrolment"] for row in month["people"]] == [world.enrolment.name]
	cells = month["cells"][world.enrolment.name]
	assert len(cells) == 17
	assert cells[0][1:5] == ["midi", "Planned", 1, 0]
	closed = [entry["day"].day for entry in month["days"] if entry["closed"]]
	assert closed == [2, 5, 6, 9, 12, 13, 16, 19, 20, 23, 26, 27, 30]
	assert month["may_judge"] and month["may_tick"] and not month["hours"]


def test_R32_people_stand_in_the_order_of_the_printed_list(world):
	names = [("B", "CP"), ("A", "CP"), ("C", "PS")]
	for last_name, school_class in names:
		kid = make.child(f"Ordre{last_name}", school_class=school_class)
		of = make.family(make.member(make.person(), "Representative 1"), make.member(kid))
		make.enrolment(of, world.activity)
	shown = load.load(world.site, world.activity.name, date(2026, 9, 1))["people"]
	assert [row["last_name"] for row in shown][:3] == ["ORDREC", "ORDREA", "ORDREB"]


def test_the_month_is_read_in_a_constant_number_of_queries(world):
	def queries() -> int:
		count, real = [0], frappe.db.sql

		def sql(*args, **kwargs):
			count[0] += 1
			return real(*args, **kwargs)

		frappe.db.sql = sql
		try:
			load.load(world.site, world.activity.name, date(2026, 9, 1))
		finally:
			frappe.db.sql = real
		return count[0]

	queries()
	few = queries()
	for _n in range(5):
		make.enrolment(act=world.activity)
	assert queries() == few


# ---------------------------------------------------------------- forecasts


def test_R27_a_day_is_taken_off_and_put_back(world):
	assert world.one("2026-09-17", "Cancelled") == "ok"
	assert (world.status("2026-09-17"), world.row("2026-09-17").planned) == ("Cancelled", 0)
	assert world.one("2026-09-17", "Planned") == "ok"
	assert (world.status("2026-09-17"), world.row("2026-09-17").planned) == ("Planned", 1)


def test_R27_what_was_changed_by_hand_stays_when_the_pattern_is_planned_again(world):
	other = World()
	other.enrolment.pattern[0].update(make.days("1"))
	other.enrolment.save()
	assert (
		other.save(other.change("2026-09-21", "Cancelled"), other.change("2026-09-22", "Planned"))
		== ["ok"] * 2
	)
	forecast.apply([other.enrolment.name])  # the past follows the new pattern too
	outcome = forecast.apply([other.enrolment.name])
	assert (outcome.added, outcome.restored, outcome.cancelled) == (0, 0, 0)
	assert (other.status("2026-09-21"), other.status("2026-09-22")) == ("Cancelled", "Planned")


def test_R27_a_cell_can_follow_the_pattern_again(world):
	world.save(world.change("2026-09-17", "Cancelled"), world.change("2026-09-18", "Cancelled"))
	assert world.one("2026-09-17", "Pattern") == "ok"
	assert (world.status("2026-09-17"), world.row("2026-09-17").ticked_by) == ("Planned", None)
	assert world.status("2026-09-18") == "Cancelled"
	forecast.apply([world.enrolment.name])
	assert world.status("2026-09-18") == "Cancelled"


@pytest.mark.parametrize(
	("day", "wanted", "rule"),
	[
		("2026-09-19", "Planned", "DayClosed"),
		("2026-10-01", "Planned", "OutsideEnrolment"),
		("2026-09-17", "Present", "FutureTick"),
		("2026-09-17", "Absent", "FutureTick"),
		("2026-09-02", "Absent", "NotExpected"),
		("2026-09-15", "Justified", "ReasonNeeded"),
		("2026-09-15", "Somehow", "Malformed"),
	],
)
def test_each_mistake_is_refused_by_its_rule_and_changes_nothing(world, day, wanted, rule):
	before = frappe.db.count("Attendance Event")
	status = world.status(day)
	assert world.one(day, wanted) == rule
	assert world.status(day) == status
	assert frappe.db.count("Attendance Event") == before


def test_an_unknown_unit_or_a_foreign_enrolment_is_refused(world):
	other = World()
	assert world.one("2026-09-15", "Present", unit="soir") == "UnknownUnit"
	assert world.one("2026-09-15", "Present", enrolment=other.enrolment.name) == "UnknownEnrolment"
	assert other.status("2026-09-15") == "Planned"


def test_what_somebody_else_has_changed_is_not_overwritten(world):
	world.one("2026-09-15", "Present")
	assert world.one("2026-09-15", "Absent", seen="Planned") == "ChangedElsewhere"
	assert world.one("2026-09-15", "Absent", seen="Present") == "ok"


def test_one_refusal_does_not_stop_the_others_and_answers_keep_their_order(world):
	changes = [world.change(day, "Present") for day in ("2026-09-14", "2026-09-17", "2026-09-15")]
	assert world.save(*changes) == ["ok", "FutureTick", "ok"]
	assert [world.status(day) for day in ("2026-09-14", "2026-09-15")] == ["Present", "Present"]


# ---------------------------------------------------------------- cut-offs


def late_world(**values) -> World:
	"""A canteen that wants to know two days before, at ten."""
	return World(
		booking_rule="Days Before",
		booking_days=2,
		booking_time="10:00",
		cancelling_rule="Days Before",
		cancelling_days=2,
		cancelling_time="10:00",
		billing_rule="Planned Unless Justified",
		**{"late_booking": "Price of a Presence Not Booked", "late_cancelling": "Stays Billed", **values},
	)


@freeze_time(NOW)
def test_R27_after_the_cut_off_a_cancelled_day_stays_billed_and_a_booked_one_is_marked():
	world = late_world()
	assert (
		world.save(world.change("2026-09-17", "Cancelled"), world.change("2026-09-25", "Cancelled"))
		== ["ok"] * 2
	)
	assert (world.status("2026-09-17"), world.row("2026-09-17").late_change) == (
		"Cancelled",
		"Cancelled Late",
	)
	assert (world.row("2026-09-25").late_change or "") == ""
	world.one("2026-09-17", "Planned")
	assert (world.row("2026-09-17").late_change or "") == "", "put back: as if nothing had happened"
	world.enrolment.pattern[0].update(make.days("1"))
	world.enrolment.save()
	assert world.status("2026-09-18") == "Cancelled"
	world.one("2026-09-18", "Planned")
	assert world.row("2026-09-18").late_change == "Booked Late"
	world.one("2026-09-18", "Cancelled")
	assert (world.row("2026-09-18").late_change or "") == "", "a booking that is taken back costs nothing"


@freeze_time(NOW)
def test_R27_the_screen_warns_of_days_after_the_cut_off():
	world = late_world()
	days = {
		entry["day"].day: entry
		for entry in load.load(world.site, world.activity.name, date(2026, 9, 1))["days"]
	}
	assert days[17]["cancel"] and days[17]["book"]
	assert days[25]["cancel"] is None and days[25]["book"] is None


# ---------------------------------------------------------------- ticks and absences


def test_R30_present_absent_and_justified_from_the_keyboard(world):
	assert (
		world.save(
			world.change("2026-09-11", "Present"),
			world.change("2026-09-14", "Absent"),
			world.change("2026-09-15", "Justified", reason=MEDICAL),
		)
		== ["ok"] * 3
	)
	assert [world.status(f"2026-09-{day}") for day in (11, 14, 15)] == ["Present", "Absent", "Justified"]
	assert world.row("2026-09-15").reason == MEDICAL
	assert world.one("2026-09-15", "Reset") == "ok"
	assert (world.status("2026-09-15"), world.row("2026-09-15").reason) == ("Planned", None)


def test_R30_a_reason_that_does_not_justify_is_refused(world):
	make.insert("Absence Reason", reason="Ne vient pas", justified=0)
	assert world.one("2026-09-15", "Justified", reason="Ne vient pas") == "ReasonDoesNotJustify"
	assert world.one("2026-09-15", "Justified", reason="Inconnu") == "ReasonDoesNotJustify"


def test_R31_who_comes_without_being_planned_is_present_and_was_not_planned(world):
	world.enrolment.pattern[0].update(make.days("1"))
	world.enrolment.save()
	world.one("2026-09-03", "Cancelled")
	assert world.one("2026-09-03", "Present") == "ok"
	assert (world.status("2026-09-03"), world.row("2026-09-03").planned) == ("Present", 0)
	world.one("2026-09-03", "Reset")
	assert world.status("2026-09-03") == "Cancelled"


def test_R10_an_agent_ticks_and_decides_nothing(world):
	frappe.set_user(make.user(roles.ATTENDANCE_AGENT, sites=(world.site,)))
	assert world.one("2026-09-15", "Present") == "ok"
	assert world.one("2026-09-15", "Reset") == "ok"
	for wanted in ("Absent", "Justified", "Cancelled", "Pattern"):
		assert world.one("2026-09-15", wanted, reason=MEDICAL) == "NotJudging", wanted
	assert world.one("2026-09-15", "Planned") == "NotJudging"


def test_R31_an_agent_does_not_tick_over_a_decision(world):
	world.one("2026-09-15", "Absent")
	frappe.set_user(make.user(roles.ATTENDANCE_AGENT, sites=(world.site,)))
	assert world.one("2026-09-15", "Present") == "AbsenceDecided"


def test_R9_another_site_gets_nothing(world):
	frappe.set_user(make.user(roles.SCHOOL_COORDINATOR, sites=(make.site().name,)))
	with pytest.raises(NotTicking):
		world.one("2026-09-15", "Present")
	with pytest.raises(frappe.PermissionError):
		load.load(world.site, world.activity.name, date(2026, 9, 1))


# ---------------------------------------------------------------- hours


@freeze_time(NOW)
def test_R36_hours_are_counted_in_started_half_hours():
	world = World(clock_mode=1, clock_step=30)
	assert (
		world.one("2026-09-15", "Present", arrival=time(8, 10), departure=time(11, 45), with_times=True)
		== "ok"
	)
	row = world.row("2026-09-15")
	assert (row.arrival, row.departure, row.minutes) == ("08:10", "11:45", 240)
	refused = world.one("2026-09-15", "Present", arrival=time(12), departure=time(11), with_times=True)
	assert refused == "BackwardHours"
	assert world.one("2026-09-15", "Present", departure=time(11), with_times=True) == "ArrivalMissing"
	assert world.row("2026-09-15").minutes == 240
	world.one("2026-09-15", "Reset")
	assert (world.row("2026-09-15").arrival, world.row("2026-09-15").minutes) == (None, 0)
