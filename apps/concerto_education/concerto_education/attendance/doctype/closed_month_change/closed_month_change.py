import frappe
from frappe import _
from frappe.model.document import Document

from concerto_education.attendance.errors import NotByHand


class ClosedMonthChange(Document):
	"""What was changed in a month that was closed: before and after, by whom (R33). Never changed itself.

	Who may create one may change the attendance of closed months: an administrator gives that right to other roles
	in the Role Permission Manager. The system writes it.
	"""

	def validate(self):
		if not self.is_new() or not self.flags.by_service:
			frappe.throw(_("The trace of a closed month is written by the system only"), NotByHand)

	def on_trash(self):
		frappe.throw(_("The trace of a closed month can't be deleted"), NotByHand)
