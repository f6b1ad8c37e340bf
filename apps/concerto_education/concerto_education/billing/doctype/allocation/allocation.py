import frappe
from frappe import _
from frappe.model.document import Document

from concerto_education.billing.payments.errors import AllocationIsImmutable


class Allocation(Document):
	"""What settles which invoice: written by ``billing/payments/allocation.py`` only, never changed (R42)."""

	def validate(self):
		self._refuse()

	def on_trash(self):
		self._refuse()

	def _refuse(self):
		frappe.throw(
			_(
				"An allocation is never changed. Cancel the payment, or correct the invoice by a credit note (R34)."
			),
			AllocationIsImmutable,
		)


def on_doctype_update():
	frappe.db.add_index("Allocation", ["source_type", "source"])
