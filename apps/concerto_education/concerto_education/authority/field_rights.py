"""Fields that only some readers of a record may see (permlevel 1): also in answers to saving, and in the history.

The framework leaves them out when a form or the API reads a record. It answers a save with the whole record, though,
and shows each reader all changes of the history. Both are closed here, for the DocTypes of ``hooks.py``.
"""

from __future__ import annotations

import json

import frappe

HIDDEN = "•••"


def hide_after_save(doc, method: str | None = None) -> None:
	"""The last step of a save in a request: what its user may not read leaves the answer, not the database."""
	if getattr(frappe.local, "request", None):
		for name in unreadable(doc):
			doc.set(name, None)


def unreadable(doc) -> list[str]:
	"""Fields of this record that the user may not read."""
	if frappe.session.user == "Administrator":
		return []
	allowed = {0, *doc.get_permlevel_access("read")}
	return [
		field.fieldname for field in doc.meta.fields if field.permlevel and field.permlevel not in allowed
	]


def mask_history(version, method: str | None = None) -> None:
	"""That such a field was changed, by whom and when, is kept; what was in it, is not."""
	if not frappe.db.exists("DocType", version.ref_doctype):
		return
	hidden = hidden_from_some(version.ref_doctype)
	if not hidden:
		return
	data = json.loads(version.data or "{}")
	data["changed"] = [
		[row[0], HIDDEN, HIDDEN] if row[0] in hidden else row for row in data.get("changed") or []
	]
	for kind in ("added", "removed", "row_changed"):
		data[kind] = [row for row in data.get(kind) or [] if row[0] not in hidden]
	version.data = frappe.as_json(data, indent=None, separators=(",", ":"))


def hidden_from_some(doctype: str) -> set[str]:
	"""Fields that not everybody reads who reads the record."""
	meta = frappe.get_meta(doctype)
	everybody = _readers(meta, 0)
	return {
		field.fieldname
		for field in meta.fields
		if field.permlevel and everybody - _readers(meta, field.permlevel)
	}


def _readers(meta, level: int) -> set[str]:
	return {rule.role for rule in meta.permissions if rule.read and (rule.permlevel or 0) == level}
