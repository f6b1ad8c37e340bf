import frappe
from frappe import _
from frappe.model.document import Document

from concerto_education.billing.payments.errors import PaymentIsImmutable


class Reminder(Document):
	"""A letter about unpaid invoices, kept as it was sent. Written by ``billing/payments/reminders`` only (R42)."""

	def letter(self):
		"""All that is printed, as plain text: for print formats."""
		from concerto_education.billing.payments.reminders.texts import letter

		return letter(self)

	def validate(self):
		self._refuse()

	def on_trash(self):
		self._refuse()

	def _refuse(self):
		frappe.throw(_("A reminder is made by a reminder run and is not changed"), PaymentIsImmutable)


def on_doctype_update():
	frappe.db.add_index("Reminder", ["reminder_run", "status"])
