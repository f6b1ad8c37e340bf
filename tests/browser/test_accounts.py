"""An administrator makes an account in the Desk: name, role, site, and the login proposes itself (R7, R11)."""

import frappe
import pytest
from frappe.desk.doctype.notification_settings.notification_settings import create_notification_settings

from concerto_education.authority import roles
from concerto_education.authority.accounts import letters
from tests import builders as make


@pytest.fixture
def administrator(connection):
	frappe.set_user("Administrator")
	letters.seed()
	user = make.user(roles.SCHOOL_ADMINISTRATOR)
	create_notification_settings(user)
	return user


@pytest.fixture
def school(connection):
	return make.site().name


def test_r11_from_a_name_a_role_and_a_site_to_an_account(open_page, administrator, school):
	frappe.db.commit()
	surname = f"Vasseur{make._letters(make.serial())}"
	page = open_page("/app/accounts", user=administrator)
	page.get_by_role("button", name="Nouveau compte").click()
	dialog = page.locator(".modal.show")
	dialog.locator("[data-fieldname=first_name] input").fill("Odile")
	dialog.locator("[data-fieldname=email] input").fill(f"{surname}@concerto.example")
	with page.expect_response(lambda answer: "suggest_login" in answer.url):
		dialog.locator("[data-fieldname=last_name] input").fill(surname)
		dialog.locator("[data-fieldname=login] input").focus()
	assert dialog.get_by_text("Super administrateur").count() == 0
	dialog.get_by_label("Agent de pointage").check()
	dialog.get_by_label(school).check()
	with page.expect_response(lambda answer: "accounts.api.save" in answer.url) as saved:
		dialog.get_by_role("button", name="Créer et envoyer le lien").click()
	assert saved.value.status == 200, saved.value.text()
	row = page.locator(".ac-row", has_text=surname)
	row.get_by_text("Agent de pointage").wait_for()
	row.get_by_text(school).wait_for()
	frappe.db.rollback()
	account = frappe.db.get_value("User", {"last_name": surname}, ["name", "username"], as_dict=True)
	assert account.username == f"o{surname.lower()}"
	assert roles.ATTENDANCE_AGENT in frappe.get_roles(account.name)


def test_r10_without_a_site_the_form_says_so_and_keeps_what_was_typed(open_page, administrator, phone):
	frappe.db.commit()
	page = open_page("/app/accounts", user=administrator, size=phone)
	page.locator(".primary-action:visible").first.click()
	dialog = page.locator(".modal.show").first
	for field, text in (
		("first_name", "Odile"),
		("last_name", "Sansite"),
		("email", "odile@concerto.example"),
	):
		dialog.locator(f"[data-fieldname={field}] input").fill(text)
	dialog.get_by_label("Agent de pointage").check()
	dialog.get_by_role("button", name="Créer et envoyer le lien").click()
	page.get_by_text("on ne voit rien sans site").wait_for()
	assert dialog.locator("[data-fieldname=last_name] input").input_value() == "Sansite"
	assert not frappe.db.exists("User", "odile@concerto.example")
