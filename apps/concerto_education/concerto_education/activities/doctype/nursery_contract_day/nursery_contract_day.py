from frappe.model.document import Document


class NurseryContractDay(Document):
	pass
