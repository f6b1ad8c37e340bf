from frappe.model.document import Document


class PaymentSettings(Document):
	pass
