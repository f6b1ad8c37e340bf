import frappe
from frappe import _
from frappe.model.document import Document

from concerto_education.attendance.errors import RecordIsFixed


class ChildBadge(Document):
	"""A code that stands for a child on the tablet, and says nothing to anybody else. Made and taken back by service."""

	def validate(self):
		if not self.flags.by_service:
			frappe.throw(_("Badges are made on the page of badges, not by hand"), RecordIsFixed)


def on_doctype_update():
	frappe.db.add_index("Child Badge", ["person", "status"])
