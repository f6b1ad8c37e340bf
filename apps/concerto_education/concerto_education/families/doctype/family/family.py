from frappe.model.document import Document


class Family(Document):
	pass
