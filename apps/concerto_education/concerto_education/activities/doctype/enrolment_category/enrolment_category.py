from frappe.model.document import Document


class EnrolmentCategory(Document):
	pass
