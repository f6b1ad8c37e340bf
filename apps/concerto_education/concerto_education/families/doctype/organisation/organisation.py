from frappe.model.document import Document

from concerto_education.families.members import check_postcode


class Organisation(Document):
	"""A third party that pays or finances: département, UDAF, CAF, children's home (R17, R22)."""

	def validate(self):
		self.organisation_name = " ".join((self.organisation_name or "").split())
		check_postcode(self)
