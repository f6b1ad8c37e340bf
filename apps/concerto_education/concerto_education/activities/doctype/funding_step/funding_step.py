from frappe.model.document import Document


class FundingStep(Document):
	"""One step of a funding: which status, when, by whom, and why."""
