from frappe.model.document import Document


class MealOrderLine(Document):
	"""How many of one plate, how many the version before said, and the difference."""
