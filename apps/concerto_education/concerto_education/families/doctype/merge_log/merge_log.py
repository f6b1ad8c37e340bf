import frappe
from frappe import _
from frappe.model.document import Document

from concerto_education.families.errors import MergeLogIsKept


class MergeLog(Document):
	"""The trace of a merge: who, when, what moved, and the dropped record as it was (R12).

	Written by ``families/merge.py`` only. It is also how the number of the dropped record leads to the kept one.
	"""

	def validate(self):
		if not self.is_new():
			frappe.throw(_("The trace of a merge is never changed (R12)"), MergeLogIsKept)

	def on_trash(self):
		frappe.throw(_("The trace of a merge is never deleted (R12)"), MergeLogIsKept)
