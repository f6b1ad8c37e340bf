from frappe.model.document import Document


class Charge(Document):
	pass
