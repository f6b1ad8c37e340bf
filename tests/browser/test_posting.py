"""Finance prints a run and hands it to the post, in a real browser, in French (R35)."""

from __future__ import annotations

from pathlib import Path

import frappe
import pytest

from concerto_education.billing import run as runs
from concerto_education.billing.posting import printing
from tests import billing_builders as b
from tests.billing_builders import SEPTEMBER
from tests.browser.test_chain import PATIENCE, say


@pytest.fixture
def run(committed, monkeypatch):
	"""An issued run with some letters."""
	if frappe.db.exists("Billing Run", {"status": ("!=", "New")}):
		pytest.skip("this site has runs of its own: use one made for tests")
	monkeypatch.setattr(frappe, "enqueue", lambda *args, **kwargs: None)
	canteen = b.canteen()
	for _ in range(2):
		b.attend(b.enrol(b.household(), canteen), SEPTEMBER[:7], "Present")
	name = b.new_run(issue_date="2033-10-15").name
	runs.run_here(name, and_issue=True)
	frappe.db.commit()
	yield name
	frappe.db.rollback()
	for path in frappe.get_all("File", {"attached_to_doctype": "Print Batch"}, pluck="file_url"):
		Path(frappe.get_site_path(path.lstrip("/"))).unlink(missing_ok=True)
	frappe.db.delete("File", {"attached_to_doctype": "Print Batch"})
	for doctype in ("Posting", "Print Batch"):
		frappe.db.delete(doctype)
	frappe.db.commit()


def test_finance_prints_the_batch_and_hands_it_to_the_post(desk, town, run):
	letters = frappe.db.count("Invoice", {"billing_run": run, "outcome": "To Send"})
	page = desk("/app", user=town.finance).form("Billing Run", run)
	page.page.get_by_role("button", name=say("Print the Batch ({0} letters)", letters)).click()
	page.page.locator(".modal.show").get_by_role("button", name=say("Prepare the File")).click()
	row = page.page.locator(".concerto-batch")
	row.wait_for()
	frappe.db.rollback()
	printing.print_here(row.get_attribute("data-name"))  # what the workers do
	frappe.db.commit()
	link = row.get_by_role("link", name=say("Open the File to Print"))
	link.wait_for(timeout=PATIENCE)  # the screen asks by itself
	assert link.get_attribute("href").startswith("/private/files/")
	assert say("{0} pages", letters) in page.look()
	row.get_by_role("button", name=say("Handed to the Post")).click()
	page.page.locator(".modal.show").get_by_role("button", name=say("Confirm")).click()
	row.locator(".indicator-pill.green").wait_for(timeout=PATIENCE)
	assert say("{0} handed to the post", letters) in page.look()
	frappe.db.rollback()
	assert set(frappe.get_all("Invoice", {"billing_run": run}, pluck="status")) == {"Sent"}


def test_an_invoice_shows_how_it_left_and_its_days(desk, town, run):
	invoice = frappe.get_all("Invoice", {"billing_run": run}, pluck="name")[0]
	page = desk("/app", user=town.finance).form("Invoice", invoice)
	page.page.get_by_role("button", name=say("Print"), exact=True).first.click()
	with page.page.expect_popup() as opened:
		page.page.get_by_role("link", name=say("PDF with the Days")).or_(
			page.page.locator(".dropdown-menu.show .dropdown-item", has_text=say("PDF with the Days"))
		).first.click()
	assert opened.value
	opened.value.close()
	page.look()
