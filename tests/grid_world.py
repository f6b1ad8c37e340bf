"""One child of a canteen in September, for the tests of the month grid."""

from datetime import date

import frappe

from concerto_education.attendance.grid import save
from concerto_education.attendance.grid.rules import Change
from tests import builders as make

NOW = "2026-09-16 10:00:00.5"  # a Wednesday
MEDICAL = "Certificat médical"


class World:
	"""One child planned on Mondays, Tuesdays, Thursdays and Fridays of September in a canteen."""

	def __init__(self, **values):
		make.school_year()
		self.activity = make.activity(**values)
		self.site = self.activity.sites[0].site
		self.enrolment = make.enrolment(act=self.activity, valid_to="2026-09-30")

	def change(self, day: str, wanted: str, **values) -> Change:
		of = values.pop("enrolment", self.enrolment.name)
		return Change(of, date.fromisoformat(day), values.pop("unit", "midi"), wanted, **values)

	def save(self, *changes: Change) -> list[str]:
		results = save.save(self.site, self.activity.name, list(changes))["results"]
		return [result["rule"] or result["state"] for result in results]

	def one(self, day: str, wanted: str, **values) -> str:
		return self.save(self.change(day, wanted, **values))[0]

	def row(self, day: str, unit: str = "midi"):
		return frappe.db.get_value(
			"Attendance",
			{"enrolment": self.enrolment.name, "attendance_date": day, "unit": unit},
			[
				"name",
				"status",
				"planned",
				"reason",
				"arrival",
				"departure",
				"minutes",
				"late_change",
				"ticked_by",
			],
			as_dict=True,
		)

	def status(self, day: str) -> str | None:
		row = self.row(day)
		return row and row.status
