from frappe.model.document import Document


class ActivitySite(Document):
	pass
