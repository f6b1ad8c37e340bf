"""An administrator makes a canteen with the wizard and finds on its form what was answered (R1, R7)."""

import frappe
import pytest

from tests import builders as make
from tests.french import french


@pytest.fixture
def name():
	"""A name of its own; the activity goes away after the test."""
	made = f"Cantine {make._unique()}"
	yield made
	frappe.db.rollback()
	if frappe.db.exists("Activity", made):
		for tariff in frappe.get_all("Tariff", filters={"activity": made}, pluck="name"):
			frappe.delete_doc("Tariff", tariff, force=True)
		frappe.delete_doc("Activity", made, force=True)
		frappe.db.commit()


def test_from_a_model_to_an_activity(desk, town, name):
	page = desk("/app/activity-wizard", user="Administrator").page
	say = french()
	page.locator(".aw-model", has_text="Restauration scolaire").click()
	page.locator("[data-fieldname=activity_name] input").fill(name)
	page.locator(".aw-site input[type=checkbox]").first.check()
	words = page.locator(".aw-words")
	# The words beside the card follow what is typed, and say the rule of the model.
	words.get_by_text(name).wait_for()
	words.get_by_text("jeudi 12").wait_for()

	following = page.locator("[data-go='1']")
	for step in ("When is it open?", "Who is it for?", "Until when may families book and cancel?"):
		following.click()
		page.get_by_role("heading", name=say[step]).wait_for()
	weekday = page.locator("[data-fieldname=booking_weekday] select")
	weekday.select_option("Tuesday")
	weekday.dispatch_event("change")
	words.get_by_text("mardi 12").wait_for()
	following.click()
	page.get_by_role("heading", name=say["What is billed, and at what price?"]).wait_for()
	# Without focus: the framework selects whatever has it a moment after a number was entered.
	page.locator("[data-fieldname=price] input").evaluate(
		"field => { field.value = '2,80'; field.dispatchEvent(new Event('change', { bubbles: true })); }"
	)
	following.click()
	page.get_by_role("heading", name=say["Is everything right?"]).wait_for()
	words.get_by_text("2,80").wait_for()
	page.get_by_role("button", name=say["Create the Activity"]).click()

	page.wait_for_function("name => window.cur_frm?.docname === name", arg=name)
	page.locator(".form-message", has_text="mardi 12").wait_for()
	frappe.db.rollback()
	doc = frappe.get_doc("Activity", name)
	assert (doc.kind, doc.booking_weekday, doc.needs_forecast) == ("Canteen", "Tuesday", 1)
	assert float(frappe.db.get_value("Tariff", {"activity": name}, "price")) == 2.8
