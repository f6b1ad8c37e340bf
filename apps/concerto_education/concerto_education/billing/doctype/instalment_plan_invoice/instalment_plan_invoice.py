from frappe.model.document import Document


class InstalmentPlanInvoice(Document):
	pass
