import frappe
from frappe import _
from frappe.model.document import Document

from concerto_education.billing.funders import statements
from concerto_education.billing.funders.errors import StatementIsClaimed


class FunderStatement(Document):
	"""What one funder owes, line by line, before it is claimed (R21, R29). Written by ``billing/funders``."""

	def validate(self):
		if not self.flags.by_rule:
			frappe.throw(
				_("Statement {0}: it is made from the ledger; correct the funding or the attendance").format(
					self.name or ""
				),
				StatementIsClaimed,
			)

	def on_trash(self):
		statements.release(self)


def on_doctype_update():
	frappe.db.add_index("Funder Statement", ["funder", "status"])
