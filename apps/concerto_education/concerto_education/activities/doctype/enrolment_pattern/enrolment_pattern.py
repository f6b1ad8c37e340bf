from frappe.model.document import Document


class EnrolmentPattern(Document):
	pass
