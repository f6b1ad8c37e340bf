"""A small town for the browser: one school with a canteen, four families, its staff.

Browsers see only what is committed, so this is made once for the whole run, under names that no other run uses.
Each family is for one purpose, so that tests don't get into each other's way.
"""

from __future__ import annotations

import random
import string
from datetime import date
from decimal import Decimal

import frappe
from frappe.utils import get_first_day, get_last_day, getdate

from concerto_education.authority import roles
from tests import builders

LOW_QUOTIENT = 300
LOW_PRICE = Decimal("2.20")


class Town:
	def __init__(self):
		self.mark = "".join(random.choices(string.ascii_uppercase, k=6))
		self.year = _first_year(getdate())
		builders.school_year(self.year)
		self.school = builders.site(f"École Test {self.mark}").name
		self.canteen = builders.activity(
			self.school,
			activity_name=f"Restauration {self.mark}",
			billing_rule="Planned Unless Justified",
			needs_forecast=1,
		)
		builders.tariff(
			self.canteen,
			bands=((0, 350, 2.2), (350, 0, 2.8)),
			label=f"Repas {self.mark}",
			valid_from=f"{self.year}-09-01",
		)
		self.looked_at = self._family("Brioche")
		self.ticked = self._family("Croissant")
		self.judged = self._family("Eclair")
		self.billed = self._family("Galette")
		self.coordinator = self._user(roles.SCHOOL_COORDINATOR, "Camille Coordination", sites=(self.school,))
		self.agent = self._user(roles.ATTENDANCE_AGENT, "Alex Pointage", sites=(self.school,))
		self.finance = self._user(roles.FINANCE_CLERK, "Fanny Finances")

	def _user(self, role: str, full_name: str, **values) -> str:
		from concerto_education.authority.users import create_user

		login = f"{full_name.split()[0]}{self.mark}".lower()
		return create_user(login, full_name, role, email=f"{login}@concerto.example", **values).name

	def _family(self, name: str) -> Home:
		return Home(self, f"{name}{self.mark.lower()}")

	@property
	def day(self) -> date:
		"""The last day of the canteen that is not in the future: the one that is ticked."""
		# No permissions: the test looks at what is there.
		return frappe.get_all(
			"Attendance",
			{"activity": self.canteen.name, "attendance_date": ("<=", getdate())},
			"attendance_date",
			order_by="attendance_date desc",
			limit=1,
			pluck="attendance_date",
		)[0]


class Home:
	"""A parent who pays, a child at the canteen on Mon, Tue, Thu and Fri, a QF under 350."""

	def __init__(self, town: Town, name: str):
		parent = builders.person(name, "Claire", civility="Mme")
		self.child = builders.child(name, "Lea")
		self.family = builders.family(
			builders.member(parent, "Representative 1"), builders.member(self.child), family_name=name
		)
		builders.quotient(
			self.family, LOW_QUOTIENT, valid_from=f"{town.year}-09-01", valid_to=f"{town.year + 1}-08-31"
		)
		self.payer = builders.payer(self.family, parent)
		self.enrolment = builders.enrolment(
			self.family,
			town.canteen,
			self.payer,
			valid_from=f"{town.year}-09-01",
			valid_to=f"{town.year + 1}-08-31",
		)

	@property
	def last_name(self) -> str:
		return self.child.last_name

	def meals(self, day: date) -> int:
		"""Meals planned in the month of this day."""
		return frappe.db.count(
			"Attendance",
			{
				"enrolment": self.enrolment.name,
				"attendance_date": ("between", (get_first_day(day), get_last_day(day))),
				"status": "Planned",
			},
		)


def _first_year(day: date) -> int:
	"""Of the school year that holds the day; in September before the first tick, of the one before."""
	return day.year if (day.month, day.day) >= (9, 15) else day.year - 1
