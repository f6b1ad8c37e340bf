from frappe.model.document import Document


class MandateEvent(Document):
	"""One change of state of a mandate: when, by whom, why."""
