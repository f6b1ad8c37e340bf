from frappe.model.document import Document


class BillingRunProblem(Document):
	pass
