from frappe.model.document import Document

from concerto_education.activities.nursery import scale


class EffortRate(Document):
	"""The percentages of one hour by number of children, for a kind of care and a period (R36)."""

	def validate(self):
		scale.check_rates(self)
