"""The chain of R5 as three colleagues work on it: the coordinator, the canteen agent, the finance clerk.

Dossier → day sheet → absences → billing run → invoice as PDF, in a real browser, in French.
"""

from __future__ import annotations

import re
from io import BytesIO

import frappe
import pytest
from frappe.utils import fmt_money
from pypdf import PdfReader

from tests.browser.conftest import Desk
from tests.browser.town import LOW_PRICE, Home, Town
from tests.french import french

PATIENCE = 20_000


def say(source: str, *values: object) -> str:
	"""The French of a string of the app, as the screen shows it."""
	text = french()[source]
	for number, value in enumerate(values):
		text = text.replace(f"{{{number}}}", str(value))
	return text


# ---------------------------------------------------------------- the coordinator and the dossier


def test_coordinator_finds_a_family_and_sees_its_quotient(desk, town: Town):
	"""R12: search first. R14: the QF in force is on the dossier."""
	home = town.looked_at
	page = desk("/app", user=town.coordinator)
	assert say("Family Files") in page.look()

	page.goto("/app/family")
	name = page.page.locator('.page-form [data-fieldname="family_name"] input').first
	name.fill(home.last_name)
	name.press("Enter")
	row = page.page.locator(".list-row-container", has_text=home.last_name)
	row.first.wait_for()
	page.look()
	row.get_by_text(home.last_name).first.click()
	page.page.wait_for_function("name => window.cur_frm?.docname === name", arg=home.family.name)
	screen = page.look()
	assert say("Enrol") in screen

	page.page.get_by_role("tab", name=say("Quotient")).or_(
		page.page.locator(".form-tabs .nav-link", has_text=say("Quotient"))
	).first.click()
	page.page.locator(".tab-pane.active, .tab-pane.show").get_by_text("300").first.wait_for()
	assert "300" in page.look()


# ---------------------------------------------------------------- the day sheet


def open_sheet(desk, town: Town, user: str, **options) -> Desk:
	page = desk(f"/app/day-sheet?day={town.day}", user=user, **options)
	page.page.locator(".ds-row").first.wait_for()
	assert say("Day Sheet") in page.look()
	return page


def row_of(page: Desk, home: Home):
	return page.page.locator(".ds-row", has_text=home.last_name)


def status_of(town: Town, home: Home) -> str:
	frappe.db.rollback()  # see what the server has committed
	return frappe.db.get_value(
		"Attendance", {"enrolment": home.enrolment.name, "attendance_date": town.day}, "status"
	)


@pytest.mark.parametrize("screen", ["desktop", "phone"])
def test_agent_ticks_and_judges_nothing(desk, town: Town, screen, request):
	"""R10: agents only tick. R30, R31: A and AJ are the coordinator's."""
	page = open_sheet(desk, town, town.agent, size=request.getfixturevalue(screen))
	assert page.page.locator(".ds-judge").count() == 0
	row = row_of(page, town.ticked)
	before = status_of(town, town.ticked)
	wanted = "Planned" if before == "Present" else "Present"
	with page.page.expect_response(lambda answer: "attendance.api" in answer.url and answer.ok):
		row.locator(".ds-touch").click()
	pressed = "true" if wanted == "Present" else "false"
	row.locator(f'.ds-touch[aria-pressed="{pressed}"]').wait_for()
	page.look()
	assert status_of(town, town.ticked) == wanted


def test_coordinator_chooses_between_a_and_aj(desk, town: Town):
	"""R31: enrolled and absent, the coordinator chooses. R30: AJ has a reason."""
	page = open_sheet(desk, town, town.coordinator)
	row = row_of(page, town.judged)
	with page.page.expect_response(lambda answer: "attendance.api" in answer.url and answer.ok):
		row.locator('[data-act="absent"]').click()
	row.locator('[data-act="absent"][aria-pressed="true"]').wait_for()
	assert say("Absent") in page.look()
	assert status_of(town, town.judged) == "Absent"

	row.locator('[data-act="justified"]').click()
	dialog = page.page.locator(".modal.show")
	dialog.locator("select").wait_for()
	page.look()
	reasons = dialog.locator("select option").all_text_contents()
	dialog.locator("select").select_option(next(reason for reason in reasons if reason.strip()))
	with page.page.expect_response(lambda answer: "attendance.api" in answer.url and answer.ok):
		dialog.get_by_role("button", name=say("Record the Absence")).click()
	row.locator('[data-act="justified"][aria-pressed="true"]').wait_for()
	assert say("Justified") in page.look()
	assert status_of(town, town.judged) == "Justified"


# ---------------------------------------------------------------- the finance clerk


def wait_for_run(page: Desk, status: str) -> None:
	"""Until the form itself shows the next step: it asks the server every few seconds."""
	page.page.wait_for_function(
		"status => window.cur_frm?.doctype === 'Billing Run' && cur_frm.standing?.status === status"
		" && cur_frm.doc.status === status",
		arg=status,
		timeout=3 * PATIENCE,
	)
	page.settle()


def compute(page: Desk, label: str) -> None:
	"""Press the button, and until the form shows the new drafts.

	The check of the month asks why, as no site has confirmed it; once it is answered it doesn't ask again.
	"""
	before = page.page.evaluate("cur_frm.doc.started_at || ''")
	page.button(say(label)).click()
	started = "(cur_frm?.doc.started_at || '') !== before"
	asked = "document.querySelector('.modal.show textarea')"
	page.page.wait_for_function(f"before => {asked} || {started}", arg=before, timeout=3 * PATIENCE)
	dialog = page.page.locator(".modal.show")
	if dialog.locator("textarea").count():
		dialog.locator("textarea").fill("Clôtures faites sur papier.")
		page.look()
		dialog.locator(".btn-primary:visible").click()
		page.page.wait_for_function(f"before => {started}", arg=before, timeout=3 * PATIENCE)
	wait_for_run(page, "To Review")


def test_finance_clerk_bills_a_month_and_opens_the_pdf(desk, town: Town, worker):
	"""R2, R5: compute, check, issue, read the invoice; the total is that of the meals planned, to the cent."""
	home, month = town.billed, town.day.replace(day=1)
	discard_what_is_open()
	total = home.meals(town.day) * LOW_PRICE
	euros = fmt_money(total, currency="EUR").replace("\xa0", " ")

	page = desk("/app/billing-run/new", user=town.finance)
	field = page.page.locator('.form-layout [data-fieldname="month"] input').first
	field.fill(f"{month:%d/%m/%Y}")
	field.press("Tab")
	page.look()
	page.button(say("Save")).click()
	page.page.wait_for_function(
		"() => window.cur_frm && !cur_frm.is_new() && cur_frm.doc.name.startsWith('FAC-')"
	)
	run = page.page.evaluate("cur_frm.doc.name")
	compute(page, "Compute the Drafts")
	page.look()

	page.button(say("Issue the Invoices")).click()
	dialog = page.page.locator(".modal.show")
	dialog.locator(".btn-primary").wait_for()
	page.look()
	dialog.locator(".btn-primary:visible").click()
	wait_for_run(page, "Issued")
	assert say("Issued") in page.look()

	frappe.db.rollback()
	invoice = frappe.get_last_doc("Invoice", {"payer": home.payer.name, "billing_run": run})
	assert (invoice.docstatus, invoice.status) == (1, "Issued")
	page.form("Invoice", invoice.name)
	page.page.get_by_text(invoice.number).first.wait_for()
	assert euros in spaces(page.look())

	with page.page.expect_popup() as popup:
		page.button(say("Open the PDF")).click()
	address = popup.value.url if "invoice_pdf" in popup.value.url else pdf_address(invoice.name)
	answer = page.page.request.get(address)
	assert answer.ok and answer.headers["content-type"] == "application/pdf"
	assert answer.body().startswith(b"%PDF-")
	text = spaces(" ".join(leaf.extract_text() for leaf in PdfReader(BytesIO(answer.body())).pages))
	for words in ("Facture", invoice.number, euros, "Montant à payer", "Comment payer", home.last_name):
		assert words in text


def discard_what_is_open() -> None:
	"""One run is open at a time: one that a stopped test has left would be in the way."""
	from concerto_education.billing import run as runs

	for name in frappe.get_all("Billing Run", {"status": ("in", runs.OPEN)}, pluck="name"):
		runs.discard(name)
	frappe.db.commit()


def pdf_address(name: str) -> str:
	return f"/api/method/concerto_education.billing.pdf.invoice_pdf?name={name}"


def spaces(text: str) -> str:
	"""Every kind of space as the ordinary one."""
	return re.sub(r"\s", " ", text)
