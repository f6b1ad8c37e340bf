from frappe.model.document import Document

from concerto_education.attendance.meals import services


class MealService(Document):
	"""A kitchen: which sites it serves, when orders are made, which portions it knows (R27, R41)."""

	def before_validate(self):
		services.complete(self)

	def validate(self):
		services.validate(self)
