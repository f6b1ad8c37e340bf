import frappe
from frappe.model.document import Document

from concerto_education.activities.nursery import contracts


class NurseryContract(Document):
	"""What a family and a nursery agreed: hours booked on each weekday, spread evenly over months (R36)."""

	def before_validate(self):
		contracts.copy_from_enrolment(self)

	def validate(self):
		contracts.validate(self)


def on_doctype_update():
	frappe.db.add_index("Nursery Contract", ["enrolment", "valid_from"])
	frappe.db.add_index("Nursery Contract", ["family", "valid_from"])
