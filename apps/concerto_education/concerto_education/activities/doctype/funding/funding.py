import frappe
from frappe.model.document import Document

from concerto_education.activities.funding import rules, steps


class Funding(Document):
	"""A third party pays a part of an enrolment (R29). Its steps are in ``activities/funding/steps.py``."""

	def validate(self):
		steps.guard(self)
		rules.validate(self)

	def on_trash(self):
		steps.refuse_deletion(self)

	def quote_letter(self):
		"""What the print format "Devis" prints, as text: made by the room that knows prices."""
		return frappe.get_attr(frappe.get_hooks("concerto_quote_letter")[0])(self)


def on_doctype_update():
	# Billing asks by enrolment, statements by funder.
	frappe.db.add_index("Funding", ["enrolment", "status"])
	frappe.db.add_index("Funding", ["funder", "status"])
