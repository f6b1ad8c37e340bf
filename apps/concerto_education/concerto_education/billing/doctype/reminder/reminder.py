from frappe.model.document import Document


class Reminder(Document):
	pass
