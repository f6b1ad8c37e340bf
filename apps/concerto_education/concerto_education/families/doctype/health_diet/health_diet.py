from frappe.model.document import Document


class HealthDiet(Document):
	"""One diet or food habit of a health record (R23)."""
