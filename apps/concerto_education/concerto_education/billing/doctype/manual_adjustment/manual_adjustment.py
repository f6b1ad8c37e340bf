import frappe
from frappe import _
from frappe.model.document import Document

from concerto_education.billing.corrections import adjustments
from concerto_education.billing.corrections.errors import AdjustmentIsClosed


class ManualAdjustment(Document):
	"""A credit or a charge that a clerk adds by hand. Never edited: it is withdrawn, and the right one is entered."""

	def before_insert(self):
		adjustments.before_insert(self)

	def validate(self):
		if not self.is_new() and not self.flags.by_rule:
			self._refuse()
		adjustments.check(self)

	def on_trash(self):
		self._refuse()

	def _refuse(self):
		frappe.throw(
			_(
				"Adjustment {0}: it is not changed or deleted. Withdraw it while it waits, and enter the right one (R34)."
			).format(self.name),
			AdjustmentIsClosed,
		)
