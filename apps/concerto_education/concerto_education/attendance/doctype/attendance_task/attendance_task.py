import frappe
from frappe.model.document import Document

from concerto_education.attendance import regularisation


class AttendanceTask(Document):
	"""Somebody was present and is not enrolled: dossier, enrolment, tick, one after the other (R31)."""

	def validate(self):
		regularisation.validate(self)


def on_doctype_update():
	frappe.db.add_index("Attendance Task", ["site", "attendance_date", "status"], "task_by_place")
