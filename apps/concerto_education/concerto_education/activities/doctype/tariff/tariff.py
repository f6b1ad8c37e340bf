from frappe.model.document import Document


class Tariff(Document):
	pass
