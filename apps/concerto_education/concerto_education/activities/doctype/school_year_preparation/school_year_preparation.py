from frappe.model.document import Document


class SchoolYearPreparation(Document):
	"""One preparation of the next school year: what was asked, how far it is, what came of it (R7)."""
