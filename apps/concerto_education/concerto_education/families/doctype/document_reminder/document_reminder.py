from frappe.model.document import Document


class DocumentReminder(Document):
	"""What a family was asked for, when and how (R24). Written by `reminders.py`, never by hand."""
