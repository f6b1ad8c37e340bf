"""Planned attendance from patterns and calendar (R27)."""

from datetime import date

import frappe
import pytest
from freezegun import freeze_time

from concerto_education.attendance import forecast
from concerto_education.engine.ranges import DateRange, DateSet
from tests import builders as make

SEPTEMBER = ("between", ["2026-09-01", "2026-09-30"])


def dates(enrolment, status="Planned", **filters):
	rows = frappe.get_all(
		"Attendance",
		filters={"enrolment": enrolment.name, "status": status, **filters},
		pluck="attendance_date",
		order_by="attendance_date",
	)
	return [str(day) for day in rows]


def test_R27_saving_an_enrolment_plans_the_open_days_of_its_pattern():
	enrolment = make.enrolment(valid_to="2026-11-15")
	planned = dates(enrolment)
	# Sept: 17 days, Oct 1–16: 10, Nov 2–15: Mon 2, Tue 3, Thu 5, Fri 6, Mon 9, Tue 10, Thu 12, Fri 13 = 8.
	assert len(planned) == 17 + 10 + 8
	assert planned[0] == "2026-09-01"
	assert "2026-09-02" not in planned, "a Wednesday"
	assert not [day for day in planned if "2026-10-17" <= day <= "2026-11-01"], "Toussaint, zone A"


def test_R27_a_whole_year_has_no_public_holiday_and_no_summer():
	planned = dates(make.enrolment())
	for closed in ("2027-03-29", "2027-05-06", "2027-05-07", "2027-05-17", "2027-07-05"):
		assert closed not in planned
	assert planned[-1] == "2027-07-02"


def test_R27_running_again_changes_nothing():
	enrolment = make.enrolment()
	before = dates(enrolment)
	outcome = forecast.apply([enrolment.name])
	assert (outcome.added, outcome.restored, outcome.cancelled) == (0, 0, 0)
	assert dates(enrolment) == before


@freeze_time("2026-09-15 10:00:00.5")
def test_R27_a_changed_pattern_changes_the_days_from_tomorrow_on():
	enrolment = make.enrolment(valid_to="2026-09-30")
	enrolment.pattern[0].update(make.days("1"))
	enrolment.save()
	past = ["2026-09-01", "2026-09-03", "2026-09-04", "2026-09-07", "2026-09-08", "2026-09-10", "2026-09-11"]
	assert dates(enrolment) == [*past, "2026-09-14", "2026-09-15", "2026-09-21", "2026-09-28"]
	assert dates(enrolment, "Cancelled")[0] == "2026-09-17"


@freeze_time("2026-09-15 10:00:00.5")
def test_R27_a_pattern_changed_back_restores_its_own_rows():
	enrolment = make.enrolment(valid_to="2026-09-30")
	before = dates(enrolment)
	enrolment.pattern[0].update(make.days("1"))
	enrolment.save()
	enrolment.pattern[0].update(make.days("1245"))
	enrolment.save()
	assert dates(enrolment) == before
	assert dates(enrolment, "Cancelled") == []


@freeze_time("2026-09-15 10:00:00.5")
def test_R27_what_somebody_decided_is_never_overwritten():
	enrolment = make.enrolment(valid_to="2026-09-30")
	make.attendance(enrolment, "2026-09-17", "Cancelled")  # cancelled by hand
	make.attendance(enrolment, "2026-09-18", "Justified", reason="Sortie scolaire")
	make.attendance(enrolment, "2026-09-23")  # an extra day by hand, a Wednesday
	enrolment.pattern[0].update(make.days("1"))
	enrolment.save()
	enrolment.pattern[0].update(make.days("1245"))
	enrolment.save()
	assert "2026-09-17" in dates(enrolment, "Cancelled")
	assert "2026-09-18" in dates(enrolment, "Justified")
	assert "2026-09-23" in dates(enrolment)


@freeze_time("2026-10-05 10:00:00.5")
def test_R8_a_shortened_period_cancels_what_nobody_touched_also_in_the_past():
	enrolment = make.enrolment(valid_to="2026-10-16")
	make.attendance(enrolment, "2026-09-28", "Present")
	enrolment.valid_to = "2026-09-25"
	enrolment.save()
	assert dates(enrolment)[-1] == "2026-09-25"
	assert dates(enrolment, "Present") == ["2026-09-28"]
	enrolment.valid_to = "2026-10-02"
	enrolment.save()
	assert dates(enrolment)[-1] == "2026-10-02"


@freeze_time("2026-09-15 10:00:00.5")
def test_a_cancelled_enrolment_leaves_nothing_planned():
	enrolment = make.enrolment(valid_to="2026-09-30")
	make.attendance(enrolment, "2026-09-01", "Present")
	enrolment.status = "Cancelled"
	enrolment.save()
	assert dates(enrolment) == []
	assert dates(enrolment, "Present") == ["2026-09-01"], "a tick stays, and is seen by the coherence check"


@pytest.mark.parametrize(
	("weeks", "expected"),
	[
		("Even Weeks", ["2026-09-01", "2026-09-15", "2026-09-29"]),
		("Odd Weeks", ["2026-09-08", "2026-09-22"]),
	],
)
def test_R27_even_and_odd_weeks_are_those_of_the_iso_number(weeks, expected):
	rows = [{"unit": "midi", "weeks": weeks, **make.days("2")}]
	enrolment = make.enrolment(pattern=rows, valid_to="2026-09-30")
	assert dates(enrolment) == expected


def test_R7_a_closure_of_the_site_is_not_planned():
	act = make.activity()
	site = frappe.get_doc("Site", act.sites[0].site)
	site.append("closures", {"starts_on": "2026-09-07", "ends_on": "2026-09-08", "reason": "Travaux"})
	site.save()
	planned = dates(make.enrolment(act=act, valid_to="2026-09-30"))
	assert "2026-09-07" not in planned
	assert "2026-09-08" not in planned
	assert len(planned) == 15


def test_R27_many_enrolments_take_as_many_queries_as_one():
	act = make.activity()
	enrolments = [make.enrolment(act=act, valid_to="2026-09-30") for _ in range(6)]
	frappe.db.delete("Attendance", {"activity": act.name})

	def queries(names):
		count = 0
		run = frappe.db.sql

		def counting(*args, **kwargs):
			nonlocal count
			count += 1
			return run(*args, **kwargs)

		frappe.db.sql = counting
		try:
			forecast.apply(names)
		finally:
			del frappe.db.sql
		return count

	one = queries([enrolments[0].name])
	five = queries([row.name for row in enrolments[1:]])
	assert five == one <= 16
	assert frappe.db.count("Attendance", {"activity": act.name}) == 6 * 17


def test_R27_days_without_school_year_are_named_and_not_planned():
	enrolment = make.enrolment(valid_to="2026-09-30")
	frappe.db.set_value("Enrolment", enrolment.name, "valid_to", "2099-09-30")
	outcome = forecast.apply([enrolment.name], DateSet((DateRange(date(2099, 9, 1), date(2099, 9, 30)),)))
	assert outcome.added == 0
	assert outcome.unknown == DateSet((DateRange(date(2099, 9, 1), date(2099, 9, 30)),))


def test_R27_a_site_and_month_are_planned_at_once():
	act = make.activity()
	first, second = make.enrolment(act=act), make.enrolment(act=act)
	frappe.db.delete("Attendance", {"activity": act.name})
	forecast.run(site=act.sites[0].site, activity=act.name, start="2026-09-01", end="2026-09-30")
	assert len(dates(first)) == len(dates(second)) == 17
	assert len(dates(first, attendance_date=SEPTEMBER)) == 17


def test_the_database_refuses_a_second_row_for_one_enrolment_day_and_unit():
	enrolment = make.enrolment(valid_to="2026-09-30")
	row = frappe.get_all("Attendance", filters={"enrolment": enrolment.name}, fields=["*"], limit=1)[0]
	copy = frappe.new_doc("Attendance").update({**row, "name": None, "creation": None})
	copy.name = frappe.generate_hash(length=20)
	with pytest.raises(frappe.UniqueValidationError):
		copy.db_insert()


@freeze_time("2026-08-20 10:00:00.5")
def test_R33_a_forecast_leaves_closed_months_as_they_are(monkeypatch):
	enrolment = make.enrolment(valid_to="2026-10-16")
	before = dates(enrolment)
	closed = {(enrolment.site, date(2026, 9, 1))}
	monkeypatch.setattr("concerto_education.attendance.closing.closed_months", lambda sites, span: closed)
	enrolment.pattern[0].update(make.days("1"))
	enrolment.save()
	assert [day for day in dates(enrolment) if day < "2026-10"] == [day for day in before if day < "2026-10"]
	assert [day for day in dates(enrolment) if day >= "2026-10"] == ["2026-10-05", "2026-10-12"]


def test_R40_days_that_are_refused_are_left_out_and_counted_and_others_are_told(monkeypatch):
	told = []
	monkeypatch.setattr(
		"concerto_education.attendance.planning.refused",
		lambda places: {
			(row.name, day, unit): "Complet" for row, day, unit in places if day == date(2026, 9, 3)
		},
	)
	monkeypatch.setattr(
		"concerto_education.attendance.planning.changed", lambda changes: told.extend(changes)
	)
	enrolment = make.enrolment(valid_to="2026-09-08")
	assert dates(enrolment) == ["2026-09-01", "2026-09-04", "2026-09-07", "2026-09-08"]
	assert forecast.apply([enrolment.name]).full == 1
	assert [(entry["day"].day, entry["before"], entry["after"]) for entry in told] == [
		(1, None, "Planned"),
		(4, None, "Planned"),
		(7, None, "Planned"),
		(8, None, "Planned"),
	]
