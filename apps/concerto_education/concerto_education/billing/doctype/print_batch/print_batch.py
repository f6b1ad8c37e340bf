"""Letters that are printed and posted together, as one file. What it does is in ``billing/posting``."""

import frappe
from frappe import _
from frappe.model.document import Document

from concerto_education.billing.posting.errors import PostingIsWritten


class PrintBatch(Document):
	def on_trash(self):
		frappe.throw(
			_("Print batch {0}: it stays as proof of what was printed; only its file is deleted.").format(
				self.name
			),
			PostingIsWritten,
		)
