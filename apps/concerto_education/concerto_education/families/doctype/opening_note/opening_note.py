from frappe.model.document import Document

from concerto_education.families.notes import service


class OpeningNote(Document):
	"""A note that is shown when the dossier opens, until each user has acknowledged it (R17)."""

	def validate(self):
		service.check(self)

	def on_trash(self):
		service.forget(self)
