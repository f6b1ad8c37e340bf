from frappe.model.document import Document


class Organisation(Document):
	pass
