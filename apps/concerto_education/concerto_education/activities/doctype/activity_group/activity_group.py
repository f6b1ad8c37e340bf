from frappe.model.document import Document


class ActivityGroup(Document):
	pass
