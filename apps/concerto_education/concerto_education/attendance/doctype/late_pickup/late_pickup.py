import frappe
from frappe.model.document import Document

from concerto_education.attendance import late_pickups


class LatePickup(Document):
	"""A child who was fetched after the end (dépassement horaire, R10): recorded by coordinators and directors."""

	def before_validate(self):
		late_pickups.copy_from_enrolment(self)

	def validate(self):
		late_pickups.validate(self)

	def on_update(self):
		late_pickups.leave_trace(self)

	def on_trash(self):
		late_pickups.before_delete(self)


def on_doctype_update():
	# One a day for an enrolment; billing asks by enrolment and day.
	frappe.db.add_unique("Late Pickup", ["enrolment", "pickup_date"], "unique_late_pickup")
