from frappe.model.document import Document


class FundingQuoteLine(Document):
	"""A line of the quote that the funder receives."""
