import frappe
from frappe import _
from frappe.model.document import Document

from concerto_education.billing.payments import refunds
from concerto_education.billing.payments.errors import PaymentIsImmutable


class Refund(Document):
	"""A credit that is paid back. Never edited: a mistake is cancelled and entered anew (R42)."""

	def before_insert(self):
		refunds.before_insert(self)

	def validate(self):
		if not self.is_new():
			self._refuse()
		refunds.check(self)

	def after_insert(self):
		refunds.after_insert(self)

	def on_trash(self):
		self._refuse()

	def _refuse(self):
		frappe.throw(
			_("Refund {0}: a refund is not changed. Cancel it, and enter the right one.").format(self.name),
			PaymentIsImmutable,
		)
