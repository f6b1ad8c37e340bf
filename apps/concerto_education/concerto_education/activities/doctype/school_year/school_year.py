from frappe.model.document import Document


class SchoolYear(Document):
	pass
