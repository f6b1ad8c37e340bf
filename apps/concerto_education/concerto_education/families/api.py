"""What screens may call about finding, comparing and merging dossiers (R12).

Types are enforced by Frappe, so no postponed annotations in this file. Rights are checked by the first statement.
"""

import frappe

from concerto_education.families import search_results


@frappe.whitelist()
def search_families(text: str, limit: int = 20) -> dict:
	"""Dossiers that answer what was typed, best first. Needs the right to read dossiers."""
	frappe.has_permission("Family", "read", throw=True)
	return search_results.search(text, limit)
