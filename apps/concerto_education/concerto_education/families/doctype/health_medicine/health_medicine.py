from frappe.model.document import Document


class HealthMedicine(Document):
	"""One medicine of a health record, with its prescription."""
