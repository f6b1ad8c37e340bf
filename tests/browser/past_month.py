"""A school whose last month is over: children on its lists, its coordinator, an agent and an administrator."""

from __future__ import annotations

from datetime import date, timedelta

import frappe
from frappe.desk.doctype.notification_settings.notification_settings import create_notification_settings
from frappe.utils import add_months, get_last_day, getdate

from concerto_education.authority import roles
from tests import builders


def weekdays(month: date, count: int) -> list[date]:
	"""The first days of a month from Monday to Friday; the school calendar plays no part here."""
	days = (month + timedelta(days=number) for number in range(28))
	return [day for day in days if day.weekday() < 5][:count]


def desk_user(role: str, *sites: str) -> str:
	"""An account that the Desk opens for, without counting among those that Frappe lets one make in an hour."""
	user = builders.user(role, sites=sites)
	create_notification_settings(user)
	return user


class School:
	"""``names`` are children: each has one row a day, still to tick, on the first ``days`` weekdays of last month."""

	def __init__(self, names: dict[str, str], days: int = 1, **activity):
		self.month = add_months(getdate().replace(day=1), -1)
		self.days = weekdays(self.month, days)
		first = self.month.year - (self.month.month < 9)
		builders.school_year(first)
		# Under names of its own: schools of several tests live side by side.
		self.mark = frappe.generate_hash(length=6)
		activity = {"activity_name": f"Cantine {self.mark}", "units": ("midi",), **activity}
		self.activity = builders.activity(builders.site(f"École {self.mark}"), **activity)
		self.unit = self.activity.units[0].unit
		self.site = self.activity.sites[0].site
		self.enrolments = {}
		for name, school_class in names.items():
			kid = builders.child(name, "Lea", school_class=school_class)
			family = builders.family(
				builders.member(builders.person(name, "Claire"), "Representative 1"), builders.member(kid)
			)
			enrolment = builders.enrolment(
				family,
				self.activity,
				pattern=None,
				valid_from=f"{first}-09-01",
				valid_to=f"{first + 1}-08-31",
			)
			self.enrolments[name] = enrolment
			for day in self.days:
				builders.attendance(enrolment, str(day), unit=self.unit)
		self.coordinator = desk_user(roles.SCHOOL_COORDINATOR, self.site)
		self.agent = desk_user(roles.ATTENDANCE_AGENT, self.site)
		frappe.db.commit()

	@property
	def end(self) -> date:
		return get_last_day(self.month)

	def row(self, name: str, day: date | None = None):
		"""The row of a child, as the server has committed it."""
		frappe.db.rollback()
		return frappe.get_doc(
			"Attendance",
			{"enrolment": self.enrolments[name].name, "attendance_date": day or self.days[0]},
		)

	def statuses(self, day: date | None = None) -> dict[str, str]:
		return {name: self.row(name, day).status for name in self.enrolments}

	def tick_all(self, but: str | None = None) -> None:
		"""Everybody was present, but for one who stays to be ticked."""
		for name in self.enrolments:
			for day in self.days:
				if name != but:
					builders.attendance(self.enrolments[name], str(day), "Present", self.unit)
		frappe.db.commit()
