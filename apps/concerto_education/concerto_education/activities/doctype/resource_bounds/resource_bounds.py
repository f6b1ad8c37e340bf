from frappe.model.document import Document

from concerto_education.activities.nursery import scale


class ResourceBounds(Document):
	"""Floor and ceiling of the monthly resources that count, for a period (R36)."""

	def validate(self):
		scale.check_bounds(self)
