from frappe.model.document import Document

from concerto_education.families.quotient_import import service


class QuotientImport(Document):
	"""A list of quotients from the CAF or MSA: looked at line by line, then added (R14, R39)."""

	def validate(self):
		service.check(self)

	def on_trash(self):
		service.forget_lines(self)
