import frappe
from frappe import _
from frappe.model.document import Document


class AttendanceEvent(Document):
	"""What was ticked on which device, and what became of it: the history of the attendance (R32).

	Written by ``attendance/sync.py`` only, in bulk, and never changed afterwards.
	"""

	def validate(self):
		if not self.is_new():
			frappe.throw(_("The history of the attendance can't be changed"), frappe.PermissionError)

	def on_trash(self):
		frappe.throw(_("The history of the attendance can't be deleted"), frappe.PermissionError)


def on_doctype_update():
	# Each batch of ticks reads the history of its own rows.
	frappe.db.add_index("Attendance Event", ["enrolment", "attendance_date", "unit"], "event_by_row")
	# The coordinator asks for what was refused at a site.
	frappe.db.add_index("Attendance Event", ["site", "result", "handled"], "event_by_result")
