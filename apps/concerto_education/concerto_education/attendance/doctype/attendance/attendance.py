import frappe
from frappe.model.document import Document

from concerto_education.attendance import service
from concerto_education.attendance.closing import trace


class Attendance(Document):
	"""One enrolment, one day, one unit: planned, then present, A or AJ (R30, R31)."""

	def before_insert(self):
		service.copy_from_enrolment(self)

	def validate(self):
		service.validate(self)
		trace.before_change(self)

	def on_update(self):
		trace.after_change(self)

	def on_trash(self):
		trace.before_delete(self)


def on_doctype_update():
	# One row for each enrolment, day and unit, whoever writes: forecasts and ticks rely on it.
	frappe.db.add_unique("Attendance", ["enrolment", "attendance_date", "unit"], "unique_attendance")
	# The day sheet asks by place and day, billing by family and month.
	frappe.db.add_index("Attendance", ["site", "activity", "attendance_date"], "attendance_by_place")
	frappe.db.add_index("Attendance", ["family", "attendance_date"], "attendance_by_family")
