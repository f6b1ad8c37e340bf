from frappe.model.document import Document


class IncompleteWeek(Document):
	"""How many dossiers of a site were incomplete on a Monday: written by the weekly job alone (R24)."""
