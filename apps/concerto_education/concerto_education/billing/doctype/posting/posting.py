"""How an invoice left the house: by post or e-mail, to whom, when, and what went wrong. Written by ``billing/posting``."""

import frappe
from frappe import _
from frappe.model.document import Document

from concerto_education.billing.posting.errors import PostingIsWritten


class Posting(Document):
	def validate(self):
		self._refuse()

	def on_trash(self):
		self._refuse()

	def _refuse(self):
		frappe.throw(
			_("Posting {0}: it is written when an invoice is printed or sent, and stays as proof.").format(
				self.name or ""
			),
			PostingIsWritten,
		)


def on_doctype_update():
	# Whatever happens, an invoice is sent once by each way; a copy has a number of its own.
	frappe.db.add_unique("Posting", ["invoice", "channel", "copy_number"])
	frappe.db.add_index("Posting", ["billing_run", "channel", "state"])
	frappe.db.add_index("Posting", ["state", "channel"])
