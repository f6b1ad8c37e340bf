import frappe
from frappe.model.document import Document

from concerto_education.families.mandates import paper, rules


class Mandate(Document):
	"""The consent of a payer to be debited (R20). Only an active one ever is."""

	def before_validate(self):
		rules.complete(self)

	def validate(self):
		rules.check(self)

	def before_save(self):
		rules.record_change(self)

	def on_trash(self):
		rules.check_deletion(self)

	def paper(self):
		"""What the print format prints."""
		return paper.content(self)


def on_doctype_update():
	# Billing and the table of what is missing look for the mandates of many payers by state.
	frappe.db.add_index("Mandate", ["payer", "state"])
