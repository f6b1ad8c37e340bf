from frappe.model.document import Document


class ReminderRun(Document):
	pass
