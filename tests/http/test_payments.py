"""Who may enter, cancel and see payments, through HTTP; two clerks at one invoice (R42, R6–R10)."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import frappe
import pytest

from concerto_education.authority import roles
from concerto_education.authority.money import decimal_of
from concerto_education.billing import run as runs
from tests import billing_builders as b
from tests import builders

API = "concerto_education.billing.payments.api"
PAPERS = "concerto_education.billing.payments.papers"
REMINDERS = "concerto_education.billing.payments.reminders.api"
CERTIFICATES = "concerto_education.billing.payments.certificates.api"
OUTSIDERS = (
	roles.SERVICE_REFERENT,
	roles.SCHOOL_COORDINATOR,
	roles.LEISURE_DIRECTOR,
	roles.NURSERY_DIRECTOR,
	roles.AREA_MANAGER,
	roles.ATTENDANCE_AGENT,
	roles.SEASONAL_CLERK,
	roles.KITCHEN,
)
INSIDERS = (*roles.ADMINISTRATORS, roles.FINANCE_CLERK)
CASH = "Espèces"


@pytest.fixture
def home(committed):
	"""A household with one issued invoice of 28.00 €, seen by the web server."""
	if frappe.db.exists("Billing Run", {"status": ("!=", "New")}):
		pytest.skip("this site has runs of its own: use one made for tests")
	home = b.household(qf=512)
	b.attend(b.enrol(home, b.canteen()), b.SEPTEMBER[:10])
	run = b.new_run(issue_date="2026-10-15", due_date="2026-11-14")
	runs.run_here(run.name, and_issue=True)
	frappe.db.commit()
	home.invoice = b.invoice_of(run, home.payer).name
	return home


def today() -> str:
	return frappe.utils.today()


def payment_of(home, amount="10.00", **values) -> dict:
	return {
		"payer": home.payer,
		"amount": amount,
		"payment_date": today(),
		"payment_method": CASH,
		**values,
	}


def outstanding(home) -> Decimal:
	frappe.db.rollback()
	return decimal_of(frappe.db.get_value("Invoice", home.invoice, "outstanding"))


def post(session, method: str, **values):
	return session.post(f"/api/method/{method}", json=values)


@pytest.mark.parametrize("role", OUTSIDERS)
def test_who_has_nothing_to_do_with_money_is_refused_everywhere(home, login, role):
	session = login(builders.user(role))
	payer, invoice = home.payer, home.invoice
	refusals = [
		post(session, f"{API}.record_payment", **payment_of(home)),
		post(
			session,
			f"{API}.record_refund",
			payer=payer,
			amount="1",
			refund_date=today(),
			payment_method="Virement",
			reason="x",
		),
		post(session, f"{API}.use_credit", payer=payer),
		post(session, f"{API}.dispute", invoice=invoice, reason="x"),
		post(session, f"{API}.end_dispute", invoice=invoice, reason="x"),
		post(session, f"{API}.methods"),
		post(session, f"{API}.account", payer=payer),
		post(session, f"{API}.find_payers", text="Claire"),
		post(session, f"{API}.payers_of", family=home.family),
		post(session, f"{API}.invoice_settlement", invoice=invoice),
		post(session, f"{API}.invoice_lines", invoice=invoice),
		post(session, f"{PAPERS}.account_statement", payer=payer),
		post(session, f"{PAPERS}.account_statement_pdf", payer=payer),
		post(session, f"{REMINDERS}.prepare"),
		post(session, f"{CERTIFICATES}.care_pdf", payer=payer, year=2026),
		post(session, f"{CERTIFICATES}.care_batch", year=2026),
		post(session, f"{CERTIFICATES}.care_batch_pdf", year=2026),
		post(session, f"{CERTIFICATES}.payments_pdf", payer=payer, year=2026),
		post(session, "concerto_education.billing.payments.unpaid_sheet.xlsx"),
		post(session, "concerto_education.billing.payments.plans.open_invoices", payer=payer),
		post(session, "concerto_education.billing.payments.cards.amount_due"),
		post(session, "concerto_education.billing.payments.cards.credits_on_account"),
		session.post("/api/resource/Payment", json=payment_of(home)),
		*(
			session.get(f"/api/resource/{doctype}")
			for doctype in ("Payment", "Refund", "Allocation", "Reminder", "Reminder Run", "Instalment Plan")
		),
	]
	assert [response.status_code for response in refusals] == [403] * len(refusals), [
		response.url for response in refusals if response.status_code != 403
	]
	assert outstanding(home) == Decimal("28.00")


@pytest.mark.parametrize("role", INSIDERS)
def test_finance_and_administrators_enter_and_cancel(home, login, role):
	session = login(builders.user(role))
	receipt = post(session, f"{API}.record_payment", **payment_of(home))
	assert receipt.status_code == 200, receipt.text
	assert outstanding(home) == Decimal("18.00")
	name = receipt.json()["message"]["name"]
	refused = post(session, f"{API}.cancel_payment", payment=name, reason="")
	assert refused.status_code == 417
	assert post(session, f"{API}.cancel_payment", payment=name, reason="Erreur").status_code == 200
	assert outstanding(home) == Decimal("28.00")
	for method in ("account_statement", "account_statement_pdf"):
		assert post(session, f"{PAPERS}.{method}", payer=home.payer).status_code == 200
	assert post(session, f"{PAPERS}.receipt_pdf", payment=name).content.startswith(b"%PDF")
	assert post(session, "concerto_education.billing.payments.unpaid_sheet.xlsx").content[:2] == b"PK"


def test_lines_of_an_invoice_are_chosen(home, login):
	session = login(builders.user(roles.FINANCE_CLERK))
	(line,) = post(session, f"{API}.invoice_lines", invoice=home.invoice).json()["message"]
	assert (line["left"], line["label"][:12]) == (28.0, "Restauration")
	refused = post(session, f"{API}.record_payment", **payment_of(home, "40", lines={line["name"]: "28.01"}))
	assert refused.status_code == 417
	assert outstanding(home) == Decimal("28.00")
	made = post(session, f"{API}.record_payment", **payment_of(home, lines={line["name"]: "10.00"}))
	assert made.status_code == 200, made.text
	assert outstanding(home) == Decimal("18.00")
	assert frappe.db.get_value("Allocation", {"invoice": home.invoice}, "invoice_line") == line["name"]


def test_nobody_writes_what_the_system_keeps(home, login):
	session = login(builders.user(roles.FINANCE_CLERK))
	name = post(session, f"{API}.record_payment", **payment_of(home)).json()["message"]["name"]
	for doctype, values in (
		("Allocation", {"payer": home.payer, "amount": 5, "source_type": "Payment", "source": name}),
		("Reminder", {"payer": home.payer}),
		("Reminder Run", {"run_date": today()}),
	):
		assert session.post(f"/api/resource/{doctype}", json=values).status_code in (403, 417), doctype
	assert session.put(f"/api/resource/Payment/{name}", json={"amount": 1}).status_code in (403, 417)
	assert session.put(f"/api/resource/Payment/{name}", json={"unallocated": 9}).status_code in (403, 417)
	assert session.delete(f"/api/resource/Payment/{name}").status_code in (403, 417)
	assert outstanding(home) == Decimal("18.00")


def test_forged_fields_of_a_new_payment_are_ignored(home, login):
	session = login(builders.user(roles.FINANCE_CLERK))
	values = payment_of(home, unallocated=999, status="Cancelled", received_by="Administrator")
	made = session.post("/api/resource/Payment", json=values).json()["data"]
	row = frappe.get_doc("Payment", made["name"])
	assert (row.status, row.unallocated, row.family) == ("Received", 0, home.family)
	assert row.received_by != "Administrator"


def test_two_clerks_who_pay_one_invoice_at_once_never_settle_it_twice(home, login):
	sessions = [login(builders.user(roles.FINANCE_CLERK)) for _ in range(4)]

	values = payment_of(home, "20.00", twice=True)  # threads have no site of their own

	def pay(number_and_session):
		number, session = number_and_session
		return post(
			session,
			f"{API}.record_payment",
			**values,
			entry_id=f"race-{number}",
		).status_code

	with ThreadPoolExecutor(4) as pool:
		assert list(pool.map(pay, enumerate(sessions))) == [200] * 4
	assert outstanding(home) == 0
	rows = frappe.get_all("Allocation", {"invoice": home.invoice}, pluck="amount")
	assert sum(map(decimal_of, rows)) == Decimal("28.00")
	left = frappe.get_all("Payment", {"payer": home.payer}, pluck="unallocated")
	assert sum(map(decimal_of, left)) == Decimal("52.00")


def test_one_request_that_arrives_four_times_is_one_payment(home, login):
	session = login(builders.user(roles.FINANCE_CLERK))

	values = payment_of(home, entry_id="once")

	def pay(_number):
		return post(session, f"{API}.record_payment", **values).json()["message"]["name"]

	with ThreadPoolExecutor(4) as pool:
		assert len(set(pool.map(pay, range(4)))) == 1
	assert outstanding(home) == Decimal("18.00")


def test_a_payment_is_cancelled_once_by_whoever_comes_first(home, login):
	session = login(builders.user(roles.FINANCE_CLERK))
	name = post(session, f"{API}.record_payment", **payment_of(home)).json()["message"]["name"]

	def cancel(_number):
		return post(session, f"{API}.cancel_payment", payment=name, reason="Impayé").status_code

	with ThreadPoolExecutor(3) as pool:
		assert sorted(pool.map(cancel, range(3))) == [200, 417, 417]
	assert outstanding(home) == Decimal("28.00")
	assert frappe.db.count("Allocation", {"invoice": home.invoice}) == 2
