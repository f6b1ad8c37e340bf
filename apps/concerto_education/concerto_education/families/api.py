"""What screens may call about finding, comparing and merging dossiers (R12).

Types are enforced by Frappe, so no postponed annotations in this file. Rights are checked by the first statement.
"""

import frappe
from frappe import _

from concerto_education.authority import inputs
from concerto_education.families import decisions, duplicates, forbidden, merge, pairs, rights, search_results


@frappe.whitelist()
def search_families(text: str, limit: int = 20) -> dict:
	"""Dossiers that answer what was typed, best first. Needs the right to read dossiers."""
	rights.require("Family", "read")
	return search_results.search(text, limit)


@frappe.whitelist()
def forbidden_contacts(person: str) -> list:
	"""Who may not collect this child, for the forms that show it (R22). Needs the right to read the person."""
	rights.require("Person", "read", person)
	return forbidden.contacts_of(person)


# ---------------------------------------------------------------- duplicates


@frappe.whitelist(methods=["POST"])
def likely_duplicates(doctype: str, values: dict | str) -> list:
	"""What a record that is about to be created looks like. Needs the right to create it and to read others."""
	_require(doctype, "create", "read")
	# A form sends it as text.
	doc = frappe.get_doc({**inputs.mapping(values, _("Values")), "doctype": doctype, "name": None})
	doc.run_method("before_validate")
	return duplicates.describe(doctype, duplicates.likely(doc))


@frappe.whitelist(methods=["POST"])
def declare_different(doctype: str, first: str, second: str) -> None:
	"""The two records are not the same: neither asked again nor in the report. Needs the right to write both."""
	_require(doctype, "write", names=(first, second))
	like = pairs.likeness_of(doctype, first, second)
	decisions.record(doctype, first, second, like.score, like.reasons)


def _require(doctype: str, *needed: str, names: tuple = ()) -> None:
	"""Only persons and dossiers are compared; the right is asked of the DocType, or of each record."""
	if doctype not in (duplicates.PERSON, duplicates.FAMILY):
		frappe.throw(_("Only persons and dossiers can be compared"), frappe.PermissionError)
	for right in needed:
		for name in names or (None,):
			rights.require(doctype, right, name)


# ---------------------------------------------------------------- merging


@frappe.whitelist(methods=["POST"])
def preview_merge(doctype: str, kept: str, dropped: str) -> dict:
	"""What a merge would move, and what stands in its way. Administrators only, checked by the first statement."""
	return merge.preview(doctype, kept, dropped)


@frappe.whitelist(methods=["POST"])
def merge_records(doctype: str, kept: str, dropped: str, persons: list | str | None = None) -> dict:
	"""Merge; ``persons`` are pairs [kept, dropped] to merge along. Administrators only."""
	rights.require_administrator()
	return merge.merge(doctype, kept, dropped, inputs.pairs(persons, _("Persons")))


@frappe.whitelist()
def merged_into(doctype: str, name: str) -> str | None:
	"""Where a merged record went, for those who may read the kept one."""
	_require(doctype, "read")
	found = merge.kept_for(doctype, name)
	if found:
		rights.require(doctype, "read", found)
	return found
