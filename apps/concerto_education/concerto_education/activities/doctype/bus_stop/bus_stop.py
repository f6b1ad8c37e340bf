from frappe.model.document import Document


class BusStop(Document):
	"""A stop of a transport line, in the order in which the bus goes there on the way out (R28)."""
