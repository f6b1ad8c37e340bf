"""Who prints and sends invoices, and who reads what was printed, through HTTP (R6–R10): finance only."""

from pathlib import Path

import frappe
import pytest

from concerto_education.billing.posting import batch, printing
from tests import billing_builders as b
from tests import builders
from tests.billing_builders import SEPTEMBER

API = "concerto_education.billing.posting.api"
OUTSIDERS = ("School Coordinator", "Attendance Agent", "Leisure Centre Director", "Seasonal Clerk", "Kitchen")
# They may look at a run and its invoices, and neither print nor send them.
READERS = ("School Services Administrator", "Early Childhood Administrator")


@pytest.fixture
def sent(committed):
	"""An issued run, printed; its file. Other tests may have left families of their own on the site."""
	if frappe.db.exists("Billing Run", {"status": ("!=", "New")}):
		pytest.skip("this site has runs of its own: use one made for tests")
	home = b.household()
	b.attend(b.enrol(home, b.canteen()), SEPTEMBER[:7], "Present")
	from concerto_education.billing import run as runs

	run = b.new_run(issue_date="2033-10-15")
	runs.run_here(run.name, and_issue=True)
	name = batch.begin(run.name)
	printing.print_here(name)
	frappe.db.commit()
	row = frappe._dict(
		run=run.name,
		batch=name,
		file=frappe.db.get_value("Print Batch", name, "file"),
		invoice=b.invoice_of(run, home.payer).name,
		posting=frappe.db.get_value("Posting", {"batch": name}),
		payer=home.payer,
		letters=frappe.db.count("Posting", {"batch": name}),
	)
	yield row
	frappe.db.rollback()
	Path(frappe.get_site_path(row.file.lstrip("/"))).unlink(missing_ok=True)
	for doctype in ("Posting", "Print Batch"):
		frappe.db.delete(doctype)
	frappe.db.delete("File", {"attached_to_doctype": "Print Batch"})
	frappe.db.commit()


def account(role: str) -> str:
	return builders.user(role)


def refused(response) -> bool:
	assert response.status_code < 500, response.text[-1500:]
	return response.status_code in (403, 404)


def writes(sent) -> dict[str, dict]:
	return {
		"print_run": {"run": sent.run},
		"send_run": {"run": sent.run},
		"refresh_results": {"run": sent.run},
		"go_on": {"batch": sent.batch},
		"hand_over": {"batch": sent.batch},
		"print_chosen": {"invoices": [sent.invoice]},
		"send_chosen": {"invoices": [sent.invoice]},
		"send_invoice": {"invoice": sent.invoice, "address": "autre@exemple.fr"},
		"came_back": {"posting": sent.posting, "reason": "x"},
	}


@pytest.mark.parametrize("role", [*OUTSIDERS, *READERS])
def test_only_finance_prints_and_sends(sent, login, role):
	session = login(account(role))
	for method, arguments in writes(sent).items():
		assert refused(session.post(f"/api/method/{API}.{method}", json=arguments)), method
	frappe.db.rollback()
	assert frappe.db.get_value("Print Batch", sent.batch, "status") == "Ready"
	assert frappe.db.count("Posting", {"billing_run": sent.run}) == sent.letters


@pytest.mark.parametrize("role", [*OUTSIDERS, *READERS])
def test_the_file_of_all_families_is_read_by_finance_only(sent, login, role):
	session = login(account(role))
	assert refused(session.get(sent.file))
	assert refused(session.get(f"/api/resource/Print Batch/{sent.batch}"))
	assert refused(session.get(f"/api/resource/Posting/{sent.posting}"))
	assert refused(session.get(f"/api/method/{API}.batch_standing", params={"batch": sent.batch}))


def test_visitors_get_nothing(sent, client):
	for method, arguments in writes(sent).items():
		assert refused(client.post(f"/api/method/{API}.{method}", json=arguments)), method
	assert refused(client.get(sent.file))
	assert refused(client.get(sent.file.replace("/private", "")))
	answer = client.get(f"/facture/{sent.invoice}", allow_redirects=False)
	assert answer.status_code == 302
	assert "/login" in answer.headers["Location"]


def test_writes_are_no_links(sent, login):
	session = login(account("Finance Clerk"))
	for method, arguments in writes(sent).items():
		assert refused(session.get(f"/api/method/{API}.{method}", params=arguments)), method


def test_readers_of_a_run_see_no_postings(sent, login):
	session = login(account(READERS[0]))
	assert session.call(f"{API}.standing", run=sent.run) == {}
	assert session.call(f"{API}.postings_of", invoice=sent.invoice) == {}


@pytest.mark.parametrize("role", ["Finance Clerk", "Super Administrator"])
def test_finance_reads_the_file_and_hands_the_letters_over(sent, login, role):
	session = login(account(role))
	file = session.get(sent.file)
	assert file.status_code == 200
	assert file.content.startswith(b"%PDF")
	assert session.call(f"{API}.standing", run=sent.run)["post"]["Printed"] == sent.letters
	handed = session.post(f"/api/method/{API}.hand_over", json={"batch": sent.batch})
	assert handed.json().get("message") == sent.letters, handed.text
	frappe.db.rollback()
	assert frappe.db.get_value("Invoice", sent.invoice, "status") == "Sent"
	answer = session.post(f"/api/method/{API}.print_run", json={"run": sent.run})
	assert answer.status_code == 417  # nothing waits any more


def test_a_family_reads_its_own_invoice_behind_the_code_and_no_other(sent, login):
	"""What the QR code leads to: the payer of the invoice after the login, nobody else of the families."""
	mine, other = builders.user("Family"), builders.user("Family")
	frappe.db.set_value("Payer", sent.payer, "user", mine)
	frappe.db.commit()
	answer = login(mine).get(f"/facture/{sent.invoice}")
	assert answer.status_code == 200, answer.text[-500:]
	assert answer.content.startswith(b"%PDF")
	assert "no-store" in answer.headers["Cache-Control"]
	assert refused(login(other).get(f"/facture/{sent.invoice}"))
	assert refused(login(mine).get("/facture/unknown"))
	assert refused(login(account("School Coordinator")).get(f"/facture/{sent.invoice}"))


@pytest.mark.parametrize("invoices", ["x", "[1]", '["unknown"]', "{}"])
def test_nonsense_is_refused_without_a_server_error(sent, login, invoices):
	session = login(account("Finance Clerk"))
	answer = session.post(f"/api/method/{API}.print_chosen", json={"invoices": invoices})
	assert 400 <= answer.status_code < 500
