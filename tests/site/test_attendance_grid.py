"""The month grid: many cells in one call, each applied or refused by its rule, with its trace (R10, R27, R30, R31)."""

import json
from datetime import date, time

import frappe
import pytest
from freezegun import freeze_time

from concerto_education.attendance import forecast, grid_api, planning
from concerto_education.attendance.errors import NotTicking
from concerto_education.attendance.grid import load, period, save
from concerto_education.attendance.grid.rules import Change
from concerto_education.authority import roles
from tests import builders as make

NOW = "2026-09-16 10:00:00.5"  # a Wednesday
MEDICAL = "Certificat médical"


class World:
	"""One child planned on Mondays, Tuesdays, Thursdays and Fridays of September in a canteen."""

	def __init__(self, **values):
		make.school_year()
		self.activity = make.activity(**values)
		self.site = self.activity.sites[0].site
		self.enrolment = make.enrolment(act=self.activity, valid_to="2026-09-30")

	def change(self, day: str, wanted: str, **values) -> Change:
		of = values.pop("enrolment", self.enrolment.name)
		return Change(of, date.fromisoformat(day), values.pop("unit", "midi"), wanted, **values)

	def save(self, *changes: Change) -> list[str]:
		results = save.save(self.site, self.activity.name, list(changes))["results"]
		return [result["rule"] or result["state"] for result in results]

	def one(self, day: str, wanted: str, **values) -> str:
		return self.save(self.change(day, wanted, **values))[0]

	def row(self, day: str, unit: str = "midi"):
		return frappe.db.get_value(
			"Attendance",
			{"enrolment": self.enrolment.name, "attendance_date": day, "unit": unit},
			[
				"name",
				"status",
				"planned",
				"reason",
				"arrival",
				"departure",
				"minutes",
				"late_change",
				"ticked_by",
			],
			as_dict=True,
		)

	def status(self, day: str) -> str | None:
		row = self.row(day)
		return row and row.status


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


# ---------------------------------------------------------------- trace, closed months, hooks


def events(world, day: str) -> list:
	return frappe.get_all(
		"Attendance Event",
		{"enrolment": world.enrolment.name, "attendance_date": day},
		["action", "user", "snapshot", "text"],
		order_by="happened_at, creation",
	)


def test_R31_each_change_leaves_its_trace(world):
	coordinator = make.user(roles.SCHOOL_COORDINATOR, sites=(world.site,))
	frappe.set_user(coordinator)
	world.one("2026-09-15", "Justified", reason=MEDICAL)
	frappe.set_user("Administrator")
	found = events(world, "2026-09-15")
	assert [(event.action, event.user) for event in found] == [("Desk Change", coordinator)]
	assert json.loads(found[0].snapshot)["status"] == "Justified"
	assert found[0].text == MEDICAL


def test_R31_a_change_on_the_form_is_noted_before_the_grid_changes_the_row_again(world):
	make.attendance(world.enrolment, "2026-09-15", "Absent")
	world.one("2026-09-15", "Present")
	found = [json.loads(event.snapshot)["status"] for event in events(world, "2026-09-15")]
	assert sorted(found) == ["Absent", "Present"]


def test_R33_a_closed_month_is_read_only(world, monkeypatch):
	monkeypatch.setattr("concerto_education.attendance.closing.is_closed", lambda site, day: day.month == 9)
	monkeypatch.setattr(
		"concerto_education.attendance.closing.closed_months",
		lambda sites, span: {(world.site, date(2026, 9, 1))},
	)
	assert world.one("2026-09-15", "Present") == "MonthClosed"
	days = load.load(world.site, world.activity.name, date(2026, 9, 1))["days"]
	assert all(entry["locked"] for entry in days)


def test_R40_days_that_are_full_are_refused_one_by_one_and_others_are_told(world, monkeypatch):
	told = []
	full = date(2026, 9, 17)
	monkeypatch.setattr(
		planning,
		"refused",
		lambda places: {(row.name, day, unit): "Complet" for row, day, unit in places if day == full},
	)
	monkeypatch.setattr(planning, "changed", lambda changes: told.extend(changes))
	world.save(world.change("2026-09-17", "Cancelled"), world.change("2026-09-18", "Cancelled"))
	del told[:]
	assert world.save(world.change("2026-09-17", "Planned"), world.change("2026-09-18", "Planned")) == [
		"CapacityFull",
		"ok",
	]
	assert world.status("2026-09-17") == "Cancelled"
	assert [(entry["day"].day, entry["before"], entry["after"]) for entry in told] == [
		(18, "Cancelled", "Planned")
	]


# ---------------------------------------------------------------- a period


def asked(world, wanted: str, **values) -> period.Asked:
	defaults = {
		"enrolments": (world.enrolment.name,),
		"start": date(2026, 9, 17),
		"end": date(2026, 9, 30),
		"weekdays": frozenset({2, 4}),
		"units": ("midi",),
	}
	return period.Asked(**{**defaults, **values}, wanted=wanted)


def test_R27_a_period_is_changed_on_its_open_days(world):
	wanted = asked(world, "Cancelled")
	assert period.preview(world.site, world.activity.name, wanted) == {"days": 4, "people": 1}
	assert period.apply(world.site, world.activity.name, wanted)["done"] == 4
	assert [world.status(f"2026-09-{day}") for day in (17, 18, 22, 24, 29)] == [
		"Cancelled",
		"Planned",
		"Cancelled",
		"Cancelled",
		"Cancelled",
	]


def test_a_period_beyond_the_enrolment_is_cut_and_an_empty_choice_is_refused(world):
	wanted = asked(world, "Planned", end=date(2026, 12, 31))
	assert period.preview(world.site, world.activity.name, wanted)["days"] == 4
	for empty in ({"enrolments": ()}, {"weekdays": frozenset()}, {"units": ()}, {"end": date(2026, 9, 1)}):
		with pytest.raises(frappe.ValidationError):
			period.apply(world.site, world.activity.name, asked(world, "Planned", **empty))


def test_what_no_screen_sends_is_refused():
	for raw in (
		{"enrolment": "x", "day": "2026-09-01", "unit": "midi"},
		{"enrolment": ["x"], "day": "2026-09-01", "unit": "midi", "wanted": "Present"},
		{"enrolment": "x", "day": "2026-09-01", "unit": "midi", "wanted": "Present", "arrival": "25:00"},
		"x",
	):
		with pytest.raises(frappe.ValidationError):
			grid_api._change(raw)


# ---------------------------------------------------------------- many


def test_many_cells_are_saved_in_few_statements(world):
	for _n in range(9):
		make.enrolment(act=world.activity, valid_to="2026-09-30")
	names = frappe.get_all("Enrolment", {"activity": world.activity.name}, pluck="name")
	days = ["2026-09-01", "2026-09-03", "2026-09-04", "2026-09-07", "2026-09-08", "2026-09-10"]
	changes = [world.change(day, "Present", enrolment=name) for name in names for day in days]
	count, real = [0], frappe.db.sql

	def sql(*args, **kwargs):
		count[0] += 1
		return real(*args, **kwargs)

	frappe.db.sql = sql
	try:
		assert world.save(*changes) == ["ok"] * 60
	finally:
		frappe.db.sql = real
	assert count[0] < 45, "the number of statements does not grow with the cells"
