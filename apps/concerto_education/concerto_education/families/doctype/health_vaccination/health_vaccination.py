from frappe.model.document import Document


class HealthVaccination(Document):
	"""One vaccination of a health record."""
