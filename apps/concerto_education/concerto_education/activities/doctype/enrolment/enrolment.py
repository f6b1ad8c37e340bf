from frappe.model.document import Document


class Enrolment(Document):
	pass
