"""The coherence check, the check before a run and the word to finance over HTTP, role by role (R7, R10, R33)."""

import frappe
import pytest

from concerto_education.authority import roles
from tests import builders as make

API = "concerto_education.authority.coherence.api."
READS = (("overview", {}), ("check_topic", {"topic": "dossier"}), ("export", {"code": "no-scheme"}))


@pytest.fixture(scope="module")
def world(connection):
	"""A family without benefit scheme at a site of its own; committed."""
	frappe.set_user("Administrator")
	make.school_year(2026)
	enrolment = make.enrolment(pattern=None)
	frappe.db.commit()
	return enrolment


def user_of(role: str, *sites: str) -> str:
	frappe.set_user("Administrator")
	user = make.user(role, sites=sites)
	frappe.db.commit()
	return user


def post(session, method: str, **values):
	return session.post(f"/api/method/{method}", json=values)


@pytest.mark.parametrize("role", [roles.ATTENDANCE_AGENT, roles.KITCHEN, roles.FAMILY])
def test_R10_who_only_ticks_cooks_or_pays_has_no_check(world, login, role):
	session = login(user_of(role, *([] if role == roles.FAMILY else [world.site])))
	for method, values in READS:
		assert post(session, API + method, **values).status_code == 403, method


@pytest.mark.parametrize("role", [roles.SCHOOL_COORDINATOR, roles.NURSERY_DIRECTOR])
def test_R10_staff_of_a_site_sees_its_families_and_no_others(world, login, role):
	session = login(user_of(role, world.site))
	lines = post(session, f"{API}check_topic", topic="dossier").json()["message"]["no-scheme"]["lines"]
	assert [line["route"][-1] for line in lines] == [world.family]
	assert post(session, f"{API}export", code="no-scheme").ok
	other = login(user_of(role, make.site().name))
	assert world.family not in post(other, f"{API}check_topic", topic="dossier").text
	for method, values in READS:
		assert post(other, API + method, site=world.site, **values).status_code == 403, method


@pytest.mark.parametrize("role", [roles.SCHOOL_ADMINISTRATOR, roles.FINANCE_CLERK, roles.SERVICE_REFERENT])
def test_R7_administrators_and_finance_see_every_site(world, login, role):
	session = login(user_of(role))
	answer = post(session, f"{API}check_topic", topic="dossier", site=world.site).json()["message"]
	assert [line["route"][-1] for line in answer["no-scheme"]["lines"]] == [world.family]


def test_an_unknown_rule_or_site_is_refused_and_no_error_of_the_server(world, login):
	session = login(user_of(roles.SCHOOL_ADMINISTRATOR))
	assert post(session, f"{API}export", code="no-such-rule").status_code == 404
	assert post(session, f"{API}overview", site="Nowhere").status_code == 403


def test_nobody_is_asked_to_log_in(world, client):
	for method, values in READS:
		assert post(client, API + method, **values).status_code == 403, method


@pytest.mark.parametrize(
	"role", [roles.FINANCE_CLERK, roles.SCHOOL_COORDINATOR, roles.ATTENDANCE_AGENT, roles.FAMILY]
)
def test_R33_only_administrators_tell_finance_that_the_check_is_done(world, login, role):
	session = login(user_of(role, *([] if role == roles.FAMILY else [world.site])))
	method = "concerto_education.billing.cycle_api.check_done"
	assert post(session, method, month="2026-09").status_code == 403
	assert session.get(f"/api/method/{method}", params={"month": "2026-09"}).status_code == 403


def test_R33_the_computation_can_not_be_started_around_the_check(world, login):
	session = login(user_of(roles.FINANCE_CLERK))
	assert post(session, "concerto_education.billing.run.start", run="FAC-2026-0001").status_code == 403
