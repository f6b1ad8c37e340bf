import frappe
from frappe.model.document import Document

from concerto_education.families.documents import authorisations


class Authorisation(Document):
	"""An answer of a representative: given or refused. A later one replaces it, nothing overwrites it."""

	def before_validate(self):
		authorisations.complete(self)

	def validate(self):
		authorisations.check(self)


def on_doctype_update():
	# Lists ask for the answers of many children at once.
	frappe.db.add_index("Authorisation", ["person", "authorisation_type"])
