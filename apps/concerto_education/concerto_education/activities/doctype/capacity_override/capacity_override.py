from frappe.model.document import Document


class CapacityOverride(Document):
	"""Who went over a capacity, when and why: written once (R40)."""
