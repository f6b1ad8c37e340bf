from frappe.model.document import Document


class QuotientImportColumn(Document):
	pass
