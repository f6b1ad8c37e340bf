from frappe.model.document import Document


class EnrolmentCategory(Document):
	"""Who is enrolled, as far as the price depends on it: Enfant, Gratuité, Personnel… (R26)."""
