from frappe.model.document import Document


class ReminderLevel(Document):
	pass
