"""The matrix over HTTP: each role asks the server for every DocType, record and method, at its site and at another.

What a cell grants must be let in, what it does not must be refused with 403, in lists, searches, exports, prints and
the REST interface alike (R6–R10). The world is committed, as the server has to see it.
"""

import json

import frappe
import pytest

from concerto_education.authority import roles
from concerto_education.permissions import EVERY_SITE, SITE_FIELD
from tests.security.matrix import arguments, inventory, table
from tests.security.matrix.world import OTHER, OWN, build

RECORDS = table.read("Record", ("Scope",))
METHODS = table.read("Method", ("Verbs", "Guest"))
APP_METHOD = "/api/method/concerto_education."
REFUSED = 403


@pytest.fixture(scope="module")
def world(connection):
	frappe.set_user("Administrator")
	made = build()
	frappe.db.commit()
	yield made
	frappe.db.rollback()
	for place in (OWN, OTHER):
		for doctype, name in made.names[place].items():
			frappe.db.delete(doctype, {"name": name})
	frappe.db.commit()
	frappe.clear_cache()


@pytest.fixture(scope="module")
def sessions():
	return {}


@pytest.fixture
def session(request, world, login, base_url, sessions):
	"""One session for each role, kept for the whole file: signing in is dear."""
	from frappe.utils.password import update_password

	from tests.support.web import PASSWORD, Client

	def of(role):
		if role not in sessions:
			update_password(world.accounts[role], PASSWORD)
			frappe.db.commit()
			sessions[role] = Client(base_url)
			answer = sessions[role].post(
				"/api/method/login", json={"usr": world.accounts[role], "pwd": PASSWORD}
			)
			assert answer.status_code == 200, answer.text
		return sessions[role]

	return of


def level_0(doctype, role):
	"""Letters of the ordinary fields, without those of permission levels."""
	return "".join(word for word in RECORDS.cell(doctype, role).split() if ":" not in word)


def reachable(role):
	"""(DocType, letters, whether the other site's record is hidden)"""
	for doctype in RECORDS.rows:
		meta = frappe.get_meta(doctype)
		if not meta.issingle:
			hidden = doctype in SITE_FIELD and role not in EVERY_SITE
			yield doctype, level_0(doctype, role), hidden


@pytest.mark.parametrize("role", inventory.COLUMNS)
def test_rest_interface(world, session, role):
	"""List, read, create, write and delete of every DocType by /api/resource."""
	wrong = []
	client = session(role)
	for doctype, letters, hidden in reachable(role):
		own, other = world.name(doctype, OWN), world.name(doctype, OTHER)
		status = client.get(f"/api/resource/{doctype}/{own}").status_code
		wrong += judged(
			doctype, "read", "r" in letters, status, strict=RECORDS.rows[doctype][0][0] != "own rule"
		)
		wrong += judged(
			doctype, "create", "c" in letters, client.post(f"/api/resource/{doctype}", json={}).status_code
		)
		if "w" not in letters:
			answer = client.put(f"/api/resource/{doctype}/{own}", json={"docstatus": 0})
			wrong += judged(doctype, "write", False, answer.status_code)
		if "d" not in letters:
			wrong += judged(
				doctype, "delete", False, client.delete(f"/api/resource/{doctype}/{own}").status_code
			)
		if hidden:
			wrong += judged(
				doctype, "read other", False, client.get(f"/api/resource/{doctype}/{other}").status_code
			)
			answer = client.put(
				f"/api/resource/{doctype}/{other}", json={SITE_FIELD[doctype]: world.name("Site")}
			)
			wrong += judged(doctype, "write other", False, answer.status_code)
			wrong += judged(
				doctype, "delete other", False, client.delete(f"/api/resource/{doctype}/{other}").status_code
			)
	assert wrong == []


@pytest.mark.parametrize("role", inventory.COLUMNS)
def test_lists_searches_exports_and_prints(world, session, role):
	"""Whatever shows several records or paper asks the same question as the form."""
	wrong = []
	client = session(role)
	for doctype, letters, hidden in reachable(role):
		own, other = world.name(doctype, OWN), world.name(doctype, OTHER)
		listed = client.get(f"/api/resource/{doctype}", params={"limit_page_length": 0})
		wrong += judged(doctype, "list", "r" in letters, listed.status_code)
		found = client.post(
			"/api/method/frappe.client.get_value",
			json={"doctype": doctype, "filters": {"name": own}, "fieldname": "name"},
		)
		if "r" not in letters:
			wrong += judged(doctype, "get_value", False, found.status_code)
		exported = client.post(
			"/api/method/frappe.desk.reportview.export_query",
			json={
				"doctype": doctype,
				"title": doctype,
				"file_format_type": "CSV",
				"fields": json.dumps([f"`tab{doctype}`.`name`"]),
			},
		)
		if "e" not in letters:
			wrong += judged(doctype, "export", False, exported.status_code)
		# The framework prints for whoever may read: what is on the screen can be printed anyway.
		if not {"r", "p"} & set(letters):
			printed = client.get("/printview", params={"doctype": doctype, "name": own})
			if printed.status_code == 200 and own in printed.text:
				wrong.append((doctype, "print", "shown"))
		if hidden:
			searched = client.post(
				"/api/method/frappe.desk.search.search_link",
				json={"doctype": doctype, "txt": other, "page_length": 20},
			)
			for what, answer in (("list", listed), ("search", searched), ("export", exported)):
				if other in answer.text:
					wrong.append((doctype, what, "shows the other site"))
	assert wrong == []


@pytest.mark.parametrize("role", inventory.COLUMNS)
def test_methods_refuse_whom_the_matrix_does_not_let_in(world, session, role):
	wrong = []
	client = session(role)
	frappe.set_user(world.accounts[role])
	for method in inventory.methods():
		cell = METHODS.cell(method.name, role)
		for place in {"": (OWN, OTHER), "own": (OTHER,)}.get(cell, ()):
			answer = call(client, method, world, place)
			if answer.status_code != REFUSED:
				wrong.append((method.name, place, answer.status_code))
	assert wrong == []


def test_visitors_are_refused_everything(world, client):
	wrong = []
	for method in inventory.methods():
		answer = call(client, method, world, OWN)
		if not method.guest and answer.status_code not in (401, REFUSED):
			wrong.append((method.name, answer.status_code))
	for doctype in RECORDS.rows:
		for path in (f"/api/resource/{doctype}", f"/api/resource/{doctype}/x"):
			if (status := client.get(path).status_code) not in (401, REFUSED, 404):
				wrong.append((path, status))
	assert wrong == []


def test_what_changes_something_is_never_a_get(world, session):
	client = session(roles.SUPER_ADMINISTRATOR)
	for method in inventory.methods():
		if method.verbs == ("POST",) and not method.doctype:
			assert client.get(f"{APP_METHOD}{method.name}").status_code == REFUSED, method.name


def call(client, method, world, place):
	values = arguments.of(method, world, place)
	if method.doctype:
		doc = {"dt": method.doctype, "dn": world.name(method.doctype, place)}
		return client.post(
			"/api/method/run_doc_method",
			json={**doc, "method": method.function.__name__, "args": json.dumps(values)},
		)
	return client.post(f"{APP_METHOD}{method.name}", json=values)


def judged(doctype, right, granted, status, strict=True):
	if granted and strict:
		return [(doctype, right, status)] if status == REFUSED else []
	return [] if granted or status == REFUSED else [(doctype, right, status)]
