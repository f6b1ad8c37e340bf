import frappe
from frappe.model.document import Document

from concerto_education.activities import enrolments


class Enrolment(Document):
	"""One person in one activity at one site for a period, and who pays (R4, R25).

	The forecast follows by itself: ``attendance`` listens to this DocType's events.
	"""

	def before_validate(self):
		enrolments.complete(self)

	def validate(self):
		enrolments.validate(self)


def on_doctype_update():
	# Day sheets and billing look for enrolments by place, by person and by family.
	frappe.db.add_index("Enrolment", ["site", "activity", "valid_from"])
	frappe.db.add_index("Enrolment", ["person", "activity"])
	frappe.db.add_index("Enrolment", ["family", "valid_from"])
