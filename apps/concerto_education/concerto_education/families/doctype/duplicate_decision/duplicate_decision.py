import frappe
from frappe import _
from frappe.model.document import Document

from concerto_education.families.errors import DecisionIsKept


class DuplicateDecision(Document):
	"""Two records that look alike and are not the same, by the word of somebody (R12).

	Written by ``families/decisions.py`` only. An administrator who deletes one has the question asked again.
	"""

	def validate(self):
		if not self.is_new():
			frappe.throw(
				_("A decision is never changed. Delete it, and the question is asked again (R12)"),
				DecisionIsKept,
			)


def on_doctype_update():
	frappe.db.add_unique("Duplicate Decision", ["reference_doctype", "first", "second"], "one_decision")
