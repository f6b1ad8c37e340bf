"""The weekly table of incomplete dossiers over HTTP: who sees it, of which sites, who takes it out (R9, R24)."""

from __future__ import annotations

import frappe
import pytest

from concerto_education.authority import roles
from tests import builders as make

PAGE = "concerto_education.activities.incomplete.api."


class World:
	"""A dossier of which nobody knows the QF, whose child eats at one of two schools; committed."""

	def __init__(self):
		self.here, self.there = make.site().name, make.site().name
		self.family = make.family()
		make.enrolment(self.family, make.activity(self.here))
		frappe.db.commit()


@pytest.fixture(scope="module")
def world(connection):
	return World()


def test_r9_the_table_is_of_ones_own_sites(world, login):
	for site, seen in ((world.here, True), (world.there, False)):
		session = login(make.user(roles.SCHOOL_COORDINATOR, sites=(site,)))
		answer = session.post(f"/api/method/{PAGE}page", json={"everybody": 1})
		assert answer.status_code == 200
		assert (world.family.name in answer.json()["message"]["families"]) is seen


@pytest.mark.parametrize(
	("role", "page", "export"),
	[
		(roles.ATTENDANCE_AGENT, 403, 403),
		(roles.KITCHEN, 403, 403),
		(roles.FAMILY, 403, 403),
		(roles.SERVICE_REFERENT, 200, 403),
		(roles.FINANCE_CLERK, 200, 200),
		(roles.SCHOOL_COORDINATOR, 200, 200),
		(roles.SCHOOL_ADMINISTRATOR, 200, 200),
	],
)
def test_r24_who_sees_the_table_and_takes_it_out(world, login, role, page, export):
	session = login(make.user(role, sites=(world.here,)))
	assert session.get(f"/api/method/{PAGE}page", params={"site": world.here}).status_code == page
	assert session.get(f"/api/method/{PAGE}history").status_code == page
	taken = session.get(f"/api/method/{PAGE}export", params={"site": world.here})
	assert taken.status_code == export
	if export == 200:
		assert taken.content.startswith(b"PK")


def test_a_visitor_gets_no_table(client, world):
	for name in ("page", "history", "export"):
		assert client.get(f"/api/method/{PAGE}{name}").status_code == 403


def test_the_count_of_a_week_is_written_by_nobody(world, login):
	session = login(make.user(roles.SCHOOL_ADMINISTRATOR))
	row = {"week": "2026-11-23", "site": world.here, "dossiers": 0}
	assert session.post("/api/resource/Incomplete Week", json=row).status_code == 403
	assert session.get("/api/resource/Incomplete Week").status_code == 200
