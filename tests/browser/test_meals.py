"""From the paper list to the kitchen: key in who is absent, order, correct; lists on the screen (R27, R32, R41)."""

from __future__ import annotations

import random
import string

import frappe
import pytest
from frappe.desk.doctype.notification_settings.notification_settings import create_notification_settings
from frappe.utils import getdate

from concerto_education.authority import roles
from tests import builders as make

NAMES = ("Abeille", "Bourdon", "Cigale")


class Canteen:
	"""A kitchen and a school that eats every day of the year, three children expected today."""

	def __init__(self):
		mark = "".join(random.choices(string.ascii_lowercase, k=6))
		year = getdate().year - (getdate().month < 9)
		make.school_year(year)
		self.day = str(getdate())
		self.kitchen = make.site(f"Cuisine {mark}", kind="Kitchen").name
		self.school = make.site(f"École {mark}").name
		self.activity = make.activity(
			self.school,
			activity_name=f"Restauration {mark}",
			**dict.fromkeys(make.WEEKDAYS, 1),
			in_school_time=1,
			on_wednesdays=1,
			in_small_holidays=1,
			in_summer=1,
		)
		make.insert(
			"Meal Service",
			kitchen=self.kitchen,
			corrections="By Hand",
			sites=[{"site": self.school, "activity": self.activity.name}],
		)
		for name in NAMES:
			kid = make.child(f"{name}{mark}", school_class="CE1")
			home = make.family(
				make.member(make.person(f"{name}{mark}"), "Representative 1"), make.member(kid)
			)
			row = make.enrolment(
				home, self.activity, pattern=None, valid_from=f"{year}-09-01", valid_to=f"{year + 1}-08-31"
			)
			make.attendance(row, self.day)
		self.coordinator = self._user(roles.SCHOOL_COORDINATOR, self.school)
		self.cook = self._user(roles.KITCHEN, self.kitchen)
		self.mark = mark
		frappe.db.commit()

	def _user(self, role, site):
		"""An account for the Desk, which asks for its notification settings."""
		user = make.user(role, sites=(site,))
		create_notification_settings(user)
		return user

	def statuses(self):
		frappe.db.rollback()
		return frappe.get_all(
			"Attendance",
			{"site": self.school, "attendance_date": self.day},
			pluck="status",
			order_by="creation",
		)


@pytest.fixture
def canteen(connection):
	frappe.set_user("Administrator")
	return Canteen()


def test_R27_R32_R41_from_the_paper_list_to_a_correction_in_the_kitchen(canteen, desk):
	screen = desk("/app/meals", canteen.coordinator)
	card = screen.page.locator(f".meals-site[data-site='{canteen.school}']")
	card.get_by_text("Prévision", exact=True).wait_for()
	card.get_by_label("Adultes sans inscription").fill("2")
	card.get_by_label("Adultes sans inscription").press("Tab")
	screen.page.locator(".meals-total b", has_text="5").wait_for()
	card.get_by_role("button", name="Commander").click()
	card.get_by_text("Commande", exact=True).wait_for()
	screen.look()

	screen.goto("/app/day-sheet")
	screen.page.locator(".ds-row").nth(2).wait_for()
	screen.page.get_by_label("N° des absents de la liste papier").fill("2")
	screen.page.get_by_role("button", name="Saisir la liste").click()
	question = screen.page.locator(".modal.show")
	question.get_by_text(f"BOURDON{canteen.mark.upper()}").wait_for()
	screen.look()
	question.get_by_role("button", name="Oui").click()
	screen.page.locator(".ds-row.ds-is-absent").wait_for()
	assert canteen.statuses() == ["Present", "Absent", "Present"]

	screen.goto("/app/meals")
	card.get_by_role("button", name="Rectifier (−1)").click()
	card.get_by_text("Rectification 1", exact=True).wait_for()
	card.get_by_role("button", name="Versions").click()
	screen.page.locator(".meals-version", has_text=f"BOURDON{canteen.mark.upper()}").wait_for()
	screen.look()

	kitchen = desk("/app/meals", canteen.cook)
	kitchen.page.get_by_text("Rectification 1", exact=True).wait_for()
	text = kitchen.look()
	assert "BOURDON" not in text
	assert kitchen.page.locator(".meals-total b").inner_text() == "4"
	kitchen.page.get_by_role("button", name="Semaine").click()
	kitchen.page.locator(".meals-week").wait_for()
	kitchen.look()
	with kitchen.page.expect_popup() as popup, kitchen.page.expect_download() as download:
		kitchen.page.get_by_role("button", name="Tableau (CSV)").click()
	assert download.value.suggested_filename.endswith(".csv")
	assert popup.value


def test_R32_lists_on_the_screen_and_as_files(canteen, desk):
	screen = desk("/app/attendance-lists", canteen.coordinator)
	screen.page.get_by_text(f"CIGALE{canteen.mark.upper()}").wait_for()
	screen.look()
	screen.page.locator("[data-pick=what]").select_option("Week List")
	screen.page.locator(".lists-totals").wait_for()
	screen.look()
	screen.page.locator("[data-pick=what]").select_option("Contacts")
	screen.page.get_by_text("À appeler, dans cet ordre").wait_for()
	screen.look()
	with screen.page.expect_download() as download:
		screen.page.get_by_role("button", name="XLSX").click()
	assert download.value.suggested_filename.endswith(".xlsx")
	frappe.db.rollback()
	assert frappe.db.exists(
		"List Export", {"site": canteen.school, "what": "Contacts", "user": canteen.coordinator}
	)


def test_screens_of_the_kitchen_are_in_french(canteen, desk):
	screen = desk("/app/kitchen-desk", canteen.cook)
	screen.page.get_by_text("Repas du jour").wait_for()
	screen.look()
	screen.goto("/app/query-report/Meals Compared")
	screen.page.get_by_text("Préparés et non servis").or_(
		screen.page.get_by_text("Rien n’a été commandé")
	).first.wait_for()
	screen.look()


def test_badges_page_says_how_to_begin(canteen, desk):
	screen = desk("/app/badges", canteen.coordinator)
	screen.page.get_by_text("Les badges ne sont pas utilisés").wait_for()
	screen.look()
