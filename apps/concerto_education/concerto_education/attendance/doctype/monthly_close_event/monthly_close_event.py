from frappe.model.document import Document


class MonthlyCloseEvent(Document):
	"""A reminder, the close, or a reopening (R33)."""
