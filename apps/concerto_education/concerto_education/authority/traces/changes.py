"""Who did what, and when: changes before and after, readings, exports and prints, of a family or of an account (R43)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import frappe
from frappe import _
from frappe.utils import cstr, get_datetime

APP = "concerto_education"
MOST = 5000


@dataclass(frozen=True, slots=True)
class Wanted:
	"""What is looked for. Without a family: everybody; without a user: everybody's deeds. Times are inclusive."""

	start: datetime
	end: datetime
	family: str | None = None
	user: str | None = None


@dataclass(frozen=True, slots=True)
class Trace:
	at: datetime
	user: str
	what: str
	doctype: str
	name: str
	field: str = ""
	before: str = ""
	after: str = ""


def traces(wanted: Wanted) -> list[Trace]:
	"""Newest first. The caller has checked that its user is an administrator: everything is read below permissions."""
	records = _records(wanted.family) if wanted.family else None
	found = [
		*_versions(wanted, records),
		*_made(wanted, records),
		*_deleted(wanted, records),
		*_readings(wanted, records),
	]
	if not wanted.family:
		found += _taken_out(wanted)
	return sorted(found, key=lambda trace: (trace.at, trace.doctype, trace.name), reverse=True)[:MOST]


def doctypes() -> list[str]:
	"""DocTypes of the app that may bear a trace."""
	modules = frappe.get_all("Module Def", filters={"app_name": APP}, pluck="name")
	return frappe.get_all("DocType", filters={"module": ("in", modules), "istable": 0}, pluck="name")


def _records(family: str) -> dict[str, set[str]]:
	"""Records of a family by DocType: the dossier, its persons, and whatever links to either."""
	persons = set(frappe.get_all("Family Member", filters={"parent": family}, pluck="person"))
	found: dict[str, set[str]] = {"Family": {family}, "Person": persons}
	for doctype in doctypes():
		meta = frappe.get_meta(doctype)
		if meta.issingle or doctype in found:
			continue
		links = [("family", {family})] if _links(meta, "family", "Family") else []
		if not links and _links(meta, "person", "Person"):
			links = [("person", persons)]
		for field, names in links:
			if names:
				found[doctype] = set(
					frappe.get_all(doctype, filters={field: ("in", list(names))}, pluck="name", limit=MOST)
				)
	return {doctype: names for doctype, names in found.items() if names}


def _links(meta, fieldname: str, target: str) -> bool:
	field = meta.get_field(fieldname)
	return bool(field and field.fieldtype == "Link" and field.options == target)


def _filters(wanted: Wanted, time: str, user: str) -> list[list]:
	filters = [[time, ">=", wanted.start], [time, "<=", wanted.end]]
	if wanted.user:
		filters.append([user, "=", wanted.user])
	return filters


def _versions(wanted: Wanted, records: dict[str, set[str]] | None) -> Iterator[Trace]:
	filters = _filters(wanted, "creation", "owner")
	filters.append(["ref_doctype", "in", list(records or doctypes())])
	if records:
		filters.append(["docname", "in", sorted(set().union(*records.values()))])
	for row in _rows("Version", filters, ["creation", "owner", "ref_doctype", "docname", "data"]):
		if records and row.docname not in records.get(row.ref_doctype, ()):
			continue
		yield from _changes(row)


def _changes(row) -> Iterator[Trace]:
	data = json.loads(row.data or "{}")
	meta = frappe.get_meta(row.ref_doctype)
	said = (get_datetime(row.creation), row.owner, _("Changed"), row.ref_doctype, row.docname)
	for field, before, after in data.get("changed") or ():
		yield Trace(*said, _(meta.get_label(field) or field), _text(before), _text(after))
	for kind, words in (("added", _("Row added")), ("removed", _("Row removed"))):
		for field, values in data.get(kind) or ():
			text = ", ".join(_text(value) for value in _plain(values).values())
			pair = ("", text) if kind == "added" else (text, "")
			yield Trace(*said, f"{_(meta.get_label(field) or field)} – {words}", *pair)
	for field, number, _name, cells in data.get("row_changed") or ():
		for cell, before, after in cells:
			label = _("{0}, row {1}").format(_(meta.get_label(field) or field), number + 1)
			yield Trace(*said, f"{label} – {cell}", _text(before), _text(after))


def _plain(values: Any) -> dict[str, Any]:
	"""What a person entered in a row, without the framework's own columns."""
	own = {"name", "owner", "creation", "modified", "modified_by", "docstatus", "idx", "doctype"}
	hidden = {"parent", "parenttype", "parentfield"}
	return {key: value for key, value in dict(values or {}).items() if value and key not in own | hidden}


def _made(wanted: Wanted, records: dict[str, set[str]] | None) -> Iterator[Trace]:
	"""Records made in the time; of everybody only for one account, for there are too many otherwise."""
	if not records and not wanted.user:
		return
	for doctype in records or doctypes():
		if frappe.get_meta(doctype).issingle:
			continue
		filters = _filters(wanted, "creation", "owner")
		if records:
			filters.append(["name", "in", sorted(records[doctype])])
		for row in _rows(doctype, filters, ["creation", "owner", "name"]):
			yield Trace(get_datetime(row.creation), row.owner, _("Made"), doctype, row.name)


def _deleted(wanted: Wanted, records: dict[str, set[str]] | None) -> Iterator[Trace]:
	filters = _filters(wanted, "creation", "owner")
	filters.append(["deleted_doctype", "in", doctypes()])
	for row in _rows(
		"Deleted Document", filters, ["creation", "owner", "deleted_doctype", "deleted_name", "data"]
	):
		data = json.loads(row.data or "{}")
		if records and not _belongs(data, row, wanted.family, records):
			continue
		yield Trace(
			get_datetime(row.creation), row.owner, _("Deleted"), row.deleted_doctype, row.deleted_name or ""
		)


def _belongs(data: dict, row, family: str, records: dict[str, set[str]]) -> bool:
	return (
		data.get("family") == family
		or row.deleted_name in records.get(row.deleted_doctype, ())
		or data.get("person") in records.get("Person", ())
	)


def _readings(wanted: Wanted, records: dict[str, set[str]] | None) -> Iterator[Trace]:
	filters = _filters(wanted, "at", "user")
	if records:
		filters.append(["person", "in", sorted(records.get("Person", ()))])
	for row in _rows("Health Access Log", filters, ["at", "user", "person", "source"], order="at desc"):
		yield Trace(get_datetime(row.at), row.user, _("Health read"), "Person", row.person, _(row.source))


def _taken_out(wanted: Wanted) -> Iterator[Trace]:
	"""Exports, prints and lists that left the screen."""
	fields = ["timestamp", "user", "export_from", "reference_document", "file_type", "method"]
	for row in _rows("Access Log", _filters(wanted, "timestamp", "user"), fields, order="timestamp desc"):
		yield Trace(
			get_datetime(row.timestamp),
			row.user,
			_("Printed") if (row.method or "").lower() == "print" else _("Exported"),
			row.export_from or "",
			row.reference_document or "",
			row.file_type or "",
		)
	fields = ["creation", "owner", "name", "site"]
	for row in _rows("List Export", _filters(wanted, "creation", "owner"), fields):
		yield Trace(
			get_datetime(row.creation), row.owner, _("Exported"), "List Export", row.name, row.site or ""
		)


def _rows(doctype: str, filters: list, fields: Iterable[str], order: str = "creation desc") -> list:
	# Below permissions: see `traces`.
	return frappe.get_all(
		doctype, filters=filters, fields=list(fields), order_by=order, limit_page_length=MOST
	)


def _text(value: Any) -> str:
	return cstr(value)[:200]
