"""Records that take their site from an enrolment: nobody writes one of another site by leaving it out or by lying (R9).

The framework asks for the right before a record has copied its site, of whatever the request says.
"""

import frappe
import pytest

from concerto_education.authority import roles
from tests import builders as make

DAY = "2026-09-08"


class World:
	"""Two sites with an enrolment each: the account's own, and the one it must not reach."""

	def __init__(self):
		make.school_year()
		self.own, self.other = (make.enrolment(pattern=None) for _count in range(2))
		self.row = make.attendance(self.other, DAY).name
		self.funder = make.organisation().name
		frappe.db.commit()

	def values(self, doctype: str) -> dict:
		return {
			"Attendance": {"attendance_date": "2026-09-10", "unit": "midi", "status": "Present"},
			"Late Pickup": {"pickup_date": DAY, "minutes": 20},
			"Funding": {
				"valid_from": "2026-09-01",
				"valid_to": "2026-12-31",
				"funder": self.funder,
			},
			"Nursery Contract": {"valid_from": "2026-09-01", "valid_to": "2026-12-31"},
			"Waiting List Entry": {},
		}[doctype]


@pytest.fixture(scope="module")
def world(connection):
	return World()


def lies(world) -> dict:
	"""What a request may say about the site."""
	return {
		"nothing": {},
		"an empty one": {"site": ""},
		"its own": {"site": world.own.site, "activity": world.own.activity, "person": world.own.person},
	}


# Who may create the record at all, so that it is the site that refuses.
MAY_CREATE = {
	"Attendance": roles.SCHOOL_COORDINATOR,
	"Late Pickup": roles.SCHOOL_COORDINATOR,
	"Funding": roles.SCHOOL_COORDINATOR,
	"Nursery Contract": roles.NURSERY_DIRECTOR,
	"Waiting List Entry": roles.SCHOOL_COORDINATOR,
}


@pytest.mark.parametrize("doctype", sorted(MAY_CREATE))
def test_R9_the_site_of_the_enrolment_decides_whatever_the_request_says(world, login, doctype):
	session = login(make.user(MAY_CREATE[doctype], sites=(world.own.site,)))
	before = frappe.db.count(doctype)
	for lie, said in lies(world).items():
		answer = session.post(
			f"/api/resource/{doctype}",
			json={"enrolment": world.other.name, **world.values(doctype), **said},
		)
		assert answer.status_code == 403, f"{doctype}, {lie}: {answer.status_code} {answer.text[:300]}"
	frappe.db.rollback()
	assert frappe.db.count(doctype) == before


@pytest.mark.parametrize("doctype", ["Attendance", "Late Pickup"])
def test_R9_at_ones_own_site_it_is_created_without_naming_the_site(world, login, doctype):
	session = login(make.user(roles.SCHOOL_COORDINATOR, sites=(world.own.site,)))
	answer = session.post(
		f"/api/resource/{doctype}", json={"enrolment": world.own.name, **world.values(doctype)}
	)
	assert answer.status_code == 200, answer.text[:300]
	assert answer.json()["data"]["site"] == world.own.site
	frappe.db.rollback()


@pytest.mark.parametrize("which", ["own", "other"])
def test_R10_an_agent_creates_no_attendance_through_the_api(world, login, which):
	"""Agents tick; rows of their own site are made by the tick, never by hand."""
	enrolment = getattr(world, which)
	session = login(make.user(roles.ATTENDANCE_AGENT, sites=(world.own.site,)))
	for lie, said in lies(world).items():
		answer = session.post(
			"/api/resource/Attendance",
			json={"enrolment": enrolment.name, "attendance_date": "2026-09-11", "unit": "midi", **said},
		)
		assert answer.status_code == 403, lie
	answer = session.post(
		"/api/method/concerto_education.attendance.api.add_presence",
		json={"enrolment": world.other.name, "unit": "midi", "day": "2026-09-11"},
	)
	assert answer.status_code == 403


def test_R9_a_row_of_another_site_is_not_taken_over_by_writing_ones_own_site_into_it(world, login):
	session = login(make.user(roles.SCHOOL_COORDINATOR, sites=(world.own.site,)))
	for said in ({"site": world.own.site}, {"enrolment": world.own.name}, {}):
		answer = session.put(f"/api/resource/Attendance/{world.row}", json={"status": "Absent", **said})
		assert answer.status_code in (403, 417), said
	frappe.db.rollback()
	assert frappe.db.get_value("Attendance", world.row, ["status", "site"]) == ("Planned", world.other.site)
