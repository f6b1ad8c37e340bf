import frappe
from frappe.model.document import Document

from concerto_education.activities.funding import vouchers


class Voucher(Document):
	"""A voucher of the MSA or CAF: so many days or euros for one child (R21)."""

	def validate(self):
		vouchers.validate(self)

	def on_update(self):
		vouchers.after_save(self)


def on_doctype_update():
	frappe.db.add_index("Voucher", ["person", "status"])
