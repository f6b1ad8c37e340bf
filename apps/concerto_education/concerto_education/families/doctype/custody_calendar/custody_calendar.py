from frappe.model.document import Document

from concerto_education.families import custody


class CustodyCalendar(Document):
	"""Who has a child when, and so who pays (R19). The days ticked or named are those of the first payer."""

	def validate(self):
		custody.check(self)
