from frappe.model.document import Document


class AbsenceReason(Document):
	"""Why a person was absent; ``justified`` reasons make an absence free of charge (R30)."""
