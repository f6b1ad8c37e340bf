"""SEPA mandates over HTTP: who makes, signs, suspends and prints them, and who sees an account (R20)."""

from __future__ import annotations

import json

import frappe
import pytest
from frappe.utils import today

from concerto_education.authority import roles
from tests import builders as make

API = "concerto_education.families.mandates.api."
WRONG_IBAN = "FR7630001007941234567890186"

WRITE = ("activate", "suspend", "resume", "revoke")
ALL = {"check_iban", "propose", "mandate_pdf", *WRITE}
MAY = {
	roles.ATTENDANCE_AGENT: set(),
	roles.KITCHEN: set(),
	roles.FAMILY: set(),
	# Reads the state and prints the paper, decides nothing.
	roles.SERVICE_REFERENT: {"propose", "mandate_pdf"},
	roles.SEASONAL_CLERK: ALL,
	roles.AREA_MANAGER: ALL,
	roles.SCHOOL_COORDINATOR: ALL,
	roles.LEISURE_DIRECTOR: ALL,
	roles.NURSERY_DIRECTOR: ALL,
	roles.FINANCE_CLERK: ALL,
	roles.SCHOOL_ADMINISTRATOR: ALL,
	roles.EARLY_CHILDHOOD_ADMINISTRATOR: ALL,
	roles.SUPER_ADMINISTRATOR: ALL,
}
SEES_ACCOUNTS = {
	roles.FINANCE_CLERK,
	roles.SCHOOL_ADMINISTRATOR,
	roles.EARLY_CHILDHOOD_ADMINISTRATOR,
	roles.SUPER_ADMINISTRATOR,
}


class World:
	"""A payer with a mandate that awaits its signature, and an authority that may collect; committed."""

	def __init__(self):
		self.home = make.family()
		self.payer = make.payer(self.home)
		self.mandate = make.mandate(self.payer)
		frappe.db.commit()

	def calls(self) -> dict[str, dict]:
		"""In the order of a mandate's life: revoking comes last."""
		name = self.mandate.name
		return {
			"check_iban": {"iban": make.TEST_IBAN},
			"propose": {"payer": self.payer.name},
			"mandate_pdf": {"mandate": name},
			"activate": {"mandate": name, "signed_on": today()},
			"suspend": {"mandate": name, "reason": "Compte en litige"},
			"resume": {"mandate": name},
			"revoke": {"mandate": name, "reason": "À la demande du payeur"},
		}

	@property
	def state(self) -> str:
		frappe.db.rollback()
		return frappe.db.get_value("Mandate", self.mandate.name, "state")


@pytest.fixture(scope="module", autouse=True)
def creditor(connection):
	"""Without a creditor identifier nothing can be printed; the settings are given back."""
	fields = ("sepa_creditor_id", "sepa_creditor_name")
	before = {name: frappe.db.get_single_value("Authority Settings", name) for name in fields}
	frappe.db.set_single_value("Authority Settings", "sepa_creditor_id", "FR72ZZZ123456")
	frappe.db.set_single_value("Authority Settings", "sepa_creditor_name", "Communauté d’essai")
	frappe.db.commit()
	yield
	frappe.db.rollback()
	for name, value in before.items():
		frappe.db.set_single_value("Authority Settings", name, value)
	frappe.db.commit()


@pytest.fixture
def world(site):
	return World()


def said(answer) -> str:
	"""What the user reads."""
	return " ".join(json.loads(row)["message"] for row in json.loads(answer.json()["_server_messages"]))


def ask(session, name: str, **values):
	return session.post(f"/api/method/{API}{name}", json=values)


# ---------------------------------------------------------------- who may


def test_nobody_without_a_login(client, world):
	for name, values in world.calls().items():
		answer = ask(client, name, **values)
		assert answer.status_code == 403, name
		assert make.TEST_IBAN not in answer.text.replace(" ", "")
	assert world.state == "Awaiting Signature"


@pytest.mark.parametrize("role", list(MAY))
def test_r20_each_role_may_what_it_needs(world, login, role):
	session = login(make.user(role, sites=(make.site().name,)))
	answers = {name: ask(session, name, **values) for name, values in world.calls().items()}
	assert {name for name, answer in answers.items() if answer.status_code == 200} == MAY[role]
	assert {answers[name].status_code for name in set(answers) - MAY[role]} <= {403}
	assert world.state == ("Revoked" if "revoke" in MAY[role] else "Awaiting Signature")
	if "mandate_pdf" in MAY[role]:
		assert answers["mandate_pdf"].content.startswith(b"%PDF")


@pytest.mark.parametrize("name", [*WRITE, "check_iban"])
def test_what_writes_or_carries_an_account_is_post_only(world, login, name):
	session = login(make.user(roles.SCHOOL_ADMINISTRATOR))
	assert session.get(f"/api/method/{API}{name}", params=world.calls()[name]).status_code == 403
	assert world.state == "Awaiting Signature"


@pytest.mark.parametrize("role", [role for role, allowed in MAY.items() if allowed])
def test_r20_the_account_in_full_is_for_who_collects(world, login, role):
	session = login(make.user(role, sites=(make.site().name,)))
	path = f"/api/resource/Mandate/{world.mandate.name}"
	ways = [
		session.get(path),
		session.get(f"/api/method/frappe.desk.form.load.getdoc?doctype=Mandate&name={world.mandate.name}"),
		session.get('/api/resource/Mandate?fields=["name","iban"]&limit_page_length=0'),
		session.post(
			"/api/method/frappe.client.get_value",
			json={"doctype": "Mandate", "fieldname": "iban", "filters": {"name": world.mandate.name}},
		),
		session.get(f"/printview?doctype=Mandate&name={world.mandate.name}&format=Standard&no_letterhead=1"),
	]
	if "activate" in MAY[role]:
		# A save is answered with the record.
		ways.append(session.put(path, json={}))
		stored = ways[0].json()["data"]
		ways.append(
			session.post(
				"/api/method/frappe.desk.form.save.savedocs",
				json={"doc": json.dumps({**stored, **ways[-1].json()["data"]}), "action": "Save"},
			)
		)
		assert ways[-1].status_code == 200, ways[-1].text
	shown = [make.TEST_IBAN in answer.text.replace(" ", "") for answer in ways]
	assert shown[:2] == [role in SEES_ACCOUNTS] * 2
	assert any(shown) is (role in SEES_ACCOUNTS)
	assert "•••• 0185" in ways[0].json()["data"]["account"]


# ---------------------------------------------------------------- the life of a mandate


def test_r20_from_the_signature_to_the_end_with_who_and_why(world, login):
	user = make.user(roles.FINANCE_CLERK)
	session = login(user)
	calls = world.calls()
	states = [session.call(f"{API}{name}", **calls[name]) for name in WRITE]
	assert states == ["Active", "Suspended", "Active", "Revoked"]
	stored = session.get(f"/api/resource/Mandate/{world.mandate.name}").json()["data"]
	assert [(row["state_after"], row["user"]) for row in stored["events"]][1:] == [
		(state, user) for state in states
	]
	assert stored["events"][-1]["reason"] == "À la demande du payeur"
	assert ask(session, "resume", mandate=world.mandate.name).json()["exc_type"] == "StateNotAllowed"


@pytest.mark.parametrize(
	("name", "values", "kind", "words"),
	[
		("activate", {"signed_on": "2999-01-01"}, "SignedInFuture", "Signé le"),
		("activate", {"signed_on": "hier"}, "InvalidInput", "Signé le"),
		("resume", {}, "NotSigned", "Signé le"),
		("suspend", {"reason": "Litige"}, "StateNotAllowed", "État"),
		("revoke", {"reason": "  "}, "ReasonNeeded", "Motif"),
		("check_iban", {"iban": WRONG_IBAN}, "InvalidIban", "IBAN"),
		("check_iban", {"iban": "bonjour"}, "InvalidIban", "IBAN"),
		("check_iban", {"iban": ""}, "InvalidIban", "IBAN"),
	],
)
def test_r20_what_is_wrong_is_said_in_french_and_nothing_changes(world, login, name, values, kind, words):
	session = login(make.user(roles.SCHOOL_COORDINATOR, sites=(make.site().name,)))
	sent = values if name == "check_iban" else {"mandate": world.mandate.name, **values}
	answer = ask(session, name, **sent)
	assert answer.status_code == 417, answer.text
	assert answer.json()["exc_type"] == kind and words in said(answer)
	assert world.state == "Awaiting Signature"


def test_r20_the_history_shows_no_account_to_who_may_not_read_it(world, login):
	"""The account of a mandate that awaits its signature was corrected: what it was and is stays hidden."""
	other = "FR1420041010050500013M02606"
	session = login(make.user(roles.SEASONAL_CLERK))
	path = f"/api/resource/Mandate/{world.mandate.name}"
	answer = session.put(path, json={"new_iban": other})
	assert answer.status_code == 200 and other not in answer.text
	form = session.get(f"/api/method/frappe.desk.form.load.getdoc?doctype=Mandate&name={world.mandate.name}")
	assert form.status_code == 200
	assert make.TEST_IBAN not in form.text and other not in form.text
	frappe.db.rollback()
	assert frappe.db.get_value("Mandate", world.mandate.name, "iban") == other


def test_r20_a_form_changes_neither_account_nor_history_of_a_signed_mandate(world, login):
	session = login(make.user(roles.FINANCE_CLERK))
	session.call(f"{API}activate", **world.calls()["activate"])
	path = f"/api/resource/Mandate/{world.mandate.name}"
	session.put(path, json={"iban": "FR1420041010050500013M02606", "rum": "AUTRE", "events": []})
	frappe.db.rollback()
	stored = frappe.get_doc("Mandate", world.mandate.name)
	assert (stored.iban, stored.rum, len(stored.events)) == (make.TEST_IBAN, world.mandate.rum, 2)
	refused = session.put(path, json={"new_iban": "FR1420041010050500013M02606"})
	assert refused.status_code == 417 and refused.json()["exc_type"] == "IbanIsFixed"
	skipped = session.put(path, json={"state": "Suspended"})
	assert skipped.status_code == 417 and skipped.json()["exc_type"] == "ReasonNeeded"
	assert session.delete(path).status_code in (403, 417)


def test_r20_a_new_mandate_is_never_active_by_its_maker(login):
	home = make.family()
	payer = make.payer(home)
	frappe.db.commit()
	session = login(make.user(roles.SEASONAL_CLERK))
	values = {"payer": payer.name, "new_iban": make.TEST_IBAN, "state": "Active", "rum": "A-MOI"}
	made = session.post("/api/resource/Mandate", json={**values, "signature_date": "2026-01-05"})
	assert made.status_code == 200, made.text
	data = made.json()["data"]
	assert (data["state"], data.get("iban")) == ("Awaiting Signature", None)
	assert data["rum"] != "A-MOI" and make.TEST_IBAN not in made.text
	wrong = session.post("/api/resource/Mandate", json={**values, "new_iban": WRONG_IBAN})
	assert wrong.status_code == 417 and wrong.json()["exc_type"] == "InvalidIban"
	second = session.post("/api/resource/Mandate", json=values)
	assert second.status_code == 417 and second.json()["exc_type"] == "AnotherMandate"


def test_unknown_records_are_not_found(login):
	session = login(make.user(roles.SCHOOL_ADMINISTRATOR))
	assert ask(session, "activate", mandate="MDT-999999", signed_on=today()).status_code == 404
	assert ask(session, "mandate_pdf", mandate="MDT-999999").status_code == 404
	assert ask(session, "propose", payer="PAY-999999").status_code == 404
