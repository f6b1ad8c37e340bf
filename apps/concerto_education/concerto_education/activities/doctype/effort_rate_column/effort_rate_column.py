from frappe.model.document import Document


class EffortRateColumn(Document):
	pass
