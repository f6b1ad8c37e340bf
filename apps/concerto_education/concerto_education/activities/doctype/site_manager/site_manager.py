from frappe.model.document import Document


class SiteManager(Document):
	pass
