from frappe.model.document import Document

from concerto_education.families.api_particulier import settings


class APIParticulierSettings(Document):
	"""Whether, and as whom, the CAF and MSA are asked (R39)."""

	def validate(self):
		settings.check(self)
