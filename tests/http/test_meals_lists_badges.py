"""Each endpoint of meals, lists and badges over the web: kitchen, agent, coordinator, another site, finance, a family, nobody."""

import frappe
import pytest
from frappe.utils import add_days, getdate

from concerto_education.attendance.badges import service as badges
from concerto_education.authority import roles
from tests import builders as make

ROOM = "concerto_education.attendance."


class World:
	"""A kitchen that cooks for one school, open on all days, with one child expected today."""

	def __init__(self):
		year = getdate().year - (getdate().month < 9)
		make.school_year(year)
		self.kitchen = make.site(kind="Kitchen").name
		days = dict.fromkeys(make.WEEKDAYS, 1)
		self.activity = make.activity(
			**days, in_school_time=1, on_wednesdays=1, in_small_holidays=1, in_summer=1
		)
		self.site = self.activity.sites[0].site
		make.insert(
			"Meal Service",
			kitchen=self.kitchen,
			corrections="By Hand",
			sites=[{"site": self.site, "activity": self.activity.name}],
		)
		self.enrolment = make.enrolment(
			act=self.activity, pattern="1234567", valid_from=f"{year}-09-01", valid_to=f"{year + 1}-08-31"
		)
		self.person = self.enrolment.person
		self.name = frappe.db.get_value("Person", self.person, "last_name")
		self.day, self.elsewhere = str(getdate()), make.activity().sites[0].site
		frappe.db.set_single_value("Authority Settings", "use_badges", 1)
		self.token = badges.issue([self.person])[self.person]
		frappe.db.commit()
		frappe.clear_cache()

	def calls(self) -> dict[str, dict]:
		sheet = {"site": self.site, "activity": self.activity.name, "unit": "midi", "day": self.day}
		meal, child = {"kitchen": self.kitchen, "day": self.day}, {"site": self.site, "person": self.person}
		return {
			"meals.api.options": {},
			"meals.api.load_day": meal,
			"meals.api.load_week": meal,
			"meals.api.day_pdf": meal,
			"meals.api.week_pdf": meal,
			"meals.api.table": meal,
			"meals.api.versions": {"site": self.site, "day": self.day},
			"meals.api.order": {"site": self.site, "day": self.day},
			"meals.api.set_adults": {"site": self.site, "day": self.day, "adults": 1},
			"lists.api.options": {},
			"lists.api.load": sheet,
			"lists.api.list_pdf": sheet,
			"lists.api.table": sheet,
			"lists.api.contacts": {**sheet, "what": "Contacts"},
			"api.key_in_list": {**sheet, "absent": [], "check": "0000"},
			"badges.api.options": {},
			"badges.api.load": {"site": self.site},
			"badges.api.badges_pdf": {"site": self.site},
			"badges.api.renew": {**child, "because": "perdu"},
			"badges.api.take_back": {**child, "because": "perdu"},
		}


CHANGES = {
	"meals.api.order",
	"meals.api.set_adults",
	"lists.api.list_pdf",
	"lists.api.table",
	"api.key_in_list",
	"badges.api.badges_pdf",
	"badges.api.renew",
	"badges.api.take_back",
}
SEES_MEALS = {
	f"meals.api.{name}"
	for name in ("options", "load_day", "load_week", "day_pdf", "week_pdf", "table", "versions")
}
MEALS = SEES_MEALS | {"meals.api.order", "meals.api.set_adults"}
LISTS = {"lists.api.options", "lists.api.load", "lists.api.list_pdf", "lists.api.table", "lists.api.contacts"}
BADGES = {f"badges.api.{name}" for name in ("options", "load", "badges_pdf", "renew", "take_back")}
KEYS = {"api.key_in_list"}

MAY = {
	roles.ATTENDANCE_AGENT: LISTS | KEYS,
	roles.SCHOOL_COORDINATOR: MEALS | LISTS | KEYS | BADGES,
	roles.SEASONAL_CLERK: LISTS - {"lists.api.contacts"},
	roles.FINANCE_CLERK: SEES_MEALS | (LISTS - {"lists.api.contacts"}),
	roles.FAMILY: set(),
}


@pytest.fixture(scope="module")
def world(connection):
	frappe.set_user("Administrator")
	yield World()
	frappe.set_user("Administrator")
	frappe.db.set_single_value("Authority Settings", "use_badges", 0)
	frappe.db.commit()
	frappe.clear_cache()


def ask(session, name, arguments):
	path = name.replace("lists.api.contacts", "lists.api.load")
	return session.post(f"/api/method/{ROOM}{path}", json=arguments)


def allowed(session, world) -> set[str]:
	found = set()
	for name, arguments in world.calls().items():
		answer = ask(session, name, arguments)
		# 417: a rule refuses the values, after the rights were granted.
		assert answer.status_code in (200, 403, 417), (name, answer.status_code, answer.text[:300])
		if answer.status_code != 403:
			found.add(name)
	return found


@pytest.mark.parametrize(
	"role",
	[
		roles.ATTENDANCE_AGENT,
		roles.SCHOOL_COORDINATOR,
		roles.SEASONAL_CLERK,
		roles.FINANCE_CLERK,
		roles.FAMILY,
	],
)
def test_R10_R41_what_each_role_reaches(world, login, role):
	assert allowed(login(make.user(role, sites=(world.site,))), world) == MAY[role]


def test_R41_the_kitchen_reaches_meals_and_no_list(world, login):
	session = login(make.user(roles.KITCHEN, sites=(world.kitchen,)))
	assert allowed(session, world) == SEES_MEALS
	for name in SEES_MEALS:
		answer = ask(session, name, world.calls()[name])
		assert world.name not in answer.content.decode("latin-1"), name


def test_R9_another_site_and_another_kitchen_reach_nothing_of_this_one(world, login):
	general = {"meals.api.options", "lists.api.options", "badges.api.options"}
	for role in (roles.SCHOOL_COORDINATOR, roles.KITCHEN, roles.ATTENDANCE_AGENT, roles.LEISURE_DIRECTOR):
		session = login(make.user(role, sites=(world.elsewhere,)))
		assert allowed(session, world) <= general, role
		offered = ask(session, "meals.api.options", {})
		assert world.kitchen not in offered.text


def test_visitors_reach_nothing(world, client):
	assert allowed(client, world) == set()
	answer = client.post(
		"/api/method/concerto_education.portal.pointage.badge",
		json={"site": world.site, "token": world.token},
	)
	assert answer.status_code == 403


@pytest.mark.parametrize("name", sorted(CHANGES))
def test_what_changes_or_exports_is_never_a_get(world, login, name):
	session = login("Administrator")
	answer = session.get(f"/api/method/{ROOM}{name}", params=world.calls()[name])
	assert answer.status_code == 403


def test_R41_files_of_the_kitchen_are_files(world, login):
	session = login(make.user(roles.KITCHEN, sites=(world.kitchen,)))
	page = ask(session, "meals.api.day_pdf", world.calls()["meals.api.day_pdf"])
	assert page.content.startswith(b"%PDF")
	table = ask(session, "meals.api.table", world.calls()["meals.api.table"])
	assert table.content.decode("utf-8-sig").splitlines()[1].split(";")[2] == world.site
	tomorrow = {"kitchen": world.kitchen, "day": add_days(world.day, 1)}
	assert ask(session, "meals.api.load_day", tomorrow).json()["message"]["total"] == 1


def test_R32_the_tablet_asks_whose_badge_it_is(world, login):
	session = login(make.user(roles.ATTENDANCE_AGENT, sites=(world.elsewhere,)))
	path = "/api/method/concerto_education.portal.pointage.badge"
	token = badges.issue([world.person])[world.person]
	frappe.db.commit()
	known = session.post(path, json={"site": world.elsewhere, "token": token})
	assert known.json()["message"]["last_name"] == world.name
	unknown = session.post(path, json={"site": world.elsewhere, "token": "x" * 22})
	assert unknown.json()["message"] == {"person": None, "reason": "Ce badge est inconnu ici"}
	assert session.get(path, params={"site": world.elsewhere, "token": world.token}).status_code == 403


def test_R32_the_badges_of_chosen_children_are_printed_from_a_form_as_from_json(world, login):
	"""The page opens them in another tab, so it posts a form: the list arrives as text there."""
	session = login(make.user(roles.SCHOOL_COORDINATOR, sites=(world.site,)))
	path = f"/api/method/{ROOM}badges.api.badges_pdf"
	for sent in (
		{"data": {"site": world.site, "persons": frappe.as_json([world.person])}},
		{"json": {"site": world.site, "persons": [world.person]}},
	):
		answer = session.post(path, **sent)
		assert answer.status_code == 200 and answer.content.startswith(b"%PDF"), answer.text[:300]
	stranger = session.post(path, data={"site": world.site, "persons": '["PER-0"]'})
	assert stranger.status_code == 417
	nonsense = session.post(path, data={"site": world.site, "persons": '"PER-0"'})
	assert nonsense.status_code == 417
