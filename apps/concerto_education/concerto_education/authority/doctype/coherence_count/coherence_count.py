import frappe
from frappe.model.document import Document


class CoherenceCount(Document):
	"""How many a rule found in a week, at a site or (without one) in all. Written by ``authority/coherence/trend.py``."""


def on_doctype_update():
	frappe.db.add_unique("Coherence Count", ["week", "rule", "site"], "unique_coherence_count")
