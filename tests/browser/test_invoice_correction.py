"""A part of an invoice is cancelled on the screen: days are ticked, the credit note is told before it is made (R34)."""

from decimal import Decimal

import frappe
import pytest
from frappe.desk.doctype.notification_settings.notification_settings import create_notification_settings

from concerto_education.authority import roles
from concerto_education.authority.money import decimal_of
from concerto_education.billing import run as runs
from tests import billing_builders as b
from tests import builders

REASON = "Sortie scolaire annoncée"


@pytest.fixture
def home(committed):
	if frappe.db.exists("Billing Run", {"status": ("!=", "New")}):
		pytest.skip("this site has runs of its own: use one made for tests")
	home = b.household(qf=512)
	b.attend(b.enrol(home, b.canteen()), b.SEPTEMBER[:10])
	run = b.new_run(issue_date="2026-10-15", due_date="2026-11-14")
	runs.run_here(run.name, and_issue=True)
	home.invoice = b.invoice_of(run, home.payer).name
	home.clerk = builders.user(roles.FINANCE_CLERK)
	create_notification_settings(home.clerk)  # the Desk looks for them
	frappe.db.commit()
	return home


def test_two_days_are_cancelled(home, open_page):
	page = open_page(f"/app/invoice/{home.invoice}", user=home.clerk)
	page.get_by_role("button", name="Corriger").click()
	page.locator(".dropdown-menu.show").get_by_text("Annuler ou corriger").click()
	dialog = page.locator(".modal.show")
	make = dialog.locator(".btn-modal-primary")
	dialog.locator(".concerto-day").nth(9).wait_for()
	assert make.is_disabled()  # nothing is chosen yet
	dialog.locator(".concerto-line").check()
	dialog.locator(".concerto-result", has_text="28,00").wait_for()
	dialog.locator(".concerto-line").uncheck()
	dialog.locator(".concerto-day").nth(0).check()
	dialog.locator(".concerto-day").nth(1).check()
	dialog.locator(".concerto-result", has_text="5,60").wait_for()
	assert "22,40" in dialog.locator(".concerto-result").inner_text()
	dialog.locator("[data-fieldname=reason] textarea").fill(REASON)
	make.click()
	row = page.locator(".concerto-corrections tbody tr", has_text=REASON)
	row.wait_for()
	assert "5,60" in row.inner_text() and "non refacturé" in row.inner_text()
	frappe.db.rollback()
	note = frappe.get_doc("Invoice", {"credits": home.invoice})
	assert decimal_of(note.total) == Decimal("-5.60")
	assert decimal_of(frappe.db.get_value("Invoice", home.invoice, "outstanding")) == Decimal("22.40")
	row.get_by_role("link", name=note.number).click()
	page.locator(".concerto-figures", has_text=note.number).wait_for()
