from frappe.model.document import Document


class Instalment(Document):
	pass
