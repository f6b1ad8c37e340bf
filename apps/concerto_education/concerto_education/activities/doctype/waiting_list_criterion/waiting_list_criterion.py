from frappe.model.document import Document


class WaitingListCriterion(Document):
	"""What gives priority on the waiting list, and how much."""
