from frappe.model.document import Document


class WaitingListOffer(Document):
	"""A place that was offered, until when, and what came of it."""
