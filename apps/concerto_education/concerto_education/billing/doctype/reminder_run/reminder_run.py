import frappe
from frappe import _
from frappe.model.document import Document

from concerto_education.billing.payments.errors import PaymentIsImmutable


class ReminderRun(Document):
	"""Reminders that were prepared together: looked at, then sent or discarded (R42)."""

	def validate(self):
		if not self.flags.by_rule:
			frappe.throw(
				_("Reminders are prepared by the button or by the scheduler, and not changed by hand"),
				PaymentIsImmutable,
			)

	def on_trash(self):
		frappe.throw(_("Discard the run instead: what was sent is kept"), PaymentIsImmutable)
