from frappe.model.document import Document


class ActivityPeriod(Document):
	pass
