"""The ledger's rows are written by billing runs only (``billing/ledger.py``)."""

import frappe
from frappe import _
from frappe.model.document import Document

from concerto_education.billing.errors import ChargeIsImmutable


class Charge(Document):
	def validate(self):
		self._refuse()

	def on_trash(self):
		self._refuse()

	def _refuse(self):
		frappe.throw(
			_(
				"Charge {0}: a charge is never changed; correct the attendance, the next run does the rest (R34)."
			).format(self.name or ""),
			ChargeIsImmutable,
		)


def on_doctype_update():
	# What a run asks of every family; and whatever happens, a charge is reversed once only.
	frappe.db.add_index("Charge", ["family", "service_date"])
	frappe.db.add_unique("Charge", ["reverses"])
