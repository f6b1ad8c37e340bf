import frappe
from frappe import _
from frappe.model.document import Document

from concerto_education.families import quotients
from concerto_education.families.errors import QuotientIsImmutable, QuotientIsKept


class Quotient(Document):
	"""A recorded QF. Added, never changed nor deleted (R14): past invoices were computed with it."""

	def before_validate(self):
		if self.is_new():
			quotients.complete(self)

	def validate(self):
		if not self.is_new():
			frappe.throw(
				_("A quotient is never changed. Add a new one with its dates: the latest one holds (R14)"),
				QuotientIsImmutable,
			)
		quotients.check(self)

	def before_rename(self, old, new, merge=False):
		frappe.throw(_("A quotient is never renamed (R14)"), QuotientIsImmutable)

	def on_trash(self):
		frappe.throw(
			_("A quotient is never deleted. Add a new one with its dates: the latest one holds (R14)"),
			QuotientIsKept,
		)


@frappe.whitelist(methods=["POST"])
def proof_received(quotient: str) -> str:
	"""Button of the form: the proof has come, so the same quotient is recorded again (R14). Answers its name."""
	doc = frappe.get_doc("Quotient", quotient)
	doc.check_permission("read")
	return quotients.record_proof(doc).name
