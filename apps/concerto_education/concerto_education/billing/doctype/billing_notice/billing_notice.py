from frappe.model.document import Document


class BillingNotice(Document):
	"""What was told about the billing of a month, to whom, on which day. Its name is the day: nobody is told twice."""
