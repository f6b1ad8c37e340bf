from frappe.model.document import Document


class Activity(Document):
	pass
