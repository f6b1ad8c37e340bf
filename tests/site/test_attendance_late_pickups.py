"""Late pick-ups from the day sheet and the page of absences: who records them, and what becomes of them (R10, R33)."""

from __future__ import annotations

from datetime import date

import frappe
import pytest
from freezegun import freeze_time

from concerto_education.attendance import api, day_sheet, errors, late_entry
from concerto_education.attendance.absences.expected import Wanted, load, options
from concerto_education.authority import roles
from tests import builders as make

DAY = date(2026, 9, 15)


@pytest.fixture(autouse=True)
def later_that_month(site):
	make.school_year(2026)
	with freeze_time("2026-09-20 08:00:00.123456"):
		yield


@pytest.fixture
def row():
	"""A child who was at the garderie until 18:52; its last unit ends at 18:30, the third late pick-up is billed."""
	act = make.activity(
		kind="Périscolaire Care", units=("soir",), late_pickup_from=3, late_pickup_grace=5, clock_mode=1
	)
	act.units[0].update({"starts_at": "16:30", "ends_at": "18:30"})
	act.save()
	of = make.enrolment(act=act, pattern=None)
	return make.attendance(of, str(DAY), "Present", "soir", arrival="16:30", departure="18:52")


def as_role(role: str, row, elsewhere: bool = False) -> str:
	site = make.site().name if elsewhere else row.site
	user = make.user(role, sites=(site,))
	frappe.set_user(user)
	return user


def recorded(row) -> list[tuple]:
	found = frappe.get_all("Late Pickup", {"enrolment": row.enrolment}, ["minutes", "excused", "owner"])
	return [(entry.minutes, entry.excused, entry.owner) for entry in found]


def sheet(row) -> dict:
	return day_sheet.load(row.site, row.activity, row.unit, DAY)


RECORD = [roles.SCHOOL_COORDINATOR, roles.LEISURE_DIRECTOR, roles.NURSERY_DIRECTOR]
REFUSED = [
	roles.ATTENDANCE_AGENT,
	roles.SERVICE_REFERENT,
	roles.AREA_MANAGER,
	roles.SEASONAL_CLERK,
	roles.FINANCE_CLERK,
	roles.KITCHEN,
	roles.FAMILY,
]


@pytest.mark.parametrize("role", RECORD)
def test_R10_coordinators_and_directors_record_late_pickups(row, role):
	user = as_role(role, row)
	assert sheet(row)["may_record_late"]
	assert api.record_late_pickup(row.enrolment, DAY, 22) == 22
	assert recorded(row) == [(22, 0, user)]
	assert sheet(row)["rows"][0]["late"] == {"minutes": 22, "excused": False}
	api.record_late_pickup(row.enrolment, DAY, 12, excused=True, note="Car en panne")
	assert recorded(row) == [(12, 1, user)]
	api.remove_late_pickup(row.enrolment, DAY)
	assert recorded(row) == []


@pytest.mark.parametrize("role", REFUSED)
def test_R10_nobody_else_records_them(row, role):
	as_role(role, row)
	for call in (
		lambda: api.record_late_pickup(row.enrolment, DAY, 22),
		lambda: api.remove_late_pickup(row.enrolment, DAY),
		lambda: api.late_pickup(row.enrolment, DAY),
		lambda: api.late_candidates(row.site, DAY),
	):
		with pytest.raises(errors.NotRecordingLate):
			call()
	if role not in (roles.KITCHEN, roles.FAMILY):
		assert not sheet(row)["may_record_late"]


@pytest.mark.parametrize("role", RECORD)
def test_R9_nor_does_the_coordinator_of_another_site(row, role):
	as_role(role, row, elsewhere=True)
	with pytest.raises(errors.NotRecordingLate):
		api.record_late_pickup(row.enrolment, DAY, 22)
	with pytest.raises(errors.NotRecordingLate):
		api.late_candidates(row.site, DAY)


def test_R10_an_agent_is_not_told_how_late_a_family_was(row):
	as_role(roles.SCHOOL_COORDINATOR, row)
	api.record_late_pickup(row.enrolment, DAY, 22)
	frappe.set_user("Administrator")
	as_role(roles.ATTENDANCE_AGENT, row)
	assert sheet(row)["rows"][0]["late"] is None


def test_the_clock_suggests_the_minutes_and_the_rule_tells_what_it_costs(row):
	as_role(roles.LEISURE_DIRECTOR, row)
	asked = api.late_pickup(row.enrolment, DAY)
	assert (asked["minutes"], asked["recorded"], asked["number"], asked["billed_from"]) == (22, False, 1, 3)
	for day in ("2026-09-08", "2026-09-10"):
		late_entry.record(row.enrolment, date.fromisoformat(day), 10)
	late_entry.record(row.enrolment, date(2026, 9, 11), 5)  # tolerated
	late_entry.record(row.enrolment, date(2026, 9, 14), 30, excused=True, note="Car en panne")
	assert api.late_pickup(row.enrolment, DAY)["number"] == 3
	late_entry.record(row.enrolment, DAY, 22)
	assert (
		api.late_pickup(row.enrolment, DAY)["number"] == 3
	)  # what is recorded that day is the one it is about


@pytest.mark.parametrize(
	("values", "rule"),
	[
		({"minutes": 0}, errors.NoMinutes),
		({"minutes": -5}, errors.NoMinutes),
		({"minutes": 10, "excused": True}, errors.ReasonNeeded),
		({"minutes": 10, "day": date(2026, 9, 21)}, errors.FutureTick),
		({"minutes": 10, "day": date(2028, 9, 1)}, errors.FutureTick),
	],
)
def test_what_makes_no_sense_is_refused(row, values, rule):
	as_role(roles.SCHOOL_COORDINATOR, row)
	with pytest.raises(rule):
		late_entry.record(row.enrolment, **{"day": DAY, **values})


def test_nobody_is_fetched_late_from_a_canteen_without_a_rule(row):
	assert late_entry.concerns(row.activity)
	assert not late_entry.concerns(make.activity(kind="Canteen").name)
	assert late_entry.concerns(make.activity(kind="Canteen", late_pickup_from=1).name)


def test_the_page_of_absences_lists_them_and_finds_who_was_there(row):
	as_role(roles.SCHOOL_COORDINATOR, row)
	assert options()["may_record_late"]
	(child,) = api.late_candidates(row.site, DAY)
	assert child["enrolment"] == row.enrolment
	assert api.late_candidates(row.site, date(2026, 9, 14)) == []
	api.record_late_pickup(row.enrolment, DAY, 22)
	(shown,) = load(Wanted(DAY, DAY, status="Late"))["rows"]
	assert (shown.enrolment, shown.minutes) == (row.enrolment, 22)
	assert load(Wanted(DAY, DAY, status="Late", activity="autre"))["rows"] == []
	frappe.set_user("Administrator")
	as_role(roles.SERVICE_REFERENT, row)  # decides about absences, not about late pick-ups
	assert not options()["may_record_late"]
	assert load(Wanted(DAY, DAY, status="Late"))["rows"] == []


def test_R33_in_a_closed_month_only_who_has_the_right_changes_them_and_a_trace_stays(row):
	close = frappe.get_doc(
		{"doctype": "Monthly Close", "site": row.site, "month": "2026-09-01", "state": "Closed"}
	)
	close.flags.by_service = True
	close.insert()
	as_role(roles.SCHOOL_COORDINATOR, row)
	with pytest.raises(errors.MonthClosed):
		api.record_late_pickup(row.enrolment, DAY, 22)
	frappe.set_user("Administrator")
	api.record_late_pickup(row.enrolment, DAY, 22)
	api.record_late_pickup(row.enrolment, DAY, 30)
	api.record_late_pickup(row.enrolment, DAY, 30)  # nothing changed: nothing to trace
	api.remove_late_pickup(row.enrolment, DAY)
	# The clock stands still, so the order in which they were written says nothing.
	traces = frappe.get_all("Closed Month Change", {"monthly_close": close.name}, ["what", "before", "after"])
	said = {minutes: frappe._("Late pick-up: {0} min").format(minutes) for minutes in (22, 30)}
	assert {(one.what, one.before or "", one.after or "") for one in traces} == {
		("Added", "", said[22]),
		("Changed", said[22], said[30]),
		("Deleted", said[30], ""),
	}
	assert len(traces) == 3
