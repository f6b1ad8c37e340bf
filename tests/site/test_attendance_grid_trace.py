"""The month grid: its trace, closed months, places that are full, whole periods, many cells (R27, R31, R33, R40)."""

import json
from datetime import date

import frappe
import pytest
from freezegun import freeze_time

from concerto_education.attendance import grid_api, planning
from concerto_education.attendance.grid import load, period
from concerto_education.authority import roles
from tests import builders as make
from tests.grid_world import MEDICAL, NOW, World


@pytest.fixture
def world():
	with freeze_time(NOW):
		yield World()


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
