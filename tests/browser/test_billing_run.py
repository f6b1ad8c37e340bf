"""A month's billing in a browser: who can't be billed is listed and mended from there, drafts are looked at, thrown
away and made again, issued, and the PDF says what the family has to know (R2, R14, R26, R35).
"""

from __future__ import annotations

import re
from datetime import date
from io import BytesIO

import frappe
import pytest
from frappe.utils import add_months, getdate
from pypdf import PdfReader

from concerto_education.authority import roles
from concerto_education.billing import run as runs
from tests import billing_builders as b
from tests import builders
from tests.browser.conftest import Desk
from tests.browser.past_month import desk_user, weekdays
from tests.browser.test_chain import compute, discard_what_is_open, say, wait_for_run

MEALS, EVENINGS = 12, 3


@pytest.fixture
def month(connection) -> date:
	"""The last month that has no run yet: one that was issued would be in the way."""
	frappe.set_user("Administrator")
	discard_what_is_open()
	issued = frappe.get_all(
		"Billing Run", {"status": "Issued"}, pluck="month", order_by="month desc", limit=1
	)
	last = add_months(getdate().replace(day=1), -1)
	return max(last, add_months(getdate(issued[0]), 1)) if issued else last


class Houses:
	"""A family with two activities, and one that has no QF."""

	def __init__(self, month: date):
		self.finance = desk_user(roles.FINANCE_CLERK)
		self.coordinator = desk_user(roles.SCHOOL_COORDINATOR)
		self.canteen, self.garderie = b.canteen(), b.garderie()
		self.billed, self.failing = b.household(qf=None), b.household(qf=None)
		self.since = f"{month:%Y-%m-%d}"
		builders.quotient(self.billed.doc, 512, valid_from=self.since, valid_to=add_months(month, 2))
		days = weekdays(month, MEALS)
		dates = {"valid_from": month, "valid_to": add_months(month, 1)}
		b.attend(b.enrol(self.billed, self.canteen, **dates), days, "Present")
		b.attend(b.enrol(self.billed, self.garderie, **dates), days[:EVENINGS], "Present", "soir")
		b.attend(b.enrol(self.failing, self.canteen, **dates), days, "Present")
		for activity in (self.canteen, self.garderie):
			for tariff in frappe.get_all("Tariff", {"activity": activity.name}, pluck="name"):
				frappe.db.set_value("Tariff", tariff, "valid_from", "2020-01-01")
		frappe.db.commit()


@pytest.fixture
def houses(month) -> Houses:
	return Houses(month)


def plain(text: str) -> str:
	return re.sub(r"\s+", " ", text)


def new_run(page: Desk, month: date) -> str:
	field = page.page.locator('.form-layout [data-fieldname="month"] input').first
	field.fill(f"{month:%d/%m/%Y}")
	field.press("Tab")
	page.button(say("Save")).click()
	page.page.wait_for_function(
		"() => window.cur_frm && !cur_frm.is_new() && cur_frm.doc.name.startsWith('FAC-')"
	)
	return page.page.evaluate("cur_frm.doc.name")


def test_from_a_failing_family_to_the_pdf(desk, worker, month: date, houses: Houses):
	page = desk("/app/billing-run/new", user=houses.finance)
	run = new_run(page, month)
	compute(page, "Compute the Drafts")

	# Who can't be billed is listed with the reason, and the link leads to the dossier; the other one is billed.
	problem = page.page.locator(".concerto-overview tr", has_text=houses.failing.family).or_(
		page.page.locator(f'.concerto-overview tr:has(a[href*="{houses.failing.family}"])')
	)
	problem.first.wait_for()
	assert "quotient" in problem.first.inner_text()
	page.look()
	problem.first.locator("a").first.click()
	page.page.wait_for_function("name => window.cur_frm?.docname === name", arg=houses.failing.family)
	page.look()

	# Mended; computed again: nobody is left.
	builders.quotient(houses.failing.doc, 349, valid_from=houses.since, valid_to=add_months(month, 2))
	frappe.db.commit()
	page.form("Billing Run", run)
	compute(page, "Compute Again")
	page.look()
	frappe.db.rollback()
	assert not frappe.db.exists("Billing Run Problem", {"parent": run, "family": houses.failing.family})
	drafts = {i.payer: i for i in b.invoices(frappe._dict(name=run))}
	assert {houses.billed.payer, houses.failing.payer} <= set(drafts)

	# Thrown away: nothing is left of them; and made again.
	page.button(say("Discard the Draft")).click()
	dialog = page.page.locator(".modal.show")
	dialog.locator(".btn-primary:visible").click()
	wait_for_run(page, "New")
	frappe.db.rollback()
	assert not frappe.db.exists("Invoice", {"billing_run": run})
	compute(page, "Compute the Drafts")

	page.button(say("Issue the Invoices")).click()
	page.page.locator(".modal.show .btn-primary:visible").click()
	wait_for_run(page, "Issued")
	assert page.page.get_by_role("button", name=say("Compute Again"), exact=True).count() == 0
	page.look()

	frappe.db.rollback()
	invoice = frappe.get_last_doc("Invoice", {"payer": houses.billed.payer, "billing_run": run})
	page.form("Invoice", invoice.name)
	page.page.get_by_text(invoice.number).first.wait_for()
	with page.page.expect_popup() as popup:
		page.button(say("Open the PDF")).click()
	address = popup.value.url
	if "invoice_pdf" not in address:
		address = f"/api/method/concerto_education.billing.pdf.invoice_pdf?name={invoice.name}"
	answer = page.page.request.get(address)
	assert answer.ok and answer.headers["content-type"] == "application/pdf"
	text = plain(" ".join(leaf.extract_text() for leaf in PdfReader(BytesIO(answer.body())).pages))
	# 12 × 2.80 = 33.60, 3 × 1.50 = 4.50: 38.10
	for words in (invoice.number, "33,60", "4,50", "38,10", houses.canteen.name, "Quotient familial 512"):
		assert words in text, (words, text)


def test_an_interrupted_run_says_so_and_goes_on(desk, worker, month: date, houses: Houses):
	"""The process that worked on it is gone: the screen says what to do, and doing it ends well."""
	run = b.new_run(month=month).name
	frappe.db.set_value("Billing Run", run, "status", "Computing")
	frappe.db.commit()
	page = desk(f"/app/billing-run/{run}", user=houses.finance)
	page.page.wait_for_function("() => window.cur_frm?.standing?.status === 'Interrupted'")
	assert "interrompu" in page.look().lower() or "arrêté" in page.look().lower()
	compute(page, "Compute Again")
	page.look()
	frappe.db.rollback()
	assert frappe.db.exists("Invoice", {"billing_run": run, "payer": houses.billed.payer})
	runs.discard(run)
	frappe.db.commit()
