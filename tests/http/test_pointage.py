"""The tablet page over HTTP: who reaches what, and ten thousand ticks of twenty devices at once (R10, R32)."""

import random
import threading
import time
import uuid

import frappe
import pytest
from frappe.utils import getdate
from requests.adapters import HTTPAdapter

from concerto_education.authority import roles
from tests import builders as make

API = "concerto_education.portal.pointage."
TASKS = "concerto_education.attendance.task_api."


def now():
	return round(time.time() * 1000)


class World:
	"""A site with an activity and one child, planned by hand on today whatever day it is; committed."""

	def __init__(self, children: int = 1):
		self.day = str(getdate())
		year = getdate().year - (getdate().month < 9)
		make.school_year(year)
		self.activity = make.activity(units=("midi", "soir"))
		self.site = self.activity.sites[0].site
		span = {"valid_from": f"{year}-09-01", "valid_to": f"{year + 1}-08-31"}
		self.enrolments = []
		for _number in range(children):
			enrolment = make.enrolment(act=self.activity, pattern=None, **span)
			self.enrolments.append(enrolment.name)
			for unit in ("midi", "soir"):
				make.attendance(enrolment, self.day, unit=unit)
		frappe.db.commit()

	def tick(self, action="Present", enrolment=None, unit="midi", when=None, **values):
		return {
			"id": str(uuid.uuid4()),
			"action": action,
			"time": when or now(),
			"enrolment": enrolment or self.enrolments[0],
			"day": self.day,
			"unit": unit,
			**values,
		}

	def added(self):
		place = {"site": self.site, "activity": self.activity.name, "child_name": "Zoé"}
		return {**self.tick("Added"), "enrolment": None, **place}

	def batch(self, *ticks):
		return {"device": "essai", "sent_at": now(), "ticks": list(ticks)}

	def reads(self):
		place = {"site": self.site, "day": self.day}
		return {
			"start": {},
			"load": place,
			"changes": {**place, "since": f"{self.day} 00:00:00"},
			"search": {"site": self.site, "text": "Test"},
		}

	def states(self):
		frappe.db.rollback()
		return {
			(row.enrolment, row.unit): row.status
			for row in frappe.get_all(
				"Attendance", filters={"site": self.site}, fields=["enrolment", "unit", "status"]
			)
		}


@pytest.fixture(scope="module")
def world(connection):
	return World()


def get(session, name, arguments):
	return session.get(f"/api/method/{API}{name}", params=arguments)


def post(session, name, arguments, api=API):
	token = get(session, "start", {}).json().get("message", {}).get("csrf_token", "")
	if name == "send":
		user = session.get("/api/method/frappe.auth.get_logged_user").json().get("message", "Guest")
		arguments = {"user": user, **arguments}
	return session.post(f"/api/method/{api}{name}", json=arguments, headers={"X-Frappe-CSRF-Token": token})


# ---------------------------------------------------------------- who reaches what


@pytest.mark.parametrize(
	"role", [roles.ATTENDANCE_AGENT, roles.SCHOOL_COORDINATOR, roles.LEISURE_DIRECTOR, roles.NURSERY_DIRECTOR]
)
def test_R10_those_who_tick_reach_every_endpoint(world, login, role):
	session = login(make.user(role, sites=(world.site,)))
	for name, arguments in world.reads().items():
		assert get(session, name, arguments).status_code == 200, name
	answer = post(session, "send", world.batch(world.tick(), world.tick("Undo", when=now() + 1)))
	assert answer.status_code == 200, answer.text
	assert [one["result"] for one in answer.json()["message"]["results"]] == ["Applied", "Applied"]
	assert [row["enrolment"] for row in answer.json()["message"]["rows"]] == world.enrolments


@pytest.mark.parametrize("role", [roles.ATTENDANCE_AGENT, roles.SCHOOL_COORDINATOR])
def test_R9_another_site_gets_nothing_and_changes_nothing(world, login, role):
	elsewhere = make.activity().sites[0].site
	session = login(make.user(role, sites=(elsewhere,)))
	before = world.states()
	for name, arguments in world.reads().items():
		expected = 200 if name == "start" else 403
		assert get(session, name, arguments).status_code == expected, name
	assert get(session, "start", {}).json()["message"]["sites"] == [elsewhere]
	answer = post(session, "send", world.batch(world.tick(), world.added())).json()["message"]
	assert [one["rule"] for one in answer["results"]] == ["NotTicking", "NotTicking"]
	assert answer["rows"] == []
	assert world.states() == before


@pytest.mark.parametrize("role", [roles.FAMILY, roles.KITCHEN, roles.FINANCE_CLERK, roles.AREA_MANAGER, None])
def test_R10_families_visitors_and_those_who_do_not_tick_reach_nothing(world, login, client, role):
	sites = (world.site,) if role not in (roles.FAMILY, None) else ()
	session = login(make.user(role, sites=sites)) if role else client
	before = world.states()
	for name, arguments in world.reads().items():
		assert get(session, name, arguments).status_code == 403, name
	answer = post(session, "send", world.batch(world.tick()))
	assert answer.status_code == 403
	assert world.states() == before


def test_the_page_asks_visitors_to_log_in_and_comes_back(client, world, login):
	answer = client.get("/pointage", allow_redirects=False)
	assert (answer.status_code, answer.headers["Location"]) == (302, "/login?redirect-to=/pointage")
	session = login(make.user(roles.ATTENDANCE_AGENT, sites=(world.site,)))
	page = session.get("/pointage")
	assert page.status_code == 200
	assert "default-src 'self'" in page.headers["Content-Security-Policy"]
	for handler in ("onclick", "onload", "<style", "javascript:"):
		assert handler not in page.text
	assert world.site not in page.text  # the shell that stays on the device names nobody


def test_the_worker_may_govern_the_page_and_names_files_that_exist(client):
	answer = client.get("/pointage/worker.js")
	assert answer.headers["Content-Type"].startswith("text/javascript")
	assert answer.headers["Service-Worker-Allowed"] == "/pointage"
	files = frappe.parse_json(answer.text.split("const SHELL = ")[1].split(";\n")[0])
	assert "/assets/concerto_education/js/pointage/main.js" in files
	for path in files[1:]:
		assert client.get(path).status_code == 200, path
	assert (
		client.get("/assets/concerto_education/pointage.webmanifest.json").json()["start_url"] == "/pointage"
	)


def test_what_changes_something_is_never_a_get_and_needs_the_token(world, login):
	user = make.user(roles.ATTENDANCE_AGENT, sites=(world.site,))
	session = login(user)
	before = world.states()
	query = {"device": "essai", "user": user, "sent_at": now(), "ticks": frappe.as_json([world.tick()])}
	assert get(session, "send", query).status_code == 403
	get(session, "start", {})  # from here on the session has a token
	refused = session.post(f"/api/method/{API}send", json={**world.batch(world.tick()), "user": user})
	assert (refused.status_code, refused.json()["exc_type"]) == (400, "CSRFTokenError")
	assert world.states() == before


def test_a_session_that_ended_loses_nothing_and_goes_on(world, login):
	user = make.user(roles.ATTENDANCE_AGENT, sites=(world.site,))
	session = login(user)
	batch = world.batch(world.tick("Note", note="Après coup"))
	session.post("/api/method/logout")
	assert post(session, "send", batch).status_code == 403
	answer = post(login(user), "send", batch).json()["message"]
	assert [one["result"] for one in answer["results"]] == ["Applied"]


def test_R32_nobody_signs_the_ticks_of_a_colleague(world, login):
	session = login(make.user(roles.ATTENDANCE_AGENT, sites=(world.site,)))
	before = world.states()
	answer = post(session, "send", {**world.batch(world.tick()), "user": "collegue@concerto.example"})
	assert answer.status_code == 403
	assert world.states() == before


@pytest.mark.parametrize(
	"wrong",
	[
		{"ticks": "x"},
		{"ticks": {"a": 1}},
		{"sent_at": "hier"},
		{"device": ["x"]},
		{"ticks": [{}] * 201},
	],
)
def test_wrong_types_and_too_many_are_refused(world, login, wrong):
	session = login(make.user(roles.ATTENDANCE_AGENT, sites=(world.site,)))
	assert post(session, "send", {**world.batch(world.tick()), **wrong}).status_code == 417


def test_R31_steps_of_a_task_for_each_role(world, login):
	agent = login(make.user(roles.ATTENDANCE_AGENT, sites=(world.site,)))
	one, refused = world.added(), world.tick(unit="minuit")
	assert post(agent, "send", world.batch(one, refused)).ok
	frappe.db.rollback()
	task = frappe.db.get_value("Attendance Task", {"client_id": one["id"]})
	calls = {
		"steps": {"task": task},
		"resume": {"task": task},
		"dismiss": {"task": task, "because": "Erreur"},
		"handle_refusal": {"event": refused["id"]},
	}
	elsewhere = make.site().name
	for outsider in (
		agent,
		login(make.user(roles.SCHOOL_COORDINATOR, sites=(elsewhere,))),
		login(make.user(roles.FAMILY)),
	):
		for name, arguments in calls.items():
			token = get(outsider, "start", {}).json().get("message", {}).get("csrf_token", "")
			headers = {"X-Frappe-CSRF-Token": token}
			answer = outsider.post(f"/api/method/{TASKS}{name}", json=arguments, headers=headers)
			assert answer.status_code == 403, name
	coordinator = login(make.user(roles.SCHOOL_COORDINATOR, sites=(world.site,)))
	assert post(coordinator, "steps", calls["steps"], TASKS).json()["message"]["next"] == "dossier"
	assert post(coordinator, "resume", calls["resume"], TASKS).status_code == 417  # nobody is enrolled yet
	assert post(coordinator, "dismiss", calls["dismiss"], TASKS).ok
	assert post(coordinator, "handle_refusal", calls["handle_refusal"], TASKS).ok


# ---------------------------------------------------------------- ten thousand ticks

DEVICES, TICKS, CHILDREN = 20, 10_000, 60
MOST_SECONDS = 90


def test_R32_ten_thousand_ticks_of_twenty_devices_at_once(connection, login):
	"""Reordered, a tenth sent again, clocks wrong by up to an hour, all on the same children: the latest ticks win."""
	frappe.set_user("Administrator")
	world, chance = World(CHILDREN), random.Random(32)
	user = make.user(roles.ATTENDANCE_AGENT, sites=(world.site,))
	session = login(user)
	token = get(session, "start", {}).json()["message"]["csrf_token"]
	session.mount("http://", HTTPAdapter(pool_maxsize=DEVICES))
	# Ticks that were made one after the other over the last hours, each by one of the devices.
	begin = now() - 4 * 3600 * 1000
	made, expected = [], {}
	for number in range(TICKS):
		enrolment, unit = chance.choice(world.enrolments), chance.choice(("midi", "soir"))
		action = chance.choice(("Present", "Undo"))
		made.append(world.tick(action, enrolment, unit, when=begin + number))
		expected[enrolment, unit] = "Present" if action == "Present" else "Planned"
	queues = [[] for _device in range(DEVICES)]
	wrong_by = [chance.randint(-3_600_000, 3_600_000) for _device in range(DEVICES)]
	for one in made:
		device = chance.randrange(DEVICES)
		one.update({"time": one["time"] - wrong_by[device], "offset": wrong_by[device]})
		queues[device].append(one)
	for queue in queues:
		chance.shuffle(queue)
		# what was sent and whose answer was lost is sent again, also by another device
		queue.extend(chance.sample(queue, len(queue) // 20) + chance.sample(made, len(made) // 400))
	answers: list[dict] = []
	faults: list[str] = []

	def play(number, queue):
		for start in range(0, len(queue), 100):
			batch = {"sent_at": now(), "ticks": queue[start : start + 100]}
			body = {"device": f"tablette {number}", "user": user, **batch}
			answer = session.post(f"/api/method/{API}send", json=body, headers={"X-Frappe-CSRF-Token": token})
			if answer.ok:
				answers.extend(answer.json()["message"]["results"])
			else:
				faults.append(answer.text[-1500:])

	threads = [threading.Thread(target=play, args=pair) for pair in enumerate(queues)]
	began = time.monotonic()
	for thread in threads:
		thread.start()
	for thread in threads:
		thread.join()
	seconds = time.monotonic() - began
	assert not faults, faults[0]
	assert {one["id"] for one in answers} == {one["id"] for one in made}
	assert {one["result"] for one in answers} <= {"Applied", "Superseded"}
	states = world.states()
	assert {key: states[key] for key in expected} == expected
	events = frappe.get_all("Attendance Event", filters={"site": world.site}, pluck="name")
	assert len(events) == len(set(events)) == TICKS
	assert seconds < MOST_SECONDS, f"{seconds:.0f} s"
