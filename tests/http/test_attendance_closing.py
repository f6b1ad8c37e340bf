"""The month board and the absences over HTTP: agent, coordinator, another site, finance, a family, nobody (R10, R33)."""

import json

import frappe
import pytest

from concerto_education.authority import roles
from tests import builders as make

CLOSING = "concerto_education.attendance.closing.api."
ABSENCES = "concerto_education.attendance.absences.api."
MONTH = "2025-10"  # long over, whatever day it is


class World:
	"""One child expected on a day of a month that is over, at a site of its own; committed."""

	def __init__(self):
		make.school_year(2025)
		activity = make.activity()
		enrolment = make.enrolment(act=activity, pattern=None, valid_from="2025-09-01", valid_to="2026-08-31")
		self.row = make.attendance(enrolment, f"{MONTH}-14", unit=activity.units[0].unit)
		self.site = self.row.site
		frappe.db.commit()

	def calls(self) -> dict:
		month = {"site": self.site, "month": MONTH}
		return {
			f"{CLOSING}load": {"month": MONTH},
			f"{CLOSING}what_is_left": month,
			f"{CLOSING}close_month": month,
			f"{CLOSING}reopen_month": {**month, "because": "Essai"},
			f"{ABSENCES}options": {},
			f"{ABSENCES}load": {"start": f"{MONTH}-01", "end": f"{MONTH}-31", "site": self.site},
			f"{ABSENCES}decide": {"names": [self.row.name], "status": "Absent"},
		}

	def status(self) -> str:
		frappe.db.rollback()
		return frappe.db.get_value("Attendance", self.row.name, "status")

	def is_closed(self) -> bool:
		frappe.db.rollback()
		return bool(frappe.db.exists("Monthly Close", {"site": self.site, "state": "Closed"}))


@pytest.fixture(scope="module")
def world(connection):
	frappe.set_user("Administrator")
	return World()


def post(session, method: str, **values):
	return session.post(f"/api/method/{method}", json=values)


def user_of(role: str, *sites: str) -> str:
	frappe.set_user("Administrator")
	user = make.user(role, sites=sites)
	frappe.db.commit()
	return user


WRITES = ("close_month", "reopen_month", "decide")


@pytest.mark.parametrize(
	"role", [roles.ATTENDANCE_AGENT, roles.KITCHEN, roles.FAMILY, roles.FINANCE_CLERK, roles.AREA_MANAGER]
)
def test_R10_who_does_not_judge_neither_closes_nor_decides(world, login, role):
	session = login(user_of(role, *([] if role == roles.FAMILY else [world.site])))
	for method, values in world.calls().items():
		if method.endswith(WRITES) or method.startswith(ABSENCES):
			assert post(session, method, **values).status_code == 403, method
	assert world.status() == "Planned" and not world.is_closed()


@pytest.mark.parametrize("role", [roles.ATTENDANCE_AGENT, roles.KITCHEN, roles.FAMILY])
def test_R10_the_board_is_not_for_those_who_only_tick(world, login, role):
	session = login(user_of(role, *([] if role == roles.FAMILY else [world.site])))
	assert post(session, f"{CLOSING}load", month=MONTH).status_code == 403
	if role != roles.ATTENDANCE_AGENT:
		assert post(session, f"{CLOSING}what_is_left", site=world.site, month=MONTH).status_code == 403


def test_R10_a_coordinator_of_another_site_sees_nothing_of_it(world, login):
	session = login(user_of(roles.SCHOOL_COORDINATOR, make.site().name))
	for method, values in world.calls().items():
		answer = post(session, method, **values)
		if method.endswith(("closing.api.load", "options")):
			assert world.site not in answer.text
		else:
			assert answer.status_code == 403, method
	assert world.status() == "Planned" and not world.is_closed()


def test_nobody_is_asked_to_log_in(world, client):
	for method, values in world.calls().items():
		assert post(client, method, **values).status_code == 403, method


def test_R33_the_coordinator_decides_then_closes_and_finance_looks(world, login):
	session = login(user_of(roles.SCHOOL_COORDINATOR, world.site))
	calls = world.calls()
	refused = post(session, f"{CLOSING}close_month", **calls[f"{CLOSING}close_month"])
	assert refused.status_code == 417
	(told,) = json.loads(refused.json()["_server_messages"])
	assert "Reste à pointer (1)" in json.loads(told)["message"]
	(result,) = post(session, f"{ABSENCES}decide", **calls[f"{ABSENCES}decide"]).json()["message"]
	assert result["done"] and world.status() == "Absent"
	assert post(session, f"{CLOSING}close_month", **calls[f"{CLOSING}close_month"]).ok
	assert world.is_closed()
	finance = login(user_of(roles.FINANCE_CLERK))
	board = post(finance, f"{CLOSING}load", month=MONTH).json()["message"]
	assert [site["state"] for site in board["sites"] if site["site"] == world.site] == ["Closed"]
	assert post(session, f"{CLOSING}reopen_month", **calls[f"{CLOSING}reopen_month"]).status_code == 403
	administrator = login(user_of(roles.SCHOOL_ADMINISTRATOR))
	assert post(administrator, f"{CLOSING}reopen_month", **calls[f"{CLOSING}reopen_month"]).ok
	assert not world.is_closed()


@pytest.mark.parametrize("method", [f"{CLOSING}close_month", f"{CLOSING}reopen_month", f"{ABSENCES}decide"])
def test_what_writes_is_not_reached_by_a_link(world, login, method):
	session = login(user_of(roles.SCHOOL_ADMINISTRATOR))
	assert session.get(f"/api/method/{method}").status_code == 403
