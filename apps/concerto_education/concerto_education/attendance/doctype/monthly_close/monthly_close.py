import frappe
from frappe import _
from frappe.model.document import Document

from concerto_education.attendance.errors import NotByHand


class MonthlyClose(Document):
	"""The month of a site: open until its responsible has confirmed the attendance (R33).

	Written by ``attendance/closing`` only.
	"""

	def validate(self):
		if not self.flags.by_service:
			frappe.throw(_("Use the month board: it closes and reopens months"), NotByHand)

	def on_trash(self):
		frappe.throw(_("A month can be reopened, its record can't be deleted"), NotByHand)


def on_doctype_update():
	# One record for each site and month, whoever begins it.
	frappe.db.add_unique("Monthly Close", ["site", "month"], "unique_monthly_close")
