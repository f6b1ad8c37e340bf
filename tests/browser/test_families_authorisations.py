"""What representatives allow: recorded on the child's own form, on a desk and on a phone (R7, R17)."""

from __future__ import annotations

import frappe
import pytest

from concerto_education.families.documents import authorisations
from tests.browser.conftest import Desk
from tests.browser.test_chain import say
from tests.browser.town import Home, Town

SECTION = '[data-fieldname="authorisations_view"]'
PHOTO, ALONE = "Droit à l'image (photos et vidéos)", "Partir seul"


@pytest.fixture(scope="module")
def home(town: Town):
	made = Home(town, f"Meringue{town.mark.lower()}")
	frappe.db.commit()
	return made


@pytest.mark.parametrize(("screen", "answer"), [("desktop", "Given"), ("phone", "Refused")])
def test_r7_answers_are_seen_and_recorded_on_the_form_of_the_child(desk, town, home, screen, answer, request):
	page = desk("/app", user=town.coordinator, size=request.getfixturevalue(screen))
	page.form("Person", home.child.name)
	page.page.locator(f"{SECTION} [data-action=answer]").click()
	dialog = page.page.locator(".modal.show")
	kinds = [kind.type_name for kind in authorisations.active_types()]
	dialog.locator(f"select[data-fieldname=answer_{kinds.index(PHOTO)}]").select_option(answer)
	page.look()
	with page.page.expect_response(lambda sent: "record_answers" in sent.url and sent.ok):
		dialog.locator(".btn-primary").click()
	dialog.wait_for(state="hidden")
	row = page.page.locator(f"{SECTION} li", has_text=PHOTO)
	row.get_by_text({"Given": say("Yes"), "Refused": say("No")}[answer], exact=True).wait_for()
	mother = next(one.full_name for one in home.family.members if one.role == "Representative 1")
	assert mother in row.inner_text()
	assert say("Not Answered") in page.page.locator(f"{SECTION} li", has_text=ALONE).inner_text()
	page.look()
	frappe.db.rollback()
	values = frappe.get_all("Authorisation", {"person": home.child.name}, pluck="value", order_by="creation")
	assert values[-1] == answer


def test_r10_finance_and_the_form_of_an_adult_have_no_such_section(desk, town, home):
	page: Desk = desk("/app", user=town.finance)
	page.form("Person", home.child.name)
	assert not page.page.locator(SECTION).is_visible()
	mother = next(one.person for one in home.family.members if one.role == "Representative 1")
	page = desk("/app", user=town.coordinator)
	with page.page.expect_response(lambda sent: "answers_of" in sent.url and sent.ok):
		page.form("Person", mother)
	page.settle()
	assert not page.page.locator(SECTION).is_visible()
