"""Places by HTTP (R40): the last one goes to one clerk only, whoever clicks at once; who may answer for a family."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import frappe
import pytest
from frappe.utils import getdate

from concerto_education.activities.capacity import offers
from concerto_education.authority import roles
from tests import builders as make

API = "concerto_education.activities.capacity.api."
CLERKS = 6


def _next(weekday: int):
	day = getdate() + timedelta(days=7)
	return day + timedelta(days=(weekday - day.isoweekday()) % 7)


class World:
	"""An activity with one place, open every day of the week the whole year, so that tests hold on any day."""

	def __init__(self, capacity: int = 1, site=None):
		make.school_year(getdate().year if getdate().month >= 9 else getdate().year - 1)
		self.activity = make.activity(
			*([site] if site else []),
			units=("jour",),
			in_school_time=1,
			on_wednesdays=1,
			in_small_holidays=1,
			in_summer=1,
			**dict.fromkeys(make.WEEKDAYS, 1),
		)
		self.activity.sites[0].capacity = capacity
		self.activity.save()
		self.site = self.activity.sites[0].site
		self.start = getdate() + timedelta(days=1)
		frappe.db.commit()

	def form(self, **values) -> dict:
		"""What the form of an enrolment sends, of a family of its own."""
		family = make.family()
		payer = make.payer(family)
		return {
			"doctype": "Enrolment",
			"family": family.name,
			"person": next(row.person for row in family.members if row.role == "Child"),
			"activity": self.activity.name,
			"site": self.site,
			"category": make.CHILD_CATEGORY,
			"valid_from": str(self.start),
			"valid_to": str(self.start + timedelta(days=20)),
			"pattern": [{"unit": "jour", "weeks": "Every Week", **make.days("1234567")}],
			"payers": [{"payer": payer.name, "share": 100}],
			**values,
		}

	def planned(self) -> dict:
		"""How many are planned on each day, as it is in the database."""
		frappe.db.rollback()
		rows = frappe.get_all(
			"Attendance",
			filters={"activity": self.activity.name, "status": "Planned"},
			pluck="attendance_date",
		)
		return {day: rows.count(day) for day in set(rows)}


@pytest.fixture
def clerks(connection, login):
	"""Several clerks of one site, each with a session."""

	def make_clerks(world: World, number: int = CLERKS):
		users = [make.user(roles.SCHOOL_COORDINATOR, sites=(world.site,)) for _ in range(number)]
		sessions = [login(user) for user in users]
		for session in sessions:
			session.headers["Connection"] = "close"  # an idle one may be closed by the server as it is used
		return sessions

	return make_clerks


def _at_once(calls):
	with ThreadPoolExecutor(len(calls)) as pool:
		return [answer.result() for answer in [pool.submit(call) for call in calls]]


def _insert(session, doc):
	return session.post("/api/method/frappe.client.insert", json={"doc": doc})


def test_R40_of_clerks_who_click_at_once_one_gets_the_last_place(clerks):
	world = World(1)
	forms = [world.form() for _ in range(CLERKS)]
	sessions = clerks(world)
	answers = _at_once(
		[lambda s=session, f=form: _insert(s, f) for session, form in zip(sessions, forms, strict=True)]
	)
	codes = sorted(answer.status_code for answer in answers)
	assert max(codes) < 500, [answer.text[-1500:] for answer in answers if answer.status_code >= 500]
	assert codes == [200] + [417] * (CLERKS - 1)
	assert all("CapacityFull" in answer.text for answer in answers if answer.status_code == 417)
	planned = world.planned()
	assert planned and set(planned.values()) == {1}
	assert frappe.db.count("Enrolment", {"activity": world.activity.name}) == 1


def test_R40_the_last_place_of_a_building_goes_to_one_of_its_activities(clerks):
	"""Each clerk enrols in another activity, each of which has room; the building has one place."""
	site = make.site(capacity=1)
	worlds = [World(0, site) for _ in range(CLERKS)]
	forms = [world.form() for world in worlds]
	answers = _at_once(
		[
			lambda s=session, f=form: _insert(s, f)
			for session, form in zip(clerks(worlds[0]), forms, strict=True)
		]
	)
	assert sorted(answer.status_code for answer in answers) == [200] + [417] * (CLERKS - 1)
	assert all("CapacityFull" in answer.text for answer in answers if answer.status_code == 417)
	planned = [world.planned() for world in worlds]
	assert sorted(bool(days) for days in planned) == [False] * (CLERKS - 1) + [True]
	assert {number for days in planned for number in days.values()} == {1}


def test_R40_the_others_are_on_the_waiting_list_and_nobody_is_lost(clerks):
	world = World(2)
	forms = [world.form(when_full="Waiting List") for _ in range(CLERKS)]
	sessions = clerks(world)
	answers = _at_once(
		[lambda s=session, f=form: _insert(s, f) for session, form in zip(sessions, forms, strict=True)]
	)
	assert [answer.status_code for answer in answers] == [200] * CLERKS
	assert max(world.planned().values()) == 2
	statuses = frappe.get_all("Enrolment", filters={"activity": world.activity.name}, pluck="status")
	assert sorted(statuses) == ["Confirmed"] * 2 + ["Waiting"] * (CLERKS - 2)
	entries = frappe.get_all("Waiting List Entry", filters={"activity": world.activity.name})
	assert len(entries) == CLERKS - 2


def test_R40_changes_of_patterns_at_once_stay_within_the_places(clerks):
	"""Everybody has a place on Mondays and wants the last one of Thursdays."""
	world = World(CLERKS)
	only_monday = [{"unit": "jour", "weeks": "Every Week", **make.days("1")}]
	names = [frappe.get_doc(world.form(pattern=only_monday)).insert().name for _ in range(CLERKS)]
	make.insert(
		"Capacity Period",
		activity=world.activity.name,
		site=world.site,
		valid_from=_next(4),
		valid_to=_next(4),
		capacity=1,
	)
	docs = [frappe.get_doc("Enrolment", name).as_dict(convert_dates_to_str=True) for name in names]
	for doc in docs:
		doc["pattern"][0]["thursday"] = 1
	sessions = clerks(world)
	answers = _at_once(
		[
			lambda s=session, d=doc: s.post("/api/method/frappe.client.save", data={"doc": frappe.as_json(d)})
			for session, doc in zip(sessions, docs, strict=True)
		]
	)
	assert sorted(answer.status_code for answer in answers) == [200] + [417] * (CLERKS - 1)
	assert world.planned()[_next(4)] == 1


def test_R40_one_place_is_offered_once_and_accepted_once(clerks):
	world = World(1)
	first = frappe.get_doc(world.form()).insert()
	names = []
	for _ in range(2):
		late = frappe.get_doc(world.form(when_full="Waiting List")).insert()
		names.append(frappe.db.get_value("Waiting List Entry", {"enrolment": late.name}))
	frappe.db.set_single_value("Waiting List Settings", "automatic", 0)
	first.status = "Cancelled"
	first.save()
	sessions = clerks(world, 4)
	frappe.db.commit()
	try:
		answers = _at_once(
			[
				lambda s=session, n=names[index % 2]: s.post(f"/api/method/{API}offer", json={"entry": n})
				for index, session in enumerate(sessions)
			]
		)
		assert sorted(answer.status_code for answer in answers) == [200, 417, 417, 417]
		frappe.db.rollback()
		offered = frappe.get_all(
			"Waiting List Entry", filters={"name": ("in", names), "status": "Offered"}, pluck="name"
		)
		assert len(offered) == 1
		answers = _at_once(
			[
				lambda s=session: s.post(f"/api/method/{API}accept", json={"entry": offered[0]})
				for session in sessions
			]
		)
		assert sorted(answer.status_code for answer in answers) == [200, 417, 417, 417]
		assert set(world.planned().values()) == {1}
	finally:
		frappe.db.rollback()
		frappe.db.set_single_value("Waiting List Settings", "automatic", 1)
		frappe.db.commit()


# ---------------------------------------------------------------- who may


@pytest.fixture(scope="module")
def listed(connection):
	"""Somebody who waits, and a place that is free."""
	world = World(1)
	first = frappe.get_doc(world.form()).insert()
	late = frappe.get_doc(world.form(when_full="Waiting List")).insert()
	first.status = "Cancelled"
	first.save()
	world.entry = frappe.db.get_value("Waiting List Entry", {"enrolment": late.name})
	world.enrolment = late.name
	frappe.db.commit()
	return world


def _calls(world) -> dict:
	place = {"activity": world.activity.name, "site": world.site}
	return {
		"choices": {},
		"week": place,
		"enrolment_places": {"enrolment": world.enrolment},
		"offer": {"entry": world.entry},
		"accept": {"entry": world.entry},
		"refuse": {"entry": world.entry},
		"put_back": {"entry": world.entry},
	}


WRITES = ("offer", "accept", "refuse", "put_back")


@pytest.mark.parametrize("role", [roles.ATTENDANCE_AGENT, roles.KITCHEN, roles.FINANCE_CLERK])
def test_R40_who_has_nothing_to_do_with_the_list_is_refused(listed, login, role):
	session = login(make.user(role, sites=(listed.site,)))
	for name, arguments in _calls(listed).items():
		if name == "enrolment_places":
			continue  # with the enrolment, for whoever may read that
		answer = session.post(f"/api/method/{API}{name}", json=arguments)
		assert answer.status_code == 403, (name, answer.text[:200])


def test_R40_a_coordinator_of_another_site_sees_and_answers_nothing(listed, login):
	session = login(make.user(roles.SCHOOL_COORDINATOR, sites=(make.site().name,)))
	for name, arguments in _calls(listed).items():
		answer = session.post(f"/api/method/{API}{name}", json=arguments)
		if name == "choices":
			assert listed.site not in answer.text
		else:
			assert answer.status_code == 403, (name, answer.text[:200])
	rows = session.get("/api/resource/Waiting List Entry?limit=0").json()["data"]
	assert listed.entry not in [row["name"] for row in rows]


def test_R40_nobody_answers_by_a_link_or_without_login(listed, client, login):
	for name in WRITES:
		answer = client.post(f"/api/method/{API}{name}", json={"entry": listed.entry})
		assert answer.status_code == 403
	session = login(make.user(roles.LEISURE_DIRECTOR, sites=(listed.site,)))
	for name in WRITES:
		answer = session.get(f"/api/method/{API}{name}?entry={listed.entry}")
		assert answer.status_code in (403, 405), name


def test_R40_the_director_of_the_site_offers_and_records_the_answer(listed, login):
	session = login(make.user(roles.LEISURE_DIRECTOR, sites=(listed.site,)))
	shown = session.call(f"{API}week", activity=listed.activity.name, site=listed.site)
	assert [row["name"] for row in shown["waiting"]] == [listed.entry]
	frappe.db.rollback()
	if frappe.db.get_value("Waiting List Entry", listed.entry, "status") == "Waiting":
		session.call(f"{API}offer", entry=listed.entry)
	assert session.call(f"{API}accept", entry=listed.entry)["status"] == "Accepted"
	assert set(listed.planned().values()) == {1}
	assert frappe.db.get_value("Enrolment", listed.enrolment, "status") == "Confirmed"
	assert offers.expire() == []
