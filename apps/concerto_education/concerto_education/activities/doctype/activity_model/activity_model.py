from frappe.model.document import Document


class ActivityModel(Document):
	pass
