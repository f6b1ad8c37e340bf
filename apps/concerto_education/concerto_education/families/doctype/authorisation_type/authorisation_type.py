from frappe.model.document import Document


class AuthorisationType(Document):
	"""A question to the representatives of a child: photo, going home alone, transport (R7)."""
