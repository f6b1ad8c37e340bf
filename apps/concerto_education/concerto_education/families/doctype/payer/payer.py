from frappe.model.document import Document

from concerto_education.families import payers


class Payer(Document):
	"""Who receives an invoice: one a month for all services together (R2)."""

	def before_validate(self):
		payers.complete(self)

	def validate(self):
		payers.check(self)

	def on_update(self):
		payers.refresh_recipients(self.family)

	def after_delete(self):
		payers.refresh_recipients(self.family)
