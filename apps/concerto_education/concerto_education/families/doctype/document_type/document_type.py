import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint

from concerto_education.families.documents.errors import InvalidDocumentType


class DocumentType(Document):
	"""A kind of document that families bring: whom it concerns, how long it holds, who needs it (R7)."""

	def validate(self):
		if self.validity != "Months":
			self.months = 0
		elif cint(self.months) < 1:
			frappe.throw(
				_("Number of Months: enter how many months the document is valid, at least 1"),
				InvalidDocumentType,
			)
		self._keep_subject()

	def _keep_subject(self):
		"""Documents are there already: what is a child's can't become a payer's, nor health be shown to all."""
		before = self.get_doc_before_save()
		if not before or not frappe.db.exists("Family Document", {"document_type": self.name}):
			return
		if before.concerns != self.concerns:
			frappe.throw(
				_("Concerns: there are documents of this type already. Make another type instead"),
				InvalidDocumentType,
			)
		if before.health != self.health:
			# Straight on the table: a copy that decides who may read, nothing else changes.
			frappe.db.set_value("Family Document", {"document_type": self.name}, "health", cint(self.health))
