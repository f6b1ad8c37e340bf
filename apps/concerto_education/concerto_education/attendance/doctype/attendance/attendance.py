from frappe.model.document import Document


class Attendance(Document):
	pass
