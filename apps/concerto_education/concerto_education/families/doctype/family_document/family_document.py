import frappe
from frappe.model.document import Document

from concerto_education.families.documents import files, rules


class FamilyDocument(Document):
	"""One document of a family, a child or a payer: asked for, received, accepted or refused (R24)."""

	def before_validate(self):
		rules.complete(self)

	def validate(self):
		rules.check(self)

	def on_update(self):
		files.make_private(self)


def on_doctype_update():
	# What is missing is asked for many families at once.
	frappe.db.add_index("Family Document", ["family", "document_type"])
