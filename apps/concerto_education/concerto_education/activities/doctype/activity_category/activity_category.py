from frappe.model.document import Document


class ActivityCategory(Document):
	pass
