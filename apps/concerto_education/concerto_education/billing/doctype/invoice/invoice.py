"""Invoices are written by billing runs only (``billing/ledger.py``, ``billing/issue.py``)."""

import frappe
from frappe import _
from frappe.model.document import Document

from concerto_education.billing.errors import InvoiceIsImmutable


class Invoice(Document):
	def validate(self):
		self._refuse()

	def before_update_after_submit(self):
		self._refuse()

	def before_cancel(self):
		frappe.throw(
			_(
				"Invoice {0}: an issued invoice is not cancelled, it is corrected by a credit note (R34)."
			).format(self.number or self.name),
			InvoiceIsImmutable,
		)

	def on_trash(self):
		frappe.throw(
			_("Invoice {0}: discard the draft from its billing run; an issued invoice stays (R34).").format(
				self.number or self.name
			),
			InvoiceIsImmutable,
		)

	def letter(self):
		"""All that is printed, as plain text: for print formats."""
		from concerto_education.billing.letter import letter

		return letter(self)

	def _refuse(self):
		frappe.throw(
			_("Invoice {0}: an invoice is made by a billing run and can't be changed (R34).").format(
				self.number or self.name
			),
			InvoiceIsImmutable,
		)


def on_doctype_update():
	# Held invoices of a payer are looked up for every family of a run; and whatever happens, one run never
	# makes two invoices for a payer (R2).
	frappe.db.add_index("Invoice", ["payer", "status"])
	frappe.db.add_unique("Invoice", ["billing_run", "payer"])
