from frappe.model.document import Document


class FamilyMember(Document):
	pass
