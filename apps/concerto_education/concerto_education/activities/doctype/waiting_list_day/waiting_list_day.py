from frappe.model.document import Document


class WaitingListDay(Document):
	"""A day and unit that somebody waits for."""
