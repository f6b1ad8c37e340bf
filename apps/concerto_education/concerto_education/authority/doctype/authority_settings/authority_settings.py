from frappe.model.document import Document


class AuthoritySettings(Document):
	pass
