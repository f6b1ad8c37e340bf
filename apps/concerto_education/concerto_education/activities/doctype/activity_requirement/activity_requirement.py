from frappe.model.document import Document


class ActivityRequirement(Document):
	"""A document or an authorisation that a child needs to come here (R7)."""
