from frappe.model.document import Document


class ActivityUnit(Document):
	pass
