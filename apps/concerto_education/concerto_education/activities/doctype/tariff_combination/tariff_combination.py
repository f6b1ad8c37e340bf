from frappe.model.document import Document


class TariffCombination(Document):
	pass
