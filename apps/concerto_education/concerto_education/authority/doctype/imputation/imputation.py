from frappe.model.document import Document


class Imputation(Document):
	pass
