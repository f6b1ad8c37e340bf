from frappe.model.document import Document


class Diet(Document):
	"""A diet or food habit that an administrator offers: without pork, own meal (R23)."""
