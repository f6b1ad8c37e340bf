"""The price simulator as a clerk uses it: choose, read why, see what is missing (R26)."""

from __future__ import annotations

import re

import frappe

from tests.browser.town import Town
from tests.french import french

NARROW = "\u202f"


def say(source: str) -> str:
	return french()[source]


def tariff_of(town: Town) -> str:
	"""The canteen tariff of the town."""
	return frappe.db.get_value("Tariff", {"activity": town.canteen.name}, "name")


def choose_activity(page, name: str) -> None:
	field = page.locator(".tariff-simulator input[data-fieldname=activity]")
	field.click()
	field.fill(name)
	page.locator(".awesomplete li:visible", has_text=name).first.click()
	# The questions of the tariff have come.
	page.locator("input[data-fieldname=quotient]:visible").wait_for()


def amount(page) -> str:
	total = page.locator(".tariff-total th").last
	total.wait_for()
	return re.sub(r"\s", " ", total.inner_text()).replace(NARROW, " ")


def test_R26_a_clerk_simulates_a_price_and_reads_why(desk, town: Town):
	page = desk("/app/tariff-simulator", user=town.coordinator)
	choose_activity(page.page, town.canteen.name)
	quotient = page.page.locator("input[data-fieldname=quotient]")
	quotient.fill("0")
	page.button(say("Simulate")).click()
	low = amount(page.page)
	quotient.fill("9999")
	page.button(say("Simulate")).click()
	page.page.locator(".tariff-answer", has_text=say("Unknown quotient: full price")).wait_for()
	assert amount(page.page) != low and "€" in low
	page.look()


def test_R26_the_form_says_how_a_method_counts_and_simulates_it(desk, town: Town):
	page = desk("/app/tariff-simulator", user="Administrator")
	page.form("Tariff", tariff_of(town))
	screen = page.look()
	assert (
		say("A price for each band of quotient. The first band begins at 0, the last one has no end.")
		in screen
	)
	page.button(say("Simulate")).click()
	dialog = page.page.locator(".modal-dialog:visible")
	dialog.locator("input[data-fieldname=quotient]:visible").fill("")
	dialog.get_by_role("button", name=say("Simulate"), exact=True).click()
	dialog.locator(".tariff-problem").wait_for()
	assert "quotient" in dialog.locator(".tariff-problem").inner_text(), "no quotient is not a quotient of 0"
	page.look()
