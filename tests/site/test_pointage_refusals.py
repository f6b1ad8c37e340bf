"""Ticks that a rule refuses: the reason is told and kept, nothing is dropped (R10, R31, R33)."""

import frappe
import pytest
from freezegun import freeze_time

from concerto_education.attendance import sync
from concerto_education.authority import roles
from tests import builders as make
from tests.support.pointage import TODAY, agent_of, refusal, results, send, stored, tick

pytestmark = pytest.mark.usefixtures("frozen_today")


# ---------------------------------------------------------------- refused, and never dropped


def test_R10_a_foreign_site_is_refused(planned_row):
	frappe.set_user(make.user(roles.ATTENDANCE_AGENT, sites=(make.site().name,)))
	assert refusal(tick(planned_row)) == "NotTicking"
	assert stored(planned_row).status == "Planned"


def test_a_future_day_is_refused(planned_row):
	agent_of(planned_row)
	assert refusal(tick(planned_row, day="2026-09-17")) == "FutureTick"


def test_R33_a_closed_month_is_refused(planned_row, monkeypatch):
	agent_of(planned_row)
	asked = []
	monkeypatch.setattr(sync, "is_closed", lambda site, day: asked.append((site, str(day))) or True)
	assert refusal(tick(planned_row)) == "MonthClosed"
	assert asked == [(planned_row.site, TODAY)]


def test_an_ended_enrolment_is_refused(planned_row):
	frappe.db.set_value("Enrolment", planned_row.enrolment, "valid_to", "2026-09-14")
	agent_of(planned_row)
	assert refusal(tick(planned_row)) == "OutsideEnrolment"


@pytest.mark.parametrize("status", ["Cancelled", "Waiting"])
def test_an_enrolment_that_is_not_confirmed_is_refused(planned_row, status):
	frappe.db.set_value("Enrolment", planned_row.enrolment, "status", status)
	agent_of(planned_row)
	assert refusal(tick(planned_row)) == "OutsideEnrolment"


def test_an_enrolment_that_does_not_exist_is_refused(planned_row):
	agent_of(planned_row)
	assert refusal(tick(planned_row, enrolment="INS-0000000")) == "UnknownEnrolment"


def test_a_unit_that_does_not_exist_is_refused(planned_row):
	agent_of(planned_row)
	assert refusal(tick(planned_row, unit="minuit")) == "UnknownUnit"


@pytest.mark.parametrize("absence", ["Justified", "Absent"])
@pytest.mark.parametrize("clock", ["09:00:00", "09:59:59"])
def test_R31_a_child_marked_absent_is_refused_to_agents(planned_row, absence, clock):
	reason = {"reason": "Certificat médical"} if absence == "Justified" else {}
	make.attendance(frappe.get_doc("Enrolment", planned_row.enrolment), TODAY, absence, **reason)
	agent_of(planned_row)
	assert refusal(tick(planned_row, clock=clock)) == "AbsenceDecided"
	assert results(tick(planned_row, "Undo", clock)) == ["Superseded"]
	assert stored(planned_row).status == absence


def test_R31_a_coordinator_ticks_over_an_absence(planned_row):
	with freeze_time(f"{TODAY} 08:00:00"):
		make.attendance(
			frappe.get_doc("Enrolment", planned_row.enrolment),
			TODAY,
			"Justified",
			reason="Certificat médical",
		)
	frappe.set_user(make.user(roles.SCHOOL_COORDINATOR, sites=(planned_row.site,)))
	assert refusal(tick(planned_row, clock="07:59:00")) == "AbsenceDecided"  # made before the decision
	assert results(tick(planned_row, clock="09:00:00")) == ["Applied"]
	row = stored(planned_row)
	assert (row.status, row.reason) == ("Present", None)


def test_one_refusal_stops_nothing_else(planned_row):
	agent_of(planned_row)
	assert results(tick(planned_row, unit="minuit"), tick(planned_row)) == ["Refused", "Applied"]


@pytest.mark.parametrize(
	"broken",
	[
		{"action": "Delete"},
		{"action": ["Present"]},
		{"time": "hier"},
		{"time": 10**30},
		{"time": True},
		{"day": "demain"},
		{"day": None},
		{"unit": 3},
		{"enrolment": {"name": "x"}},
		{"enrolment": None},
		{"note": "x" * 501},
		{"action": "Arrival", "clock_time": "25:61"},
		{"action": "Added", "site": "x", "activity": "y"},
		{"task": "x"},
		{"badge": "CB1:a code in place of its fingerprint"},
		{"offset": "beaucoup"},
	],
)
def test_nonsense_is_answered_and_changes_nothing(planned_row, broken):
	agent_of(planned_row)
	good = tick(planned_row)
	assert results({**tick(planned_row), **broken}, good) == ["Refused", "Applied"]


@pytest.mark.parametrize("identifier", [None, 3, "", "x", "' OR 1=1", "A" * 36])
def test_what_has_no_identifier_is_not_answered(planned_row, identifier):
	agent_of(planned_row)
	assert send({**tick(planned_row), "id": identifier}) == []
	assert send("x", None) == []
