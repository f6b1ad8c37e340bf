from frappe.model.document import Document


class Vaccine(Document):
	"""A vaccine that an administrator offers in health records."""
