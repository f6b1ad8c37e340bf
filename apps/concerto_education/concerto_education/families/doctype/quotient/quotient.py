from frappe.model.document import Document


class Quotient(Document):
	pass
