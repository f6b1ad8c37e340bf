from frappe.model.document import Document


class FunderStatementLine(Document):
	"""What a funder owes for one prise en charge or voucher."""
