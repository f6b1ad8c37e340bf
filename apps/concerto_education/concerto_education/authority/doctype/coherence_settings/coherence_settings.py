from frappe.model.document import Document

from concerto_education.authority.coherence import settings


class CoherenceSettings(Document):
	"""Severity of each coherence rule and who is told (R7, R33). Rows come from the rules, not from hand."""

	def onload(self):
		settings.add_missing(self)

	def validate(self):
		settings.add_missing(self)
