import frappe
from frappe import _
from frappe.model.document import Document

from concerto_education.billing.payments import receive
from concerto_education.billing.payments.errors import PaymentIsImmutable


class Payment(Document):
	"""Money received of a payer (R42). Never edited: a mistake is cancelled and entered anew."""

	def before_insert(self):
		receive.before_insert(self)

	def validate(self):
		if self.is_new():
			receive.check(self)
		elif self.has_value_changed("note") and not _other_change(self):
			return
		else:
			self._refuse()

	def after_insert(self):
		receive.after_insert(self)
		# What is left was written straight to the table.
		self.unallocated = frappe.db.get_value("Payment", self.name, "unallocated")

	def on_trash(self):
		self._refuse()

	def _refuse(self):
		frappe.throw(
			_("Payment {0}: a payment is not changed. Cancel it, and enter the right one.").format(self.name),
			PaymentIsImmutable,
		)


def _other_change(doc) -> bool:
	return any(
		doc.has_value_changed(field.fieldname)
		for field in doc.meta.get("fields")
		if field.fieldname != "note" and field.fieldtype not in ("HTML", "Section Break", "Column Break")
	)


def on_doctype_update():
	# Credits of an account are looked up whenever something is allocated or issued.
	frappe.db.add_index("Payment", ["payer", "unallocated"])
