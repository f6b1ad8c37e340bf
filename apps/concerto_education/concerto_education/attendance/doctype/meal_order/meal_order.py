import frappe
from frappe import _
from frappe.model.document import Document

from concerto_education.attendance.errors import OrderIsFixed


class MealOrder(Document):
	"""What a kitchen was told for a site and a day: an order, or a numbered correction of it (R27, R41).

	Never changed: whoever wants another number makes a correction, which keeps the difference.
	"""

	def validate(self):
		if not self.is_new():
			frappe.throw(
				_("A meal order can't be changed once it is made. Make a correction instead"), OrderIsFixed
			)

	def on_trash(self):
		frappe.throw(_("A meal order can't be deleted: the kitchen has it. Make a correction"), OrderIsFixed)


def on_doctype_update():
	# Two workers at the cut-off: one of them makes the order.
	frappe.db.add_unique("Meal Order", ["kitchen", "site", "meal_date", "version"], "one_of_each_version")
	frappe.db.add_index("Meal Order", ["meal_date", "kitchen"])
