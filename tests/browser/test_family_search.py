"""Search first, meet a duplicate, create all the same (R12): as a coordinator does it, in French."""

from __future__ import annotations

import re

import frappe
import pytest

from tests.browser.conftest import Desk
from tests.browser.test_chain import say
from tests.browser.town import Town

BOX = ".fs-box"
ROWS = ".fs-row[data-family]"


def search(page: Desk, text: str) -> None:
	with page.page.expect_response(lambda answer: "search_families" in answer.url and answer.ok):
		page.page.locator(BOX).fill(text)
	page.page.locator(".fs-new").wait_for()


def mistyped(name: str) -> str:
	"""Two letters exchanged, as fingers do."""
	return name[:2] + name[3] + name[2] + name[4:]


@pytest.mark.parametrize("screen", ["desktop", "phone"])
def test_a_mistyped_name_finds_the_dossier_and_enter_opens_it(desk, town: Town, screen, request):
	home = town.looked_at
	page = desk("/app/family-search", user=town.coordinator, size=request.getfixturevalue(screen))
	page.page.locator(BOX).wait_for()
	page.look()
	search(page, mistyped(home.last_name))
	row = page.page.locator(f'.fs-row[data-family="{home.family.name}"]')
	row.wait_for()
	assert row.get_attribute("aria-selected") == "true"
	screen_text = page.look()
	assert home.last_name.upper() in screen_text.upper()
	assert page.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), (
		"no sideways scroll"
	)
	page.page.keyboard.press("Enter")
	page.page.wait_for_function("name => window.cur_frm?.docname === name", arg=home.family.name)
	page.page.go_back()
	page.page.locator(ROWS).first.wait_for()  # what was typed is still there


def test_a_new_dossier_begins_with_the_search_and_meets_its_duplicates(desk, town: Town):
	home = town.looked_at
	child = home.child
	page = desk("/app/family/new", user=town.coordinator)
	page.page.wait_for_url(re.compile("family-search"))

	search(page, f"{child.last_name} zzqqxxyy")
	page.look()
	page.page.locator(".fs-new").click()
	page.page.wait_for_function("() => window.cur_frm?.doctype === 'Family' && cur_frm.is_new()")
	page.page.wait_for_function("name => cur_frm.doc.family_name === name", arg=child.last_name)
	page.look()
	family = page.page.evaluate("cur_frm.docname")

	# The child is typed once more: the question comes, and "different people" is an answer.
	page.page.evaluate("frappe.set_route('Form', 'Person', frappe.model.make_new_doc_and_get_name('Person'))")
	page.page.wait_for_function("() => window.cur_frm?.doctype === 'Person' && cur_frm.is_new()")
	page.page.evaluate(
		"values => cur_frm.set_value(values)",
		{
			"last_name": child.last_name.capitalize(),
			"first_name": child.first_name.lower(),
			"birth_date": str(child.birth_date),
		},
	)
	page.page.evaluate("() => { cur_frm.save(); }")
	dialog = page.page.locator(".modal.show", has=page.page.locator(".concerto-duplicate"))
	dialog.wait_for()
	assert home.family.family_name in page.look()
	dialog.get_by_role("button", name=say("Different People")).click()
	page.page.wait_for_function("() => cur_frm.doctype === 'Person' && !cur_frm.is_new()")
	person = page.page.evaluate("cur_frm.docname")
	frappe.db.rollback()
	decision = frappe.db.get_value(
		"Duplicate Decision",
		{"second": person, "first": child.name},
		["decided_by", "decided_at"],
		as_dict=True,
	)
	assert decision.decided_by == town.coordinator
	assert decision.decided_at

	# And the dossier with that child is asked about too, then saved.
	page.page.evaluate("name => frappe.set_route('Form', 'Family', name)", family)
	page.page.wait_for_function("name => window.cur_frm?.docname === name", arg=family)
	page.page.evaluate(
		"""person => {
			cur_frm.clear_table('members');
			cur_frm.add_child('members', { person, role: 'Child' });
			cur_frm.refresh_field('members');
			cur_frm.save();
		}""",
		person,
	)
	page.page.wait_for_function("() => window.cur_frm?.doctype === 'Family' && !cur_frm.is_new()")
	page.look()
	saved = page.page.evaluate("cur_frm.docname")
	frappe.db.rollback()
	assert frappe.db.get_value("Family Member", {"parent": saved}, "person") == person
