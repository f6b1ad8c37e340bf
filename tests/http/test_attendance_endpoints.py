"""Each endpoint of the day sheet: agent, coordinator, another site, a family, nobody (R9, R10)."""

import frappe
import pytest

from concerto_education.authority import roles
from tests import builders as make

API = "concerto_education.attendance.api."


class World:
	"""One child planned on a past day at a site of its own, committed so that the server sees it."""

	def __init__(self):
		make.school_year()
		self.activity = make.activity()
		self.site = self.activity.sites[0].site
		self.enrolment = make.enrolment(act=self.activity, pattern="2")
		self.day = frappe.get_all(
			"Attendance",
			filters={"enrolment": self.enrolment.name, "attendance_date": ("<=", frappe.utils.today())},
			pluck="attendance_date",
			order_by="attendance_date desc",
			limit=1,
		)
		# Before the school year began there is no past day: the row is then put on it below.
		self.day = str(self.day[0]) if self.day else "2026-09-01"
		self.row = frappe.db.get_value(
			"Attendance", {"enrolment": self.enrolment.name, "attendance_date": self.day}
		)
		frappe.db.commit()

	def list(self):
		return {"site": self.site, "activity": self.activity.name, "unit": "midi", "day": self.day}

	def status(self):
		frappe.db.rollback()
		return frappe.db.get_value("Attendance", self.row, "status")

	def calls(self):
		one = {"attendance": self.row}
		return {
			"load_sheet": self.list(),
			"sheet_candidates": self.list(),
			"tick": {**one, "present": True},
			"tick_remaining": self.list(),
			"add_presence": {"enrolment": self.enrolment.name, "unit": "midi", "day": self.day},
			"set_absent": one,
			"set_justified": {**one, "reason": "Certificat médical"},
			"reset": one,
			"plan_site": {"site": self.site, "start": self.day, "end": self.day},
			"plan_enrolment": {"enrolment": self.enrolment.name},
			"late_pickup": {"enrolment": self.enrolment.name, "day": self.day},
			"late_candidates": {"site": self.site, "day": self.day},
			"record_late_pickup": {"enrolment": self.enrolment.name, "day": self.day, "minutes": 12},
			"remove_late_pickup": {"enrolment": self.enrolment.name, "day": self.day},
		}


@pytest.fixture(scope="module")
def world(connection):
	return World()


def post(session, name, arguments):
	return session.post(f"/api/method/{API}{name}", json=arguments)


AGENT_MAY = {"load_sheet", "sheet_candidates", "tick", "tick_remaining", "add_presence"}
LATE = {"late_pickup", "late_candidates", "record_late_pickup", "remove_late_pickup"}
READS = {"load_sheet", "sheet_candidates", "late_pickup", "late_candidates"}
ALL = {*AGENT_MAY, *LATE, "set_absent", "set_justified", "reset", "plan_site", "plan_enrolment"}


def test_R10_an_agent_ticks_and_decides_nothing(world, login):
	session = login(make.user(roles.ATTENDANCE_AGENT, sites=(world.site,)))
	assert (
		post(session, "tick", {"attendance": world.row, "present": True}).json()["message"]["status"]
		== "Present"
	)
	assert world.status() == "Present"
	assert post(session, "tick", {"attendance": world.row, "present": "false"}).ok
	assert world.status() == "Planned"
	for name, arguments in world.calls().items():
		expected = 200 if name in AGENT_MAY else 403
		assert post(session, name, arguments).status_code == expected, name
	assert world.status() == "Present"


def test_R31_a_coordinator_may_call_each_endpoint(world, login):
	session = login(make.user(roles.SCHOOL_COORDINATOR, sites=(world.site,)))
	for name, arguments in world.calls().items():
		assert post(session, name, arguments).status_code == 200, name
	assert post(session, "set_justified", {"attendance": world.row, "reason": "Sortie scolaire"}).ok
	assert world.status() == "Justified"
	assert post(session, "reset", {"attendance": world.row}).ok
	assert world.status() == "Planned"


@pytest.mark.parametrize("role", [roles.ATTENDANCE_AGENT, roles.SCHOOL_COORDINATOR, roles.LEISURE_DIRECTOR])
def test_R9_another_site_gets_nothing_and_changes_nothing(world, login, role):
	elsewhere = make.activity().sites[0].site
	session = login(make.user(role, sites=(elsewhere,)))
	before = world.status()
	for name, arguments in world.calls().items():
		assert post(session, name, arguments).status_code == 403, name
	offered = session.get(f"/api/method/{API}sheet_options").json()["message"]["sites"]
	assert [row["site"] for row in offered] == [elsewhere]
	assert world.status() == before


@pytest.mark.parametrize("role", [roles.FAMILY, None])
def test_families_and_visitors_reach_no_endpoint(world, login, client, role):
	session = login(make.user(role)) if role else client
	before = world.status()
	for name, arguments in {**world.calls(), "sheet_options": {}}.items():
		assert post(session, name, arguments).status_code == 403, name
	assert world.status() == before


@pytest.mark.parametrize("name", sorted(ALL - READS))
def test_what_changes_something_is_never_a_get(world, login, name):
	session = login("Administrator")
	before = world.status()
	response = session.get(f"/api/method/{API}{name}", params=world.calls()[name])
	assert response.status_code == 403
	assert world.status() == before


def test_wrong_types_are_refused_before_anything_happens(world, login):
	session = login("Administrator")
	assert post(session, "tick", {"attendance": world.row, "present": "peut-être"}).status_code == 417
	assert post(session, "tick", {"attendance": ["x"], "present": True}).status_code == 417
	assert post(session, "load_sheet", {**world.list(), "day": "demain"}).status_code == 417
	assert post(session, "tick", {"attendance": "unknown", "present": True}).status_code == 404
