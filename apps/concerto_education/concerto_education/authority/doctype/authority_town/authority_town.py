from frappe.model.document import Document


class AuthorityTown(Document):
	pass
