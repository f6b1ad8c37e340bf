"""The monthly close in a browser: what is left, refused, mended, closed, and a later change that leaves a trace (R31, R33)."""

from __future__ import annotations

import frappe
import pytest

from concerto_education.authority import roles
from tests import builders
from tests.browser.past_month import School, desk_user

LATE, NEVER = "Myrtille", "Noisette"


@pytest.fixture
def school(connection) -> School:
	"""Two days of three children, all present, but for one child on both days."""
	frappe.set_user("Administrator")
	made = School({"Mirabelle": "CP", LATE: "CP", NEVER: "CE1"}, days=2)
	made.tick_all(but=LATE)
	return made


def open_board(desk, school: School, user: str | None = None, **options):
	page = desk(f"/app/month-board?month={school.month:%Y-%m}", user or school.coordinator, **options)
	site(page, school).wait_for()
	page.look()
	return page


def site(page, school: School):
	return page.page.locator(".mb-site", has_text=school.site)


def again(page, school: School) -> None:
	"""The board is opened anew, as from the sidebar."""
	page.goto(f"/app/month-board?month={school.month:%Y-%m}")
	site(page, school).wait_for()


def touch(page, school: School, name: str, pressed: bool = True) -> None:
	"""Tick a child on the day sheet that is open; resolves when the server has it."""
	button = page.page.locator(".ds-row", has_text=name.upper()).locator(".ds-touch")
	with page.page.expect_response(lambda found: "attendance.api.tick" in found.url and found.ok):
		button.click()
	page.page.locator(
		f'.ds-row .ds-touch[aria-pressed="{str(pressed).lower()}"]', has_text=name.upper()
	).wait_for()


def confirm(page) -> None:
	page.page.locator(".modal.show").get_by_role("button", name="Confirmer et clôturer").click()


def state_of(school: School):
	frappe.db.rollback()
	return frappe.db.get_value(
		"Monthly Close",
		{"site": school.site, "month": school.month},
		["name", "state", "closed_by", "present", "absent"],
		as_dict=True,
	)


def test_R33_from_what_is_left_to_a_closed_month_and_a_traced_change(desk, school: School):
	administrator = desk_user(roles.SCHOOL_ADMINISTRATOR)
	frappe.db.commit()
	page = open_board(desk, school)

	# What is left: two lists, and no way to close yet.
	card = site(page, school)
	card.locator(".mb-chip.is-blocking", has_text="2").wait_for()
	assert card.locator(".mb-close").count() == 0
	card.locator(".mb-look").click()
	lines = page.page.locator(".modal.show .mb-lines a")
	lines.first.wait_for()
	page.look()
	assert lines.count() == 2

	# Mended from there: the line leads to the list of its day.
	lines.first.click()
	page.page.locator(".ds-row", has_text=LATE.upper()).wait_for()
	touch(page, school, LATE)
	assert school.row(LATE).status == "Present"

	# The other day: it was an absence.
	again(page, school)
	site(page, school).locator(".mb-look").click()
	page.page.locator(".modal.show .mb-lines a").first.click()
	row = page.page.locator(".ds-row", has_text=LATE.upper())
	with page.page.expect_response(lambda found: "set_absent" in found.url and found.ok):
		row.locator('[data-act="absent"]').click()
	assert school.row(LATE, school.days[1]).status == "Absent"

	# Nothing is left: closed, with a remark; the administrators hear of it.
	again(page, school)
	site(page, school).locator(".mb-close").click()
	page.page.locator(".modal.show textarea").fill("Deux jours seulement, école fermée ensuite.")
	page.look()
	confirm(page)
	site(page, school).get_by_text("✓ Clôturé").wait_for()
	page.look()
	close = state_of(school)
	assert (close.state, close.closed_by, close.present, close.absent) == ("Closed", school.coordinator, 5, 1)
	told = {"for_user": administrator, "document_type": "Monthly Close", "document_name": close.name}
	assert frappe.db.exists("Notification Log", told)

	# The coordinator changes nothing any more …
	page.goto(f"/app/day-sheet?site={school.site}&day={school.days[0]}")
	page.page.get_by_text("Le mois est clôturé").first.wait_for()
	assert page.page.locator(".ds-judge:not([disabled])").count() == 0
	page.page.locator(".ds-row", has_text=NEVER.upper()).locator(".ds-touch").click()
	page.page.locator(".desk-alert", has_text="clôturé").first.wait_for()
	assert school.row(NEVER).status == "Present"

	# … the administrator does, and it can be seen.
	chief = desk(f"/app/day-sheet?site={school.site}&day={school.days[0]}", administrator)
	touch(chief, school, NEVER, pressed=False)
	assert school.row(NEVER).status == "Planned"
	again(page, school)
	site(page, school).get_by_text("1 modification").click()
	page.page.locator(".list-row", has_text=NEVER.upper()).or_(
		page.page.locator(".list-row-container", has_text="Modifié")
	).first.wait_for()
	(trace,) = frappe.get_all(
		"Closed Month Change",
		{"monthly_close": close.name},
		["owner", "attendance_date", "what", "before", "after"],
	)
	assert (trace.owner, trace.attendance_date, trace.what) == (administrator, school.days[0], "Changed")
	assert trace.before != trace.after


def test_R31_what_arrives_while_the_board_is_open_keeps_the_month_open(desk, school: School, phone):
	"""Two see the board: what one of them didn't see yet is asked of the server when the other closes."""
	school.tick_all()
	page = open_board(desk, school, size=phone)
	site(page, school).locator(".mb-close").click()
	frappe.set_user("Administrator")
	builders.attendance(school.enrolments[NEVER], str(school.month.replace(day=28)), unit=school.unit)
	frappe.db.commit()
	confirm(page)
	page.page.get_by_text("ne peut pas encore être clôturé").first.wait_for()
	site(page, school).locator(".mb-chip.is-blocking", has_text="1").wait_for()  # the board has looked again
	assert not state_of(school) or state_of(school).state == "Open"
	# The refusal is a 417 that the browser notes by itself; nothing else went wrong.
	assert all("417" in error for error in page.errors), page.errors
	page.errors.clear()


def test_R10_an_agent_closes_nothing(desk, open_page, school: School):
	page = open_page("/app", user=school.agent)
	page.wait_for_function("() => window.frappe?.boot && !frappe.request.ajax_count")
	status = page.evaluate(
		"""async (body) => (await fetch("/api/method/concerto_education.attendance.closing.api.close_month", {
			method: "POST",
			headers: { "Content-Type": "application/json", "X-Frappe-CSRF-Token": frappe.csrf_token },
			body: JSON.stringify(body),
		})).status""",
		{"site": school.site, "month": f"{school.month:%Y-%m}"},
	)
	assert status == 403
	assert not state_of(school)
