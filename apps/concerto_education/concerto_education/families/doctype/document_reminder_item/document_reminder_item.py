from frappe.model.document import Document


class DocumentReminderItem(Document):
	"""One thing that was missing when the reminder was made."""
