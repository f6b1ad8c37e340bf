from frappe.model.document import Document


class Payer(Document):
	pass
