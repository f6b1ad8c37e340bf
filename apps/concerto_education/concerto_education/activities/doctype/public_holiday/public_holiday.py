from frappe.model.document import Document


class PublicHoliday(Document):
	pass
