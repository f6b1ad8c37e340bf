import frappe
from frappe import _
from frappe.model.document import Document

from concerto_education.families.errors import LookupLogIsKept


class APIParticulierRequest(Document):
	"""Who asked the CAF or MSA about whom, when and why: the law wants it traced (R39). Never changed by hand."""

	def validate(self):
		if not self.is_new():
			frappe.throw(_("The log of look-ups is never changed"), LookupLogIsKept)

	def on_trash(self):
		if not self.flags.log_is_over:
			frappe.throw(_("The log of look-ups is kept"), LookupLogIsKept)
