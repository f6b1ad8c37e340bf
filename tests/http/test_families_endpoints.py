"""Search, duplicates and merging over HTTP for each role: agent, coordinator, administrator, a family, nobody (R7–R12)."""

from __future__ import annotations

import json
import random
import string

import frappe
import pytest

from concerto_education.authority import roles
from tests import builders as make

API = "concerto_education.families.api."


class World:
	"""Two dossiers that look alike, under a name that no other run bears; committed, so that the server sees them."""

	def __init__(self):
		self.name = "Zq" + "".join(random.choices(string.ascii_lowercase, k=7))
		self.children = [make.child(self.name, "Yolaine", birth_date="2019-05-23") for _number in range(2)]
		self.families = [
			make.family(make.member(make.person(self.name, "Ines"), "Representative 1"), make.member(kid))
			for kid in self.children
		]
		frappe.db.commit()

	def calls(self) -> dict[str, dict]:
		first, second = (doc.name for doc in self.families)
		person = {"last_name": self.name, "first_name": "Yolaine", "birth_date": "2019-05-23"}
		return {
			"search_families": {"text": self.name},
			"merged_into": {"doctype": "Family", "name": first},
			# As a form sends it, and as a program does.
			"likely_duplicates": {"doctype": "Person", "values": json.dumps(person)},
			"declare_different": {
				"doctype": "Person",
				"first": self.children[0].name,
				"second": self.children[1].name,
			},
			"preview_merge": {"doctype": "Family", "kept": first, "dropped": second},
			"merge_records": {"doctype": "Family", "kept": first, "dropped": second, "persons": "[]"},
		}


@pytest.fixture(scope="module")
def world(connection):
	return World()


READ = {"search_families", "merged_into"}
WRITE = {"likely_duplicates", "declare_different"}
MERGE = {"preview_merge", "merge_records"}
MAY = {
	roles.ATTENDANCE_AGENT: set(),
	roles.KITCHEN: set(),
	roles.FAMILY: set(),
	roles.FINANCE_CLERK: READ,
	roles.SEASONAL_CLERK: READ | WRITE,
	roles.SCHOOL_COORDINATOR: READ | WRITE,
	# Merging comes last: after it there is one dossier less.
	roles.SCHOOL_ADMINISTRATOR: READ | WRITE | MERGE,
}


def ask(session, world: World, name: str):
	return session.post(f"/api/method/{API}{name}", json=world.calls()[name])


@pytest.mark.parametrize("name", sorted(READ | WRITE | MERGE))
def test_nobody_without_a_login(client, world, name):
	assert ask(client, world, name).status_code == 403


@pytest.mark.parametrize("role", list(MAY))
def test_each_role_may_what_it_needs(world, login, role):
	session = login(make.user(role))
	answers = {name: ask(session, world, name) for name in world.calls()}
	assert {name for name, answer in answers.items() if answer.status_code == 200} == MAY[role]
	assert {answers[name].status_code for name in set(answers) - MAY[role]} <= {403}
	for name in set(answers) - MAY[role]:
		assert world.families[0].name not in answers[name].text
	if "search_families" in MAY[role]:
		assert answers["search_families"].json()["message"]["results"][0]["family"] in {
			doc.name for doc in world.families
		}


@pytest.mark.parametrize("name", ["likely_duplicates", "declare_different", "preview_merge", "merge_records"])
def test_what_writes_is_post_only(world, login, name):
	session = login(make.user(roles.SCHOOL_ADMINISTRATOR))
	answer = session.get(f"/api/method/{API}{name}", params=world.calls()[name])
	assert answer.status_code == 403


def test_r12_the_rest_api_lets_no_duplicate_in(login):
	frappe.db.rollback()
	here = World()
	session = login(make.user(roles.SCHOOL_COORDINATOR))
	values = {"last_name": here.name, "first_name": "Yolaine", "birth_date": "2019-05-23"}
	refused = session.post("/api/resource/Person", json=values)
	assert refused.status_code == 417
	assert refused.json()["exc_type"] == "LikelyDuplicates"
	named = {row["name"] for row in refused.json()["likely_duplicates"]}
	# Names of other runs may look alike too.
	assert named >= {kid.name for kid in here.children}
	flagged = session.post("/api/resource/Person", json={**values, "flags": {"duplicates_checked": 1}})
	assert flagged.status_code == 417
	answered = session.post("/api/resource/Person", json={**values, "different_from": ", ".join(named)})
	assert answered.status_code == 200, answered.text
	frappe.db.rollback()
	assert frappe.db.count("Duplicate Decision", {"second": answered.json()["data"]["name"]}) == len(named)


def test_the_tables_behind_are_not_for_everybody(world, login):
	session = login(make.user(roles.SCHOOL_COORDINATOR))
	for doctype in ("Family Search Key", "Merge Log", "Duplicate Decision"):
		assert session.get(f"/api/resource/{doctype}").status_code == 403
	administrator = login(make.user(roles.SCHOOL_ADMINISTRATOR))
	assert administrator.get("/api/resource/Merge Log").status_code == 200
	forged = {
		"reference_doctype": "Family",
		"kept": world.families[0].name,
		"dropped": "DOS-999999",
		"merged_by": "Administrator",
		"merged_at": "2026-11-24 08:00:00",
	}
	assert administrator.post("/api/resource/Merge Log", json=forged).status_code == 403
