"""The wizard, the roll-over and the words of a form over HTTP: administrators only, and writes by POST (R7, R10)."""

import time

import frappe
import pytest

from concerto_education.authority import roles
from tests import builders as make

WIZARD = "concerto_education.activities.models.wizard."
ROLLOVER = "concerto_education.activities.rollover.api."
FORM = "concerto_education.activities.doctype.activity.activity."


@pytest.fixture(scope="module")
def world(connection):
	make.school_year()
	site = make.site().name
	model = frappe.db.get_value("Activity Model", {"kind": "Canteen"})
	frappe.db.commit()
	return {"site": site, "model": model}


def calls(world, name="Activité refusée"):
	answers = {"activity_name": name, "sites": [{"site": world["site"]}]}
	return {
		f"{WIZARD}start": {},
		f"{WIZARD}preview": {"model": world["model"], "answers": answers},
		f"{WIZARD}create": {"model": world["model"], "answers": answers},
		f"{ROLLOVER}start": {},
		f"{ROLLOVER}preview": {"year": "2026-2027"},
		f"{ROLLOVER}apply": {"year": "2026-2027"},
	}


def post(session, name, arguments):
	return session.post(f"/api/method/{name}", json=arguments)


@pytest.mark.parametrize(
	"role", [roles.SCHOOL_COORDINATOR, roles.SERVICE_REFERENT, roles.FINANCE_CLERK, roles.FAMILY, None]
)
def test_nobody_but_administrators_sets_up(world, login, client, role):
	session = login(make.user(role)) if role else client
	for name, arguments in calls(world).items():
		assert post(session, name, arguments).status_code == 403, name
	frappe.db.rollback()
	assert not frappe.db.exists("Activity", "Activité refusée")


def test_an_administrator_makes_an_activity(world, login):
	session = login(make.user(roles.SCHOOL_ADMINISTRATOR))
	name = f"Cantine {make._unique()}"
	asked = calls(world, name)
	for call in ("start", "preview", "create"):
		assert post(session, f"{WIZARD}{call}", asked[f"{WIZARD}{call}"]).status_code == 200, call
	frappe.db.rollback()
	assert frappe.db.get_value("Activity", name, "model") == world["model"]
	# A second one of that name is refused in words.
	again = post(session, f"{WIZARD}preview", asked[f"{WIZARD}preview"]).json()["message"]
	assert name in again["problem"]


@pytest.mark.parametrize(
	"name", [f"{WIZARD}create", f"{ROLLOVER}apply", f"{ROLLOVER}resume", f"{FORM}rename_camp"]
)
def test_what_changes_something_is_never_a_get(world, login, name):
	session = login("Administrator")
	assert session.get(f"/api/method/{name}", params={"activity": "x"}).status_code == 403


def test_a_form_that_is_filled_is_told_its_rule(world, login):
	session = login(make.user(roles.SCHOOL_ADMINISTRATOR))
	doc = {"booking_rule": "Days Before", "booking_days": 2, "booking_time": "10:00", "kind": "Canteen"}
	answer = post(session, f"{FORM}words", {"doc": {**doc, "units": [], "sites": []}}).json()["message"]
	assert "2 jours avant" in answer["booking"]


def test_the_year_is_prepared_in_the_background_and_its_progress_is_told(world, login, worker):
	"""R7: the request only queues it; a worker makes it, and the page asks until it is done."""
	session = login(make.user(roles.SCHOOL_ADMINISTRATOR))
	name = session.call(f"{ROLLOVER}apply", year="2026-2027")["name"]
	deadline = time.monotonic() + 120
	while (found := session.call(f"{ROLLOVER}progress", rollover=name))["status"] != "Done":
		assert not found["interrupted"] and time.monotonic() < deadline, found
		time.sleep(0.2)
	assert found["items_made"] == found["items_total"] == sum(item["make"] for item in found["items"])
	frappe.db.rollback()
	assert frappe.db.exists("School Year", {"starts_on": "2027-09-01"})
	assert session.call(f"{ROLLOVER}start")["rollover"] == name, "whoever comes back reads what was made"
	for role in (roles.SCHOOL_COORDINATOR, roles.FINANCE_CLERK, roles.FAMILY):
		stranger = login(make.user(role))
		for call in ("progress", "resume"):
			assert post(stranger, f"{ROLLOVER}{call}", {"rollover": name}).status_code == 403, (role, call)
		assert stranger.get(f"/api/resource/School Year Preparation/{name}").status_code == 403
