from frappe.model.document import Document


class CustodyException(Document):
	pass
