from frappe.model.document import Document


class TariffSiblingRate(Document):
	pass
