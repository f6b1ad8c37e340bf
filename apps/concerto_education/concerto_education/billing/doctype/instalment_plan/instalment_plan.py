from frappe.model.document import Document

from concerto_education.billing.payments import plans


class InstalmentPlan(Document):
	"""Instalments agreed with a payer: its invoices are not reminded while the plan is active (R42)."""

	def validate(self):
		plans.check(self)
