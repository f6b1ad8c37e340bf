"""Two siblings into canteen and garderie in one pass, then the month of the canteen by keyboard (issue 4, issue 5.5)."""

from __future__ import annotations

from datetime import date

import frappe
import pytest
from frappe.utils import getdate

from tests import builders
from tests.browser.town import Town


class Siblings:
	"""Lea and Tom of a school with a canteen and a garderie; nobody is enrolled yet."""

	def __init__(self, town: Town):
		self.town = town
		self.school = builders.site(f"École Fratrie {town.mark}").name
		self.canteen = builders.activity(
			self.school, activity_name=f"Cantine fratrie {town.mark}", needs_forecast=1
		).name
		self.garderie = builders.activity(
			self.school,
			activity_name=f"Garderie fratrie {town.mark}",
			kind="Périscolaire Care",
			units=("matin", "soir"),
		).name
		name = f"Madeleine{town.mark.lower()}"
		parent = builders.person(name, "Claire", civility="Mme")
		kids = [
			builders.child(name, first, school=self.school, school_class=level)
			for first, level in (("Lea", "CE1"), ("Tom", "CM2"))
		]
		self.family = builders.family(
			builders.member(parent, "Representative 1"),
			*(builders.member(kid) for kid in kids),
			family_name=name,
		)
		builders.payer(self.family, parent)
		self.coordinator = town._user("School Coordinator", "Sacha Fratrie", sites=(self.school,))
		frappe.db.commit()

	def days(self, condition: tuple, order: str) -> date:
		frappe.db.rollback()
		return frappe.get_all(
			"Attendance",
			{"activity": self.canteen, "attendance_date": condition},
			"attendance_date",
			order_by=f"attendance_date {order}",
			limit=1,
			pluck="attendance_date",
		)[0]

	def statuses(self, day: date) -> list[str]:
		"""Of Lea and Tom at the canteen."""
		frappe.db.rollback()
		return frappe.get_all(
			"Attendance",
			{"activity": self.canteen, "attendance_date": day},
			pluck="status",
			order_by="enrolment",
		)


@pytest.fixture(scope="module")
def siblings(town: Town) -> Siblings:
	frappe.set_user("Administrator")
	return Siblings(town)


def open_grid(page, siblings: Siblings, mode: str, day: date) -> None:
	choice = {"site": siblings.school, "activity": siblings.canteen, "mode": mode, "month": str(day)}
	page.evaluate(
		"(choice) => { frappe.route_options = choice; frappe.set_route('attendance-grid'); }", choice
	)
	page.locator(f".ag-{mode} td[role=gridcell]").first.wait_for()
	page.wait_for_function("() => !document.querySelector('.ag-loading')")


def to_day(page, day: date) -> None:
	"""The cursor on the first child, that day, by keyboard alone."""
	page.locator(".ag-scroll").focus()
	page.keyboard.press("Control+Home")
	for _step in range(day.day - 1):
		page.keyboard.press("ArrowRight")


def total(page, name: str, day: date) -> str:
	return page.locator(f"tfoot [data-total={name}] [data-day='{day.day}']").inner_text()


def saved(page) -> None:
	page.keyboard.press("Control+s")
	page.wait_for_function(
		"() => document.querySelectorAll('.ag-cell.is-pending[role=gridcell]').length === 0"
	)


def test_R4_siblings_are_enrolled_in_one_pass_and_their_month_is_changed_by_keyboard(
	desk, siblings: Siblings
):
	screen = desk(f"/app/family/{siblings.family.name}", user=siblings.coordinator)
	page = screen.page
	screen.button("Inscrire").first.click()
	for activity in (siblings.canteen, siblings.garderie):
		for first in ("Lea", "Tom"):
			page.get_by_label(f"{first} : {activity}", exact=True).check()
	page.locator(".ce-week", has_text=siblings.garderie).get_by_role(
		"button", name="Soir", exact=True
	).click()
	screen.look()
	screen.button("Vérifier").click()
	page.locator(".ce-results li").nth(3).wait_for()
	assert page.locator(".ce-results li.is-good").count() == 4
	assert frappe.db.count("Enrolment", {"family": siblings.family.name}) == 0, "a preview saves nothing"
	screen.look()
	screen.button("Créer 4 inscriptions").click()
	page.locator(".ce-results a").nth(3).wait_for()
	frappe.db.rollback()
	assert frappe.db.count("Enrolment", {"family": siblings.family.name}) == 4
	screen.button("Fermer").click()

	day = siblings.days((">", getdate()), "asc")
	open_grid(page, siblings, "forecast", day)
	assert page.locator(".ag-table tbody tr").count() == 2
	assert total(page, "planned", day) == "2"
	to_day(page, day)
	page.keyboard.press("Shift+ArrowDown")
	page.keyboard.press("Delete")
	assert total(page, "planned", day) == ""
	saved(page)
	assert siblings.statuses(day) == ["Cancelled", "Cancelled"]
	page.keyboard.press("Control+z")
	assert total(page, "planned", day) == "2"
	to_day(page, day)
	page.keyboard.press("ArrowDown")
	page.keyboard.press(" ")
	assert total(page, "planned", day) == "1"
	saved(page)
	assert siblings.statuses(day) == ["Planned", "Cancelled"]
	screen.look()


def test_R31_absences_are_typed_into_the_grid_with_their_reason(desk, siblings: Siblings):
	if not frappe.db.count("Enrolment", {"activity": siblings.canteen}):
		for kid in siblings.family.members[1:]:
			payer = frappe.get_doc("Payer", {"family": siblings.family.name})
			act = frappe.get_doc("Activity", siblings.canteen)
			year = siblings.town.year
			builders.enrolment(
				siblings.family,
				act,
				payer,
				person=kid.person,
				valid_from=f"{year}-09-01",
				valid_to=f"{year + 1}-08-31",
			)
		frappe.db.commit()
	day = siblings.days(("<=", getdate()), "desc")
	# From another page, as people come: the Desk does not show a page anew that is shown already.
	screen = desk("/app/attendance-task", user=siblings.coordinator)
	page = screen.page
	open_grid(page, siblings, "ticks", day)
	to_day(page, day)
	page.keyboard.press("a")
	assert total(page, "absent", day) == "1"
	page.keyboard.press("ArrowDown")
	page.keyboard.press("j")
	page.locator(".ag-reasons button").first.wait_for()
	screen.look()
	page.keyboard.press("1")
	page.wait_for_function("() => !document.querySelector('.modal.show')")
	assert total(page, "justified", day) == "1"
	page.locator(".ag-scroll").focus()
	saved(page)
	assert siblings.statuses(day) == ["Absent", "Justified"]
	screen.look()
