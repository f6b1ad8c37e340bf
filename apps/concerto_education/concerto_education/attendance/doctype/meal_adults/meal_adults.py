import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import formatdate

from concerto_education.attendance.errors import AlreadyRecorded, NegativeNumber


class MealAdults(Document):
	"""Adults who eat at a site on a day and have no enrolment: a number typed by the coordinator (R26, R27)."""

	def validate(self):
		if (self.adults or 0) < 0:
			frappe.throw(_("Adults Without Enrolment: the number can't be negative"), NegativeNumber)
		# Whoever typed it: one number for a place and a day.
		other = frappe.db.exists(
			"Meal Adults",
			{
				"site": self.site,
				"activity": self.activity,
				"meal_date": self.meal_date,
				"name": ("!=", self.name or ""),
			},
		)
		if other:
			frappe.throw(
				_("Day: the adults of {0} on {1} are recorded already").format(
					self.site, formatdate(self.meal_date)
				),
				AlreadyRecorded,
			)
