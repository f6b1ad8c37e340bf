from frappe.model.document import Document

from concerto_education.billing.funders import batches


class FundingSettings(Document):
	"""When statements of funders are prepared (R21, R29)."""

	def validate(self):
		batches.parse(self.voucher_batches)
