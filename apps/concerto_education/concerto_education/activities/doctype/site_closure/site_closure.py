from frappe.model.document import Document


class SiteClosure(Document):
	pass
