from frappe.model.document import Document


class MealAgeClass(Document):
	"""A size of portion, by level of school, then by age; adults by what they are."""
