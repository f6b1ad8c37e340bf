from frappe.model.document import Document


class QuotientImportLine(Document):
	"""What an import found in one line of its file, and what it did with it. Written by the import only."""
