from frappe.model.document import Document

from concerto_education.activities.capacity import changes


class CapacityPeriod(Document):
	"""Another number of places for some days (R40)."""

	def validate(self):
		changes.check_period(self)

	def on_update(self):
		changes.after_period(self)

	def after_delete(self):
		changes.after_period(self)
