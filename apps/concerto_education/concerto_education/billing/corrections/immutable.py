"""Records of corrections: written by their rules only, so that who corrected what, and why, stays as it is (R34)."""

import frappe
from frappe import _
from frappe.model.document import Document

from concerto_education.billing.corrections.errors import CorrectionIsImmutable


class WrittenByCorrections(Document):
	"""A document that refuses every save but one flagged ``by_rule``, and every deletion."""

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
