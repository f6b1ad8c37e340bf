"""The chain of R5 as three colleagues work on it: the coordinator, the canteen agent, the finance clerk.

Dossier → day sheet → absences → billing run → invoice as PDF, in a real browser, in French.
"""

from __future__ import annotations

import frappe
import pytest

from tests.browser.conftest import Desk
from tests.browser.town import Home, Town
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
