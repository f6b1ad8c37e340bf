from frappe.model.document import Document


class VoucherActivityKind(Document):
	"""A kind of activity that a voucher is good for."""
