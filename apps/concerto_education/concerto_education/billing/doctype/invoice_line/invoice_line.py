from frappe.model.document import Document


class InvoiceLine(Document):
	pass
