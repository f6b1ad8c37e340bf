"""Written by ``billing/corrections`` only: who corrected what, and why, stays as it is (R34)."""

import frappe
from frappe import _
from frappe.model.document import Document

from concerto_education.billing.corrections.errors import CorrectionIsImmutable


class ChargeWaiver(Document):
	def validate(self):
		if not self.flags.by_rule:
			self._refuse()

	def on_trash(self):
		self._refuse()

	def _refuse(self):
		frappe.throw(
			_(
				"“{0}” is written by the correction of an invoice (button “Cancel or Correct”), and stays."
			).format(_(self.doctype)),
			CorrectionIsImmutable,
		)
