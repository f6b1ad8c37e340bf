import frappe
from frappe.model.document import Document


class FamilySearchKey(Document):
	"""One word under which a person or a dossier is found. Written by ``families/search_index.py`` only."""


def on_doctype_update():
	# What a search asks: words of a kind, words that sound alike; and what a save replaces.
	frappe.db.add_index("Family Search Key", ["kind", "word"], "search_by_word")
	frappe.db.add_index("Family Search Key", ["sound", "kind"], "search_by_sound")
	frappe.db.add_index("Family Search Key", ["person"], "search_of_person")
	frappe.db.add_index("Family Search Key", ["family"], "search_of_family")
