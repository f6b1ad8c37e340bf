"""The page of the coherence check, and the check on the form of a billing run (R7, R33)."""

import frappe
import pytest

from concerto_education.authority import roles
from tests import builders as make
from tests.browser.test_chain import say


@pytest.fixture(scope="module")
def school(connection):
	"""A canteen whose September is not closed, and a family whose benefit scheme nobody knows; committed."""
	frappe.set_user("Administrator")
	make.school_year(2026)
	enrolment = make.enrolment(valid_from="2026-09-01", valid_to="2026-10-31")
	frappe.db.commit()
	return enrolment


def account(role: str, *sites: str) -> str:
	from concerto_education.authority.users import create_user

	frappe.set_user("Administrator")
	login = f"controle{make.serial()}{frappe.generate_hash(length=6)}".lower()
	name = create_user(login, "Camille Controle", role, email=f"{login}@concerto.example", sites=sites).name
	frappe.db.commit()
	return name


def test_R7_a_coordinator_finds_what_is_wrong_and_opens_it(school, desk):
	page = desk("/app/coherence-check", account(roles.SCHOOL_COORDINATOR, school.site)).page
	page.wait_for_selector(".coherence[data-ready]")
	rule = page.locator('[data-rule="no-scheme"]')
	assert rule.locator(".coh-count").inner_text() == "1"
	rule.locator("summary").click()
	rule.locator("[data-line]").click()
	page.wait_for_function("name => window.cur_frm?.docname === name", arg=school.family)


def test_R7_the_page_fits_a_phone(school, desk, phone):
	page = desk("/app/coherence-check", account(roles.SCHOOL_COORDINATOR, school.site), size=phone)
	page.page.wait_for_selector(".coherence[data-ready]")
	page.look()
	assert page.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_R33_the_form_of_a_run_shows_what_blocks_and_asks_why(school, desk):
	doc = frappe.get_doc("Coherence Settings")
	before = {row.rule: row.severity for row in doc.rules}
	for row in doc.rules:
		row.severity = "Blocking for Billing" if row.rule == "site-not-closed" else "Warning"
	doc.save()
	run = make.insert("Billing Run", month="2026-09-01")
	frappe.db.commit()
	try:
		one = desk("/app", account(roles.FINANCE_CLERK)).form("Billing Run", run.name)
		block = one.page.locator(".concerto-check", has_text=say("Month not confirmed by the site"))
		block.wait_for()
		assert block.locator(".indicator-pill").inner_text() == say("Blocks")
		one.button(say("Compute the Drafts")).click()
		dialog = one.page.locator(".modal.show", has_text=say("Why do you go on?"))
		dialog.wait_for()
		one.look()
		assert frappe.db.get_value("Billing Run", run.name, "status") == "New"
	finally:
		frappe.db.rollback()
		doc.reload()
		for row in doc.rules:
			row.severity = before.get(row.rule, row.severity)
		doc.save()
		frappe.delete_doc("Billing Run", run.name)
		frappe.db.commit()
