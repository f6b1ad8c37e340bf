from frappe.model.document import Document


class CapacityMargin(Document):
	"""How far a director may go over the capacity, by kind of activity."""
