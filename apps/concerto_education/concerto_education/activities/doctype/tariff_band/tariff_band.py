from frappe.model.document import Document


class TariffBand(Document):
	pass
