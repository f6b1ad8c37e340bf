"""Notes, placements, lists of quotients, custody and the CAF over HTTP, for each role (R10, R14, R17, R19, R39)."""

from __future__ import annotations

import json

import frappe
import pytest

from concerto_education.authority import roles
from tests import builders as make

FAMILIES = "concerto_education.families."


class World:
	"""A dossier with a note, a placement, a calendar and a list; committed, so that the server sees them."""

	def __init__(self):
		mother, father, self.child = make.person(), make.person(), make.child()
		self.family = make.family(
			make.member(mother, "Representative 1"),
			make.member(father, "Representative 2"),
			make.member(self.child),
		)
		self.mother = mother
		self.note = make.opening_note(self.family, "Ouverte.", social_note="Confidentielle.")
		self.calendar = make.custody_calendar(
			self.family, self.child, make.payer(self.family, mother), make.payer(self.family, father)
		)
		self.placement = make.placement(self.family, self.child, make.person())
		file = frappe.get_doc(
			{"doctype": "File", "file_name": "l.csv", "content": b"matricule;qf\n1;2\n", "is_private": 1}
		).insert()
		self.list = make.insert("Quotient Import", file=file.file_url)
		frappe.db.commit()

	def calls(self) -> dict[str, dict]:
		family, child = self.family.name, self.child.name
		return {
			"notes.api.notes_of": {"family": family},
			"notes.api.acknowledge": {"note": self.note.name, "revision": 1},
			"custody_month.custody_month": {"values": {"family": family}, "month": "2026-09-01"},
			"custody_month.family_custody": {"family": family},
			"placement.api.placements_of": {"family": family},
			"placement.api.suggest": {"family": family, "person": child},
			"placement.api.end_placement": {"placement": self.placement.name, "last_day": "2027-01-01"},
			"quotient_import.api.lines": {"name": self.list.name},
			"quotient_import.api.preview": {"name": self.list.name},
			"quotient_import.api.apply": {"name": self.list.name},
			"api_particulier.api.is_enabled": {},
		}


@pytest.fixture(scope="module")
def world(connection):
	return World()


READ = {
	"notes.api.notes_of",
	"notes.api.acknowledge",
	"custody_month.custody_month",
	"custody_month.family_custody",
	"placement.api.placements_of",
}
FOLLOW = {"placement.api.suggest", "placement.api.end_placement"}
LISTS = {"quotient_import.api.lines", "quotient_import.api.preview", "quotient_import.api.apply"}
ASK = {"api_particulier.api.is_enabled"}
MAY = {
	roles.ATTENDANCE_AGENT: set(),
	roles.KITCHEN: set(),
	roles.FAMILY: set(),
	roles.FINANCE_CLERK: READ | {"quotient_import.api.lines"},
	roles.SERVICE_REFERENT: READ,
	roles.SEASONAL_CLERK: READ | ASK,
	roles.SCHOOL_COORDINATOR: READ | FOLLOW | ASK,
	roles.SCHOOL_ADMINISTRATOR: READ | FOLLOW | LISTS | ASK,
}
WRITING = sorted(
	{
		"notes.api.acknowledge",
		"placement.api.end_placement",
		"quotient_import.api.preview",
		"quotient_import.api.apply",
	}
)


def ask(session, world: World, name: str):
	return session.post(f"/api/method/{FAMILIES}{name}", json=world.calls()[name])


@pytest.mark.parametrize("name", sorted(READ | FOLLOW | LISTS | ASK))
def test_nobody_without_a_login(client, world, name):
	assert ask(client, world, name).status_code == 403


@pytest.mark.parametrize("role", list(MAY))
def test_each_role_may_what_it_needs(world, login, role):
	session = login(make.user(role))
	answers = {name: ask(session, world, name) for name in world.calls()}
	assert {name for name, answer in answers.items() if answer.status_code == 200} == MAY[role]
	assert {answers[name].status_code for name in set(answers) - MAY[role]} <= {403}
	if role in (roles.FINANCE_CLERK, roles.SEASONAL_CLERK, roles.SERVICE_REFERENT):
		assert "Ouverte." in answers["notes.api.notes_of"].text
		assert "Confidentielle." not in answers["notes.api.notes_of"].text
	if role == roles.SCHOOL_COORDINATOR:
		assert "Confidentielle." in answers["notes.api.notes_of"].text


@pytest.mark.parametrize("name", WRITING)
def test_what_writes_is_post_only(world, login, name):
	session = login(make.user(roles.SCHOOL_ADMINISTRATOR))
	answer = session.get(f"/api/method/{FAMILIES}{name}", params=world.calls()[name])
	assert answer.status_code == 403


def test_confidential_texts_do_not_leave_by_the_rest_api_either(world, login):
	session = login(make.user(roles.SEASONAL_CLERK))
	for path in (
		f"/api/resource/Opening Note/{world.note.name}",
		'/api/resource/Opening Note?fields=["note","social_note"]&limit_page_length=0',
	):
		answer = session.get(path)
		assert "Confidentielle." not in answer.text
	assert session.get(f"/api/resource/Placement/{world.placement.name}").status_code == 403


def test_traces_are_not_written_by_hand(world, login):
	session = login(make.user(roles.SCHOOL_ADMINISTRATOR))
	user = session.get("/api/method/frappe.auth.get_logged_user").json()["message"]
	forged = {
		"Opening Note Acknowledgement": {
			"opening_note": world.note.name,
			"user": user,
			"acknowledged_at": "2026-11-24 08:00:00",
		},
		"API Particulier Request": {
			"family": world.family.name,
			"person": world.mother.name,
			"user": user,
			"asked_at": "2026-11-24 08:00:00",
			"outcome": "Found",
			"value": "0",
		},
		"Quotient Import Line": {"quotient_import": world.list.name, "status": "New"},
	}
	for doctype, values in forged.items():
		assert session.post(f"/api/resource/{doctype}", json=values).status_code == 403, doctype
		assert session.get(f"/api/resource/{doctype}").status_code == 200, doctype


def test_the_settings_of_the_caf_are_the_it_departments(world, login):
	for role, status in ((roles.SCHOOL_ADMINISTRATOR, 403), (roles.SUPER_ADMINISTRATOR, 200)):
		session = login(make.user(role))
		path = "/api/resource/API Particulier Settings/API Particulier Settings"
		assert session.get(path).status_code == status, role


def test_the_model_and_the_report_are_files(world, login):
	session = login(make.user(roles.SCHOOL_ADMINISTRATOR))
	model = session.get(f"/api/method/{FAMILIES}quotient_import.api.download_template")
	assert model.status_code == 200
	assert "allocataire" in model.content.decode("utf-8-sig")
	path = f"/api/method/{FAMILIES}quotient_import.api.download_report"
	assert session.get(path, params={"name": world.list.name}).status_code == 200
	assert (
		login(make.user(roles.SEASONAL_CLERK)).get(path, params={"name": world.list.name}).status_code == 403
	)


def test_what_only_some_read_leaves_neither_by_saving_nor_by_the_history(world, login):
	"""A note is changed by who may; who may write it but not its confidential part sees neither old nor new."""
	note = make.opening_note(world.family, "Ouverte.", social_note="Avant secret.")
	frappe.db.commit()
	path = f"/api/resource/Opening Note/{note.name}"
	coordinator = login(make.user(roles.SCHOOL_COORDINATOR))
	changed = coordinator.put(path, json={"social_note": "Plus secret."})
	assert changed.status_code == 200 and "Plus secret." in changed.text
	clerk = login(make.user(roles.SEASONAL_CLERK))
	form = clerk.get(f"/api/method/frappe.desk.form.load.getdoc?doctype=Opening Note&name={note.name}")
	assert form.status_code == 200 and "Ouverte." in form.text
	saved = clerk.put(path, json={"note": "Ouverte deux fois."})
	for answer in (form, saved):
		assert "secret" not in answer.text
	frappe.db.rollback()
	assert frappe.db.get_value("Opening Note", note.name, "social_note") == "Plus secret."
	# That something was changed, and by whom, stays.
	(row,) = frappe.get_all(
		"Version", filters={"docname": note.name, "data": ("like", "%social_note%")}, fields=["data"]
	)
	changed = {name: values for name, *values in json.loads(row.data)["changed"]}
	assert changed["social_note"] == ["•••", "•••"]
