"""Health over HTTP: who reads it by form, API, print, list and file, and that no reading goes unrecorded (R23)."""

from __future__ import annotations

import json

import frappe
import pytest

from concerto_education.authority import roles
from tests import builders as make

API = "concerto_education.families.health.api."
LOG = "Health Access Log"
RECORD = "Health Record"
SECRET = "Dr Mirabelle"
READERS = (
	*roles.ADMINISTRATORS,
	roles.SCHOOL_COORDINATOR,
	roles.LEISURE_DIRECTOR,
	roles.NURSERY_DIRECTOR,
)
OTHERS = (
	roles.ATTENDANCE_AGENT,
	roles.KITCHEN,
	roles.FINANCE_CLERK,
	roles.SEASONAL_CLERK,
	roles.AREA_MANAGER,
	roles.SERVICE_REFERENT,
	roles.FAMILY,
)


class World:
	"""A child enrolled nowhere with a health record and its PAI; committed, so that the server sees it."""

	def __init__(self):
		self.kid = make.child()
		self.family = make.family(make.member(make.person(), "Representative 1"), make.member(self.kid))
		self.record = make.health(
			self.kid, allergies=[{"allergen": "Peanuts", "instructions": SECRET}], doctor=SECRET
		)
		self.file = frappe.get_doc(
			{
				"doctype": "File",
				"file_name": f"pai-{frappe.generate_hash(length=8)}.txt",
				"attached_to_doctype": RECORD,
				"attached_to_name": self.record.name,
				"is_private": 1,
				"content": f"{SECRET} {frappe.generate_hash(length=8)}",
			}
		).insert()
		frappe.db.commit()

	def readings(self, user: str, **filters) -> int:
		frappe.db.rollback()  # a new look at what the server has written
		return frappe.db.count(LOG, {"user": user, "person": self.kid.name, **filters})

	def paths(self) -> dict[str, str]:
		"""Each way to one record, with what the log calls it."""
		return {
			"API": f"/api/resource/{RECORD}/{self.record.name}",
			"Form": f"/api/method/frappe.desk.form.load.getdoc?doctype={RECORD}&name={self.record.name}",
			"Print": f"/printview?doctype={RECORD}&name={self.record.name}&no_letterhead=1",
			"File": self.file.file_url,
		}


@pytest.fixture(scope="module")
def world(connection):
	return World()


@pytest.mark.parametrize("role", READERS)
def test_who_needs_it_reads_it_and_each_way_is_recorded(world, login, role):
	user = make.user(role)
	session = login(user)
	for source, path in world.paths().items():
		answer = session.get(path)
		assert answer.status_code == 200 and SECRET in answer.text, source
		assert world.readings(user, source=source) == 1, source


@pytest.mark.parametrize("role", OTHERS)
def test_nobody_else_gets_at_it(world, login, role):
	user = make.user(role)
	session = login(user)
	for source, path in world.paths().items():
		answer = session.get(path)
		assert SECRET not in answer.text and answer.status_code in (403, 404), (source, answer.status_code)
	for method, values in {
		"health_of_person": {"person": world.kid.name},
		"health_of_family": {"family": world.family.name},
		"open_record": {"person": world.kid.name},
		"add_allergy": {"person": world.kid.name, "allergen": "Milk"},
		"add_diet": {"person": world.kid.name, "diet": "Sans porc"},
	}.items():
		answer = session.post(f"/api/method/{API}{method}", json=values)
		assert answer.status_code == 403, method
	assert world.readings(user) == 0


def test_a_visitor_gets_nothing(world, client):
	for source, path in world.paths().items():
		answer = client.get(path)
		assert SECRET not in answer.text, source
	assert (
		client.post(f"/api/method/{API}health_of_person", json={"person": world.kid.name}).status_code == 403
	)


def test_r23_the_tab_is_recorded_and_an_allergy_is_added_without_end(world, login):
	user = make.user(roles.SCHOOL_COORDINATOR)
	session = login(user)
	kid = make.child()
	frappe.db.commit()
	values = {"person": kid.name, "allergen": "Milk", "severity": "Severe Allergy", "valid_to": ""}
	session.call(f"{API}add_allergy", **values)
	shown = session.call(f"{API}health_of_person", person=kid.name)["persons"][0]
	assert [row["severe"] for row in shown["allergies"]] == [True] and shown["allergies"][0][
		"valid_to"
	] is None
	frappe.db.rollback()
	assert {row.source for row in frappe.get_all(LOG, {"user": user, "person": kid.name}, ["source"])} == {
		"Saved",
		"Health Tab",
	}
	wrong = session.post(
		f"/api/method/{API}add_allergy",
		json={**values, "allergen": "Fish", "valid_from": "2026-09-02", "valid_to": "2026-09-01"},
	)
	assert wrong.status_code == 417 and "01/09/2026" in wrong.text


@pytest.mark.parametrize(
	"asked",
	[
		{"fields": json.dumps(["name", "doctor"])},
		{"fields": json.dumps(["*"])},
		{"fields": json.dumps(["name", "allergies.allergen"])},
		{"fields": json.dumps(["name", "`tabHealth Allergy`.allergen"])},
		{"filters": json.dumps([["Health Allergy", "allergen", "=", "Peanuts"]])},
		{"filters": json.dumps({"doctor": SECRET})},
		{"order_by": "doctor asc"},
	],
)
@pytest.mark.parametrize("role", [roles.SCHOOL_COORDINATOR, roles.SCHOOL_ADMINISTRATOR])
def test_lists_say_whose_records_there_are_and_nothing_of_them(world, login, role, asked):
	session = login(make.user(role))
	assert session.get(f"/api/resource/{RECORD}").status_code == 200
	answer = session.get(f"/api/resource/{RECORD}", params=asked)
	assert answer.status_code >= 400 and SECRET not in answer.text


def test_other_ways_to_a_value_of_it_are_shut_too(world, login):
	session = login(make.user(roles.SCHOOL_COORDINATOR))
	name = world.record.name
	for method, values in {
		"frappe.client.get_value": {"doctype": RECORD, "fieldname": "doctor", "filters": {"name": name}},
		"frappe.client.get_list": {
			"doctype": "Health Allergy",
			"parent": RECORD,
			"fields": ["parent", "allergen"],
			"filters": {"parent": name},
		},
		"frappe.desk.reportview.get": {
			"doctype": RECORD,
			"fields": json.dumps(["`tabHealth Record`.`name`", "`tabHealth Record`.`doctor`"]),
		},
		"frappe.desk.reportview.export_query": {
			"doctype": RECORD,
			"fields": json.dumps(["`tabHealth Record`.`name`"]),
			"file_format_type": "CSV",
		},
	}.items():
		answer = session.post(f"/api/method/{method}", json=values)
		assert SECRET not in answer.text and "Peanuts" not in answer.text, method


def test_saving_is_a_reading_because_it_is_answered_with_the_record(world, login):
	user = make.user(roles.SCHOOL_COORDINATOR)
	session = login(user)
	assert session.put(f"/api/resource/{RECORD}/{world.record.name}", json={}).status_code == 200
	assert world.readings(user, source="Saved") == 1


@pytest.mark.parametrize("role", roles.ADMINISTRATORS)
def test_the_log_is_read_by_administrators_and_altered_by_nobody(world, login, role):
	user = make.user(role)
	session = login(user)
	session.get(world.paths()["API"])
	frappe.db.rollback()
	row = frappe.get_last_doc(LOG, {"user": user})
	path = f"/api/resource/{LOG}/{row.name}"
	assert session.get(path).status_code == 200
	assert session.put(path, json={"detail": "rien"}).status_code in (403, 417)
	assert session.delete(path).status_code in (403, 417)
	forged = {
		"user": "Administrator",
		"at": "2026-11-24 08:00:00",
		"source": "Form",
		"person": world.kid.name,
	}
	assert session.post(f"/api/resource/{LOG}", json=forged).status_code in (403, 417)
	frappe.db.rollback()
	assert frappe.db.exists(LOG, row.name) and not frappe.db.get_value(LOG, row.name, "detail")
	assert login(make.user(roles.SCHOOL_COORDINATOR)).get(path).status_code == 403


def test_a_document_is_sent_as_private_or_not_at_all(world, login):
	session = login(make.user(roles.SCHOOL_COORDINATOR))

	def send(**values):
		return session.post(
			"/api/method/upload_file",
			files={"file": (f"pai-{frappe.generate_hash(length=8)}.txt", frappe.generate_hash(length=20))},
			data={"doctype": RECORD, "docname": world.record.name, **values},
		)

	assert send(is_private=1).status_code == 200
	assert send(is_private=0).status_code == 417
	clerk = login(make.user(roles.SEASONAL_CLERK))
	stolen = clerk.post("/api/method/upload_file", data={"file_url": world.file.file_url, "is_private": 1})
	assert stolen.status_code == 403
	assert clerk.get(world.file.file_url).status_code == 403
