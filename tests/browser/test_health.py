"""The health tab of a dossier: an allergy is added, and the agent's tablet shows it (R23, R32)."""

from __future__ import annotations

import frappe
import pytest

from tests import builders as make
from tests.browser.conftest import Desk
from tests.browser.town import Home, Town

TAB = ".nav-link[data-fieldname=health_tab]"
CARD = ".concerto-health"


@pytest.fixture(scope="module")
def home(town: Town):
	"""A family of the town for this file alone, with a forbidden contact."""
	made = Home(town, f"Praline{town.mark.lower()}")
	contact = make.person(f"Absinthe{town.mark.lower()}", "Marc")
	made.family.reload()
	made.family.append(
		"members", make.member(contact, "Contact", forbidden=1, may_collect=0, emergency=0, relation="oncle")
	)
	made.family.save()
	made.forbidden = contact
	frappe.db.commit()
	return made


def open_tab(page: Desk) -> None:
	page.page.locator(TAB).first.click()
	page.page.locator(CARD).first.wait_for()


@pytest.mark.parametrize("screen", ["desktop", "phone"])
def test_r23_an_allergy_is_added_from_the_dossier_and_stays(desk, town: Town, home, screen, request):
	allergen, label = {"desktop": ("Peanuts", "Arachides"), "phone": ("Sesame", "Sésame")}[screen]
	page = desk("/app", user=town.coordinator, size=request.getfixturevalue(screen))
	page.form("Family", home.family.name)
	open_tab(page)
	page.look()
	page.page.locator(f"{CARD} [data-health=allergy]").first.click()
	dialog = page.page.locator(".modal.show")
	dialog.locator("select[data-fieldname=allergen]").select_option(allergen)
	dialog.locator("select[data-fieldname=severity]").select_option("Life-threatening")
	dialog.locator("textarea[data-fieldname=instructions]").fill("Stylo dans la cuisse, appeler le 15")
	page.look()
	with page.page.expect_response(lambda answer: "add_allergy" in answer.url and answer.ok):
		dialog.locator(".btn-primary").click()
	page.page.locator(f"{CARD} .concerto-tag.is-danger", has_text=label).wait_for()
	assert "appeler le 15" in page.look()
	page.form("Family", home.family.name)
	page.page.locator(".concerto-member .concerto-tag.is-danger", has_text=label).wait_for()
	frappe.db.rollback()
	assert frappe.db.exists(
		"Health Access Log", {"user": town.coordinator, "person": home.child.name, "source": "Health Tab"}
	)


def test_r22_who_may_not_collect_stands_in_red_on_the_childs_forms(desk, town: Town, home):
	page = desk("/app", user=town.coordinator)
	for doctype, name in (("Person", home.child.name), ("Enrolment", home.enrolment.name)):
		page.form(doctype, name)
		banner = page.page.locator(".concerto-forbidden-banner", has_text=home.forbidden.full_name)
		banner.wait_for()
		page.look()


def test_the_agent_and_finance_see_no_health_tab(desk, town: Town, home):
	page = desk("/app", user=town.finance)
	page.form("Family", home.family.name)
	page.page.locator(".concerto-member").first.wait_for()
	assert not page.page.locator(TAB).first.is_visible()
	assert "Allergie" not in page.look()
