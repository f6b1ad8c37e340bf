from frappe.model.document import Document


class ReminderInvoice(Document):
	pass
