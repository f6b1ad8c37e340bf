from frappe.model.document import Document

from concerto_education.authority.coherence.rule import all_rules


class CoherenceRuleSetting(Document):
	"""What is decided of one rule."""

	@property
	def title(self) -> str:
		"""In the language of the reader; a rule of an app that is gone shows its code."""
		return next((rule.title() for rule in all_rules() if rule.code == self.rule), self.rule or "")
