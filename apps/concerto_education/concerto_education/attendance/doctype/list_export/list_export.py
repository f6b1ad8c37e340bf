import frappe
from frappe import _
from frappe.model.document import Document

from concerto_education.attendance.errors import RecordIsFixed


class ListExport(Document):
	"""Who took which list out of the system, and when (R43). Written by the export itself, never changed."""

	def validate(self):
		if not self.is_new():
			frappe.throw(_("The record of an export can't be changed"), RecordIsFixed)
