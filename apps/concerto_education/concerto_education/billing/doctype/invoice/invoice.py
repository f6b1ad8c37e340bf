from frappe.model.document import Document


class Invoice(Document):
	pass
