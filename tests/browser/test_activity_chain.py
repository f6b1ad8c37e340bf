"""From nothing to the kitchen: wizard → tariff → simulator → two siblings → month grid → meal order (R1, R4, R7, R26, R27, R41)."""

from __future__ import annotations

import re
from datetime import date

import frappe
import pytest
from frappe.utils import add_days, getdate

from concerto_education.authority import roles
from tests import builders
from tests.browser.past_month import desk_user
from tests.french import french

BANDS = ((0, 350, "2.20"), (350, 0, "2.80"))


class Newcomers:
	"""A school that offers nothing yet, its kitchen, and a family with two children and a QF of 300."""

	def __init__(self):
		mark = "".join(chr(ord("a") + int(digit, 16)) for digit in frappe.generate_hash(length=6))
		self.year = getdate().year - (getdate().month < 9)
		builders.school_year(self.year)
		self.activity = f"Cantine {mark}"
		self.school = builders.site(f"École {mark}").name
		self.kitchen = builders.site(f"Cuisine {mark}", kind="Kitchen").name
		name = f"Pistache{mark}"
		parent = builders.person(name, "Claire", civility="Mme")
		self.children = [
			builders.child(name, first, school=self.school, school_class=level)
			for first, level in (("Lea", "CE1"), ("Tom", "CM2"))
		]
		self.family = builders.family(
			builders.member(parent, "Representative 1"),
			*(builders.member(kid) for kid in self.children),
			family_name=name,
		)
		builders.quotient(
			self.family, 300, valid_from=f"{self.year}-09-01", valid_to=f"{self.year + 1}-08-31"
		)
		builders.payer(self.family, parent)
		self.administrator = desk_user(roles.SCHOOL_ADMINISTRATOR)
		self.coordinator = desk_user(roles.SCHOOL_COORDINATOR, self.school)
		frappe.db.commit()

	def cooks(self) -> None:
		"""The kitchen cooks for what has just been created."""
		frappe.set_user("Administrator")
		builders.insert(
			"Meal Service",
			kitchen=self.kitchen,
			corrections="By Hand",
			sites=[{"site": self.school, "activity": self.activity}],
		)
		frappe.db.commit()

	def a_day_ahead(self) -> date:
		"""A planned day, if possible one whose booking is still open."""
		frappe.db.rollback()
		days = frappe.get_all(
			"Attendance",
			{"activity": self.activity, "attendance_date": (">", getdate())},
			pluck="attendance_date",
			order_by="attendance_date",
			distinct=True,
		)
		return next((day for day in days if day >= getdate(add_days(getdate(), 12))), days[-1])

	def statuses(self, day: date) -> list[str]:
		frappe.db.rollback()
		return [
			frappe.db.get_value(
				"Attendance",
				{"person": kid.name, "activity": self.activity, "attendance_date": day},
				"status",
			)
			for kid in self.children
		]


@pytest.fixture
def newcomers(connection) -> Newcomers:
	frappe.set_user("Administrator")
	return Newcomers()


def test_issue4_from_the_wizard_to_the_kitchen(desk, newcomers: Newcomers):
	chief = desk("/app/activity-wizard", newcomers.administrator)
	make_activity(chief, newcomers)
	make_tariff(chief, newcomers)
	assert simulated(chief, newcomers, 300) == "2,20 €"
	assert simulated(chief, newcomers, 350) == "2,80 €"
	newcomers.cooks()

	school = desk(f"/app/family/{newcomers.family.name}", newcomers.coordinator)
	enrol_both(school, newcomers)
	day = newcomers.a_day_ahead()
	assert newcomers.statuses(day) == ["Planned", "Planned"]
	cancel_the_second(school, newcomers, day)
	assert newcomers.statuses(day) == ["Planned", "Cancelled"]
	assert ordered(school, newcomers, day) == "1"


def make_activity(desk, newcomers: Newcomers) -> None:
	page, say = desk.page, french()
	page.locator(".aw-model", has_text="Restauration scolaire").click()
	page.locator("[data-fieldname=activity_name] input").fill(newcomers.activity)
	page.locator(".aw-site", has_text=newcomers.school).locator("input[type=checkbox]").check()
	page.locator(".aw-words").get_by_text(newcomers.activity).wait_for()
	following = page.locator("[data-go='1']")
	for step in (
		"When is it open?",
		"Who is it for?",
		"Until when may families book and cancel?",
		"What is billed, and at what price?",
		"Is everything right?",
	):
		following.click()
		page.get_by_role("heading", name=say[step]).wait_for()
		if step == "When is it open?":
			# Whatever the date of today, there is a day ahead.
			for period in ("in_small_holidays", "in_summer"):
				page.locator(f"input[data-fieldname={period}]").check()
	desk.look()
	page.get_by_role("button", name=say["Create the Activity"]).click()
	page.wait_for_function("name => window.cur_frm?.docname === name", arg=newcomers.activity)


def make_tariff(desk, newcomers: Newcomers) -> None:
	"""The form is filled through its own script, saved by its button."""
	page = desk.goto("/app/tariff/new").page
	page.wait_for_function("() => window.cur_frm?.doctype === 'Tariff' && cur_frm.is_new()")
	page.evaluate(
		"""async ({ values, bands }) => {
			await cur_frm.set_value(values);
			cur_frm.clear_table("bands");
			for (const band of bands) cur_frm.add_child("bands", band);
			cur_frm.refresh_field("bands");
		}""",
		{
			"values": {
				"label": f"Repas {newcomers.activity}",
				"activity": newcomers.activity,
				"method": "QF Bands",
				"valid_from": f"{newcomers.year}-09-01",
			},
			"bands": [
				{"quotient_from": low, "quotient_below": high, "price": price} for low, high, price in BANDS
			],
		},
	)
	desk.look()
	desk.button(french()["Save"]).click()
	page.wait_for_function("() => window.cur_frm?.doctype === 'Tariff' && !cur_frm.is_new()")
	desk.settle()


def simulated(desk, newcomers: Newcomers, quotient: int) -> str:
	page = desk.goto("/app/tariff-simulator").page
	field = page.locator(".tariff-simulator input[data-fieldname=activity]")
	field.click()
	field.fill(newcomers.activity)
	page.locator(".awesomplete li:visible", has_text=newcomers.activity).first.click()
	page.locator("input[data-fieldname=quotient]:visible").fill(str(quotient))
	desk.button(french()["Simulate"]).click()
	total = page.locator(".tariff-total th").last
	total.wait_for()
	desk.look()
	return re.sub(r"\s", " ", total.inner_text())


def enrol_both(desk, newcomers: Newcomers) -> None:
	page = desk.page
	desk.button("Inscrire").first.click()
	for first in ("Lea", "Tom"):
		page.get_by_label(f"{first} : {newcomers.activity}", exact=True).check()
	desk.look()
	desk.button("Vérifier").click()
	page.locator(".ce-results li.is-good").nth(1).wait_for()
	desk.button("Créer 2 inscriptions").click()
	page.locator(".ce-results a").nth(1).wait_for()
	desk.button("Fermer").click()


def cancel_the_second(desk, newcomers: Newcomers, day: date) -> None:
	"""By keyboard: to the day, one row down, delete."""
	page = desk.page
	choice = {
		"site": newcomers.school,
		"activity": newcomers.activity,
		"mode": "forecast",
		"month": str(day),
	}
	page.evaluate(
		"(choice) => { frappe.route_options = choice; frappe.set_route('attendance-grid'); }", choice
	)
	page.locator(".ag-forecast td[role=gridcell]").first.wait_for()
	page.wait_for_function("() => !document.querySelector('.ag-loading')")
	total = page.locator(f"tfoot [data-total=planned] [data-day='{day.day}']")
	assert total.inner_text() == "2"
	page.locator(".ag-scroll").focus()
	page.keyboard.press("Control+Home")
	for _step in range(day.day - 1):
		page.keyboard.press("ArrowRight")
	page.keyboard.press("ArrowDown")
	page.keyboard.press("Delete")
	assert total.inner_text() == "1"
	page.keyboard.press("Control+s")
	page.wait_for_function(
		"() => document.querySelectorAll('.ag-cell.is-pending[role=gridcell]').length === 0"
	)
	desk.look()


def ordered(desk, newcomers: Newcomers, day: date) -> str:
	"""The meals of the order that the school sends to its kitchen for that day."""
	page = desk.goto(f"/app/meals?day={day}").page
	card = page.locator(f".meals-site[data-site='{newcomers.school}']")
	card.get_by_text("Prévision", exact=True).wait_for()
	card.get_by_role("button", name="Commander").click()
	card.get_by_text("Commande", exact=True).wait_for()
	desk.look()
	frappe.db.rollback()
	assert frappe.db.get_value("Meal Order", {"site": newcomers.school, "meal_date": day}, "version") == 0
	return page.locator(".meals-total b").inner_text()
