import frappe
from frappe.query_builder import DocType

from concerto_education.authority import seeds
from concerto_education.billing.payments import seed


def execute():
	"""Means of payment, settings and letters; what was issued before payments existed is due (R42)."""
	seeds.seed_tables()
	seed.seed()
	Invoice = DocType("Invoice")
	(
		frappe.qb.update(Invoice)
		.set(Invoice.outstanding, Invoice.total)
		.where((Invoice.docstatus == 1) & Invoice.status.isin(("Issued", "Sent")))
	).run()
	# The imputation that is seeded for meals: they are on no tax certificate.
	frappe.db.set_value("Imputation", {"code": "7067-281"}, "is_meal", 1, update_modified=False)
