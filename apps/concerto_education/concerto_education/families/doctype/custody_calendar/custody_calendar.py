from frappe.model.document import Document


class CustodyCalendar(Document):
	pass
