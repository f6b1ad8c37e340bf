from frappe.model.document import Document


class EnrolmentPayer(Document):
	pass
