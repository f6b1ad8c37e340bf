"""Who may compute, issue, discard and print, through HTTP (R6–R10)."""

import frappe
import pytest

from tests import billing_builders as b
from tests import builders
from tests.billing_builders import SEPTEMBER

RUN = "concerto_education.billing.run"
WRITES = ("concerto_education.billing.preflight.start", f"{RUN}.issue", f"{RUN}.discard")
READS = {
	f"{RUN}.progress": "run",
	"concerto_education.billing.overview.run_overview": "run",
	"concerto_education.billing.letter.read_letter": "invoice",
	"concerto_education.billing.pdf.invoice_pdf": "name",
}
OUTSIDERS = ("School Coordinator", "Attendance Agent", "Leisure Centre Director", "Seasonal Clerk", "Kitchen")
READERS = ("School Services Administrator", "Early Childhood Administrator")


@pytest.fixture
def drafts(committed):
	"""A computed run with one invoice, seen by the web server."""
	if frappe.db.exists("Billing Run", {"status": ("!=", "New")}):
		pytest.skip("this site has runs of its own: use one made for tests")
	home = b.household()
	b.attend(b.enrol(home, b.canteen()), SEPTEMBER[:7], "Present")
	run = b.new_run(issue_date="2033-10-15")
	from concerto_education.billing import run as runs

	runs.run_here(run.name)
	frappe.db.commit()
	return {"run": run.name, "invoice": (name := b.invoice_of(run, home.payer).name), "name": name}


def account(role: str) -> str:
	return builders.user(role)


def refused(response) -> bool:
	assert response.status_code < 500, response.text[-1500:]
	return response.status_code == 403


@pytest.mark.parametrize("role", [*OUTSIDERS, *READERS])
def test_who_does_not_bill_neither_computes_nor_issues_nor_discards(drafts, login, role):
	session = login(account(role))
	for method in WRITES:
		assert refused(session.post(f"/api/method/{method}", json={"run": drafts["run"]})), method
	frappe.db.rollback()
	assert frappe.db.get_value("Billing Run", drafts["run"], "status") == "To Review"


@pytest.mark.parametrize("role", OUTSIDERS)
def test_invoices_are_not_read_by_who_has_nothing_to_do_with_them(drafts, login, role):
	session = login(account(role))
	for method, argument in READS.items():
		assert refused(session.get(f"/api/method/{method}", params={argument: drafts[argument]})), method
	assert refused(session.get(f"/api/resource/Invoice/{drafts['invoice']}"))


def test_visitors_are_refused(drafts, client):
	for method in WRITES:
		assert refused(client.post(f"/api/method/{method}", json={"run": drafts["run"]}))
	for method, argument in READS.items():
		assert refused(client.get(f"/api/method/{method}", params={argument: drafts[argument]}))


def test_writes_are_no_links(drafts, login):
	"""A link in a mail must not issue a month: GET is refused even to finance."""
	session = login(account("Finance Clerk"))
	for method in WRITES:
		assert refused(session.get(f"/api/method/{method}", params={"run": drafts["run"]}))


@pytest.mark.parametrize("role", ["Finance Clerk", "Super Administrator"])
def test_finance_issues_and_prints(drafts, login, role):
	from concerto_education.billing import run as runs

	session = login(account(role))
	assert session.call(f"{RUN}.issue", run=drafts["run"])["status"] == "Issuing"
	frappe.db.rollback()
	runs.issue_drafts(drafts["run"])  # what the worker does
	answer = session.get(
		"/api/method/concerto_education.billing.pdf.invoice_pdf", params={"name": drafts["name"]}
	)
	assert answer.status_code == 200
	assert answer.content.startswith(b"%PDF")
	assert "facture-2033-" in answer.headers["Content-Disposition"]


@pytest.mark.parametrize("role", ["Finance Clerk", "Super Administrator"])
def test_not_even_finance_writes_an_invoice_by_rest(drafts, login, role):
	"""R34: an invoice or a charge can't be changed, deleted or made by the REST API."""
	session = login(account(role))
	charge = frappe.get_all("Charge", filters={"invoice": drafts["invoice"]}, pluck="name")[0]
	for path, change in ((f"Invoice/{drafts['invoice']}", {"total": 0}), (f"Charge/{charge}", {"amount": 0})):
		assert session.put(f"/api/resource/{path}", json=change).status_code in (403, 417)
		assert session.delete(f"/api/resource/{path}").status_code in (403, 417)
	assert session.post("/api/resource/Invoice", json={"payer": "x"}).status_code in (403, 404, 417)
	frappe.db.rollback()
	assert frappe.db.get_value("Invoice", drafts["invoice"], "total") == 19.6
