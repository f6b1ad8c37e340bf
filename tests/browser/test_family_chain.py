"""The beginning of a dossier, as a coordinator does it in one go: search, meet a duplicate, say "different people",
create, add a QF and an allergy (R12, R14, R23). In a real browser, in French, with the keyboard and the mouse."""

from __future__ import annotations

import frappe
import pytest

from tests.browser.conftest import Desk
from tests.browser.test_chain import say
from tests.browser.test_family_search import mistyped, search
from tests.browser.town import Home, Town

SAVED = "() => window.cur_frm?.doctype === 'Family' && !cur_frm.is_new() && !cur_frm.is_dirty()"


@pytest.fixture(scope="module")
def home(town: Town):
	"""A family that is there already, under a name of this file alone."""
	made = Home(town, f"Nougatine{town.mark.lower()}")
	frappe.db.commit()
	return made


def test_r12_r14_r23_from_the_search_to_the_first_allergy(desk, town: Town, home):
	name, child = home.last_name, home.child
	page = desk("/app/family-search", user=town.coordinator)
	page.page.locator(".fs-box").wait_for()

	# Search, mistyped: the family that is there is found, but it is not the one that is at the desk.
	search(page, mistyped(name))
	page.page.locator(f'.fs-row[data-family="{home.family.name}"]').wait_for()
	page.look()
	search(page, name)
	page.page.locator(".fs-new").click()
	page.page.wait_for_function("() => window.cur_frm?.doctype === 'Family' && cur_frm.is_new()")
	page.page.wait_for_function("name => cur_frm.doc.family_name === name", arg=name)
	page.look()

	# The mother is somebody else: no question. The daughter bears the name and the birthday of one who is there.
	add_member(page, "Representative 1", "Mme", name, "Wilhelmine", "")
	asked = add_member(page, "Child", "", name, child.first_name, str(child.birth_date), asks=True)
	assert home.family.family_name in asked

	# A dossier with a telephone and an address, then saved.
	page.page.evaluate(
		"values => cur_frm.set_value(values)",
		{"address_line1": "8 rue des Essais", "postcode": "86000", "town": "Poitiers"},
	)
	page.page.get_by_role("button", name=say("Save"), exact=True).first.click()
	page.page.wait_for_function(SAVED)
	saved = page.page.evaluate("cur_frm.docname")
	page.page.locator(".concerto-member", has_text="Wilhelmine").wait_for()
	page.look()

	# The QF: a new one beside the 9999 that every dossier begins with.
	page.button(say("Add a Quotient")).first.click()
	dialog = page.page.locator(".modal.show")
	dialog.locator("input[data-fieldname=value]").fill("487,50")
	with page.page.expect_response(lambda answer: "frappe.client.insert" in answer.url and answer.ok):
		dialog.locator(".btn-primary").click()
	dialog.wait_for(state="hidden")
	page.page.locator(".concerto-figures .concerto-value", has_text="487,5").wait_for()
	page.look()

	# An allergy, from the tab of health; the strip shows it at once.
	page.page.locator(".nav-link[data-fieldname=health_tab]").first.click()
	card = page.page.locator(".concerto-health", has_text=child.first_name)
	card.locator("[data-health=allergy]").click()
	dialog = page.page.locator(".modal.show")
	dialog.locator("select[data-fieldname=allergen]").select_option("Milk")
	with page.page.expect_response(lambda answer: "add_allergy" in answer.url and answer.ok):
		dialog.locator(".btn-primary").click()
	label = say("Milk")
	card.locator(".concerto-tag", has_text=label).wait_for()
	page.page.locator(".concerto-member .concerto-tag", has_text=label).wait_for(state="attached")
	page.look()

	kept(town, home, saved)


def add_member(
	page: Desk, role: str, civility: str, last: str, first: str, born: str, asks: bool = False
) -> str:
	"""A row of the table, whose person is made in the small form that its field offers. Returns the question."""
	grid = page.page.locator('.frappe-control[data-fieldname="members"]')
	number = page.page.evaluate("cur_frm.doc.members.filter((row) => row.person).length")
	if page.page.evaluate("cur_frm.doc.members.length") == number:
		grid.locator(".grid-add-row").click()
	else:
		# A new dossier begins with an empty row.
		grid.locator(f'.grid-body .grid-row[data-idx="{number + 1}"] .btn-open-row').first.click()
	person = grid.locator('.grid-row-open input[data-fieldname="person"]')
	person.fill(f"{first} {last}")
	offered = grid.locator(".grid-row-open .awesomplete li", has_text=say("Create a new {0}", "").strip())
	offered.first.click()
	dialog = page.page.locator(".modal.show")
	dialog.locator("input[data-fieldname=last_name]").fill(last)
	dialog.locator("input[data-fieldname=first_name]").fill(first)
	if civility:
		dialog.locator("select[data-fieldname=civility]").select_option(civility)
	if born:
		page.page.wait_for_function("() => window.cur_dialog?.fields_dict?.birth_date")
		page.page.evaluate("born => cur_dialog.set_value('birth_date', born)", born)
	page.look()
	dialog.locator(".btn-primary:visible").click()
	question = ""
	if asks:
		likely = page.page.locator(".modal.show", has=page.page.locator(".concerto-duplicate"))
		likely.wait_for()
		question = page.look()
		likely.get_by_role("button", name=say("Different People")).click()
	page.page.wait_for_function("number => Boolean(cur_frm.doc.members[number].person)", arg=number)
	page.page.wait_for_function("() => !document.querySelector('.modal.show')")
	grid.locator('.grid-row-open select[data-fieldname="role"]').select_option(role)
	grid.locator(".grid-row-open .grid-collapse-row").first.click()
	return question


def kept(town: Town, home, saved: str) -> None:
	"""What the database holds afterwards: who said "different people", the QF of today, an allergy without end."""
	frappe.db.rollback()
	members = {
		row.role: row.person for row in frappe.get_all("Family Member", {"parent": saved}, ["role", "person"])
	}
	decision = frappe.db.get_value(
		"Duplicate Decision",
		{"first": home.child.name, "second": members["Child"]},
		["decided_by", "decided_at"],
		as_dict=True,
	)
	assert (decision.decided_by, bool(decision.decided_at)) == (town.coordinator, True)
	values = frappe.get_all("Quotient", {"family": saved}, pluck="value", order_by="recorded_at asc")
	assert [float(value) for value in values] == [9999, 487.5]
	record = frappe.get_doc("Health Record", {"person": members["Child"]})
	assert [(row.allergen, row.valid_to) for row in record.allergies] == [("Milk", None)]
