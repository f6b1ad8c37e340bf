"""Payments on the screen (R42): cheques one after the other by keyboard, a payment from the invoice, one that bounced."""

from decimal import Decimal

import frappe
import pytest
from frappe.desk.doctype.notification_settings.notification_settings import create_notification_settings

from concerto_education.authority import roles
from concerto_education.authority.money import decimal_of
from concerto_education.billing import run as runs
from tests import billing_builders as b
from tests import builders


@pytest.fixture
def home(committed):
	if frappe.db.exists("Billing Run", {"status": ("!=", "New")}):
		pytest.skip("this site has runs of its own: use one made for tests")
	home = b.household(qf=512)
	b.attend(b.enrol(home, b.canteen()), b.SEPTEMBER[:10])
	run = b.new_run(issue_date="2026-10-15", due_date="2026-11-14")
	runs.run_here(run.name, and_issue=True)
	invoice = b.invoice_of(run, home.payer)
	home.invoice, home.number = invoice.name, invoice.number
	home.clerk = builders.user(roles.FINANCE_CLERK)
	create_notification_settings(home.clerk)  # the Desk looks for them
	frappe.db.commit()
	return home


def outstanding(home) -> Decimal:
	frappe.db.rollback()
	return decimal_of(frappe.db.get_value("Invoice", home.invoice, "outstanding"))


def test_a_cheque_is_entered_by_keyboard_and_another_one_follows(home, open_page):
	page = open_page("/app/payment-entry", user=home.clerk)
	page.locator(".pe select[name=method] option").first.wait_for(state="attached")
	page.locator(".pe select[name=method]").select_option("Chèque")
	payer = page.locator(".pe input[name=payer]")
	payer.fill(home.number)
	page.locator(".pe-found button").first.wait_for()
	payer.press("Enter")
	amount = page.locator(".pe input[name=amount]")
	page.wait_for_function("document.querySelector('.pe input[name=amount]').value === '28,00'")
	amount.fill("20,00")
	amount.press("Enter")  # a cheque has a number: said beside the fields, nothing is saved
	page.locator(".pe-error", has_text="numéro du chèque").wait_for()
	page.locator(".pe input[name=reference]").fill("1234567")
	page.locator(".pe input[name=reference]").press("Enter")
	page.locator(".pe-done tbody tr", has_text="20,00").wait_for()
	assert outstanding(home) == Decimal("8.00")
	assert payer.input_value() == ""
	row = frappe.get_last_doc("Payment", {"payer": home.payer})
	assert (row.reference, row.payment_method, row.received_by) == ("1234567", "Chèque", home.clerk)


def test_a_payment_from_the_invoice_and_its_cancellation(home, open_page):
	page = open_page(f"/app/invoice/{home.invoice}", user=home.clerk)
	page.get_by_role("button", name="Saisir un règlement", exact=True).click()
	dialog = page.locator(".modal.show")
	dialog.locator("[data-fieldname=payment_method] select").select_option("Espèces")
	dialog.locator(".btn-modal-primary").click()
	page.locator(".indicator-pill", has_text="Payée").first.wait_for()
	assert outstanding(home) == 0
	name = frappe.get_last_doc("Payment", {"payer": home.payer}).name
	page = open_page(f"/app/payment/{name}", user=home.clerk)
	page.get_by_role("button", name="Annuler le règlement", exact=True).click()
	dialog = page.locator(".modal.show")
	dialog.locator("[data-fieldname=reason] textarea").fill("Chèque impayé")
	dialog.locator(".btn-modal-primary").click()
	page.locator(".indicator-pill", has_text="Annulé").first.wait_for()
	assert outstanding(home) == Decimal("28.00")
	page = open_page(f"/app/account-statement?payer={home.payer}", user=home.clerk)
	page.locator("td", has_text="Chèque impayé").wait_for()
	assert page.locator(".concerto-value", has_text="28,00").count()
