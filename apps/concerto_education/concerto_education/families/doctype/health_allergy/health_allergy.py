from frappe.model.document import Document


class HealthAllergy(Document):
	"""One allergy of a health record (R23)."""
