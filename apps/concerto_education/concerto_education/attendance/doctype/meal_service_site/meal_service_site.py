from frappe.model.document import Document


class MealServiceSite(Document):
	"""A place where the meals of a kitchen are eaten, and at which activity."""
