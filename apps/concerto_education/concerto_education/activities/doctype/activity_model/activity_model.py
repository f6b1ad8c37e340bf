from frappe.model.document import Document

from concerto_education.activities import terms
from concerto_education.activities.models import service


class ActivityModel(Document):
	"""A ready activity that the wizard proposes: administrators change it and add others (R1)."""

	def validate(self):
		terms.check(self)
		service.check(self)
