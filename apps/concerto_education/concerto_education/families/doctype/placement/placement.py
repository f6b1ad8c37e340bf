from frappe.model.document import Document

from concerto_education.families.placement import rules, service


class Placement(Document):
	"""A child placed with a foster carer or in a children's home, from a day on (R17)."""

	def before_validate(self):
		service.complete(self)

	def validate(self):
		rules.check(self)

	def before_insert(self):
		rules.require_rights(self)

	def after_insert(self):
		service.begin(self)

	def on_update(self):
		service.follow(self)
