"""Who may correct an invoice, through HTTP, and that a double click makes one credit note (R6–R10, R34)."""

from threading import Barrier, Thread

import frappe
import pytest

from tests import billing_builders as b
from tests import builders
from tests.billing_builders import SEPTEMBER

API = "concerto_education.billing.corrections.api"
OUTSIDERS = ("School Coordinator", "Attendance Agent", "Leisure Centre Director", "Seasonal Clerk", "Kitchen")
CORRECT = (
	"Finance Clerk",
	"Super Administrator",
	"School Services Administrator",
	"Early Childhood Administrator",
)


@pytest.fixture
def issued(committed):
	"""An issued invoice of 28.00, seen by the web server."""
	if frappe.db.exists("Billing Run", {"status": ("!=", "New")}):
		pytest.skip("this site has runs of its own: use one made for tests")
	from concerto_education.billing import run as runs

	home = b.household()
	home.activity = b.canteen()
	b.attend(b.enrol(home, home.activity), SEPTEMBER[:10], "Present")
	run = b.new_run(issue_date="2026-10-15")
	runs.run_here(run.name, and_issue=True)
	frappe.db.commit()
	home.invoice = b.invoice_of(run, home.payer).name
	return home


def refused(response) -> bool:
	assert response.status_code < 500, response.text[-1500:]
	return response.status_code == 403


def request(issued, **values) -> dict:
	return {
		"invoice": issued.invoice,
		"scope": "Amount",
		"amount": 5,
		"reason": "Panne du four",
		"token": frappe.generate_hash(length=20),
		**values,
	}


@pytest.mark.parametrize("role", OUTSIDERS)
def test_who_has_nothing_to_do_with_invoices_corrects_none(issued, login, role):
	session = login(builders.user(role))
	assert refused(session.post(f"/api/method/{API}.cancel", json=request(issued)))
	for method in ("choices", "corrections_of"):
		assert refused(session.get(f"/api/method/{API}.{method}", params={"invoice": issued.invoice}))
	values = {"payer": issued.payer, "activity": issued.activity.name, "amount": 5, "reason": "x"}
	assert refused(session.post("/api/resource/Manual Adjustment", json=values))
	frappe.db.rollback()
	assert not frappe.db.exists("Invoice", {"credits": issued.invoice})
	assert not frappe.db.exists("Manual Adjustment", {"payer": issued.payer})


def test_visitors_correct_none(issued, client):
	assert refused(client.post(f"/api/method/{API}.cancel", json=request(issued)))


def test_a_link_in_a_mail_cancels_nothing(issued, login):
	session = login(builders.user("Finance Clerk"))
	assert refused(session.get(f"/api/method/{API}.cancel", params=request(issued)))


@pytest.mark.parametrize("role", CORRECT)
def test_finance_and_administrators_do(issued, login, role):
	session = login(builders.user(role))
	found = session.call(f"{API}.choices", invoice=issued.invoice)
	day = found["lines"][0]["days"][0]
	done = session.call(
		f"{API}.cancel",
		invoice=issued.invoice,
		scope="Days",
		charges=[day["charge"]],
		reason="Sortie",
		token=found["token"],
	)
	frappe.db.rollback()
	note = frappe.get_doc("Invoice", done["credit_note"])
	assert (note.kind, note.total) == ("Credit Note", -2.8)
	(row,) = session.call(f"{API}.corrections_of", invoice=issued.invoice)
	assert row["reason"] == "Sortie"


@pytest.mark.parametrize("role", CORRECT)
def test_they_enter_adjustments_and_withdraw_them(issued, login, role):
	session = login(builders.user(role))
	values = {
		"payer": issued.payer,
		"activity": issued.activity.name,
		"imputation": issued.activity.imputation,
		"kind": "Credit",
		"amount": 5,
		"reason": "Geste",
	}
	answer = session.post("/api/resource/Manual Adjustment", json=values)
	assert answer.status_code == 200, answer.text
	name = answer.json()["data"]["name"]
	assert session.put(f"/api/resource/Manual Adjustment/{name}", json={"amount": 50}).status_code == 417
	assert (
		session.call(f"{API}.withdraw_adjustment", adjustment=name, reason="Erreur")["status"] == "Withdrawn"
	)


def test_nobody_writes_a_correction_by_rest(issued, login):
	session = login(builders.user("Finance Clerk"))
	values = {"invoice": issued.invoice, "reason": "x", "amount": 5}
	assert session.post("/api/resource/Invoice Correction", json=values).status_code in (403, 417)
	waiver = {"fact_key": "x", "family": issued.family}
	assert session.post("/api/resource/Charge Waiver", json=waiver).status_code in (403, 417)


@pytest.mark.parametrize("amount", ["beaucoup", "1.234", -5, 0, 28.01])
def test_amounts_that_are_none_are_refused_with_words(issued, login, amount):
	session = login(builders.user("Finance Clerk"))
	answer = session.post(f"/api/method/{API}.cancel", json=request(issued, amount=amount))
	assert answer.status_code == 417, answer.text[-500:]


def test_a_double_click_makes_one_credit_note(issued, login):
	"""Two requests with one token at the same moment; two clerks with tokens of their own never exceed the invoice."""
	user = builders.user("Finance Clerk")
	sessions = [login(user), login(user)]
	answers = together(sessions, [request(issued, token="double-click-1")] * 2)
	assert [answer.status_code for answer in answers] == [200, 200]
	frappe.db.rollback()
	assert frappe.db.count("Invoice", {"credits": issued.invoice}) == 1
	answers = together(sessions, [request(issued, amount=20) for _ in sessions])
	assert sorted(answer.status_code for answer in answers) == [200, 417]
	frappe.db.rollback()
	assert frappe.db.get_value("Invoice", issued.invoice, "outstanding") == 3


def together(sessions, bodies) -> list:
	start, answers = Barrier(len(sessions)), []

	def send(session, body):
		start.wait()
		answers.append(session.post(f"/api/method/{API}.cancel", json=body))

	threads = [Thread(target=send, args=pair) for pair in zip(sessions, bodies, strict=True)]
	for thread in threads:
		thread.start()
	for thread in threads:
		thread.join()
	return answers
