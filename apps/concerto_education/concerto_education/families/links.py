"""Everything that points to a record, found from the metadata: also fields that administrators add (R45).

Links, links in child tables and in single DocTypes, dynamic links, and the few places where the framework keeps a
DocType and a name without calling it a link (files, versions, notifications). ``move`` makes them all point to
another record, straight on the tables: controllers would refuse what is rightly immutable for everybody else, an
issued invoice, a charge, a quotient; here nothing of them changes but whose dossier they are in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import frappe
from frappe.utils import now

# Pairs of columns of the framework that are no Dynamic Link: DocType, name.
_UNDECLARED = (
	("File", "attached_to_doctype", "attached_to_name"),
	("Version", "ref_doctype", "docname"),
	("Notification Log", "document_type", "document_name"),
	("Email Queue", "reference_doctype", "reference_name"),
	("View Log", "reference_doctype", "reference_name"),
	("Comment", "reference_doctype", "reference_name"),
	("Communication", "reference_doctype", "reference_name"),
	("Tag Link", "document_type", "document_name"),
	("DocShare", "share_doctype", "share_name"),
	("Document Follow", "ref_doctype", "ref_docname"),
)
# Written anew or followed by rules of their own: see decisions.py, search_index.py, health/unite.py, the trace itself.
_OWN_RULES = frozenset(
	{"Duplicate Decision", "Merge Log", "Family Search Key", "Health Record", "Deleted Document"}
)


@dataclass(frozen=True, slots=True)
class Pointer:
	"""A field that may hold the name of a record; ``type_field`` holds its DocType where the link is dynamic."""

	doctype: str
	field: str
	type_field: str | None = None
	child: bool = False
	single: bool = False

	@property
	def label(self) -> str:
		return frappe.get_meta(self.doctype).get_label(self.field) or self.field


def pointers(doctype: str) -> list[Pointer]:
	"""Every stored field of any DocType that may name a record of ``doctype``."""
	found = dict.fromkeys((*_links(doctype), *_dynamic_links(), *_undeclared()))
	return [pointer for pointer in found if pointer.doctype not in _OWN_RULES]


def _links(doctype: str) -> Iterator[Pointer]:
	for table, parent_column in (("DocField", "parent"), ("Custom Field", "dt")):
		# The metadata itself, whatever the user may read.
		for row in frappe.get_all(
			table,
			filters={"fieldtype": "Link", "options": doctype},
			fields=[f"{parent_column} as owner_doctype", "fieldname"],
		):
			yield from _stored(row.owner_doctype, row.fieldname)


def _dynamic_links() -> Iterator[Pointer]:
	for table, parent_column in (("DocField", "parent"), ("Custom Field", "dt")):
		for row in frappe.get_all(
			table,
			filters={"fieldtype": "Dynamic Link"},
			fields=[f"{parent_column} as owner_doctype", "fieldname", "options"],
		):
			yield from _stored(row.owner_doctype, row.fieldname, row.options)


def _undeclared() -> Iterator[Pointer]:
	for doctype, type_field, field in _UNDECLARED:
		yield from _stored(doctype, field, type_field)


def _stored(doctype: str, field: str, type_field: str | None = None) -> Iterator[Pointer]:
	"""The pointer, if the field has a column: not of a virtual DocType or field, not of one that was removed."""
	if not frappe.db.exists("DocType", doctype):
		return
	meta = frappe.get_meta(doctype)
	if meta.get("is_virtual"):
		return
	if meta.issingle:
		yield Pointer(doctype, field, type_field, single=True)
	elif frappe.db.table_exists(doctype) and {field, type_field or field} <= set(_columns(doctype)):
		yield Pointer(doctype, field, type_field, child=bool(meta.istable))


def _columns(doctype: str) -> list[str]:
	return frappe.db.get_table_columns(doctype)


# ---------------------------------------------------------------- counting and moving


def count(doctype: str, name: str, found: Iterable[Pointer] | None = None) -> dict[Pointer, int]:
	"""How many records point to ``name``, by field; fields that nobody uses are left out."""
	counts = {pointer: _count(pointer, doctype, name) for pointer in found or pointers(doctype)}
	return {pointer: number for pointer, number in counts.items() if number}


def move(doctype: str, dropped: str, kept: str, found: Iterable[Pointer] | None = None) -> dict[Pointer, int]:
	"""Make everything that points to ``dropped`` point to ``kept``. Returns how many records, by field."""
	moved = count(doctype, dropped, found)
	for pointer in moved:
		if pointer.single:
			frappe.db.set_single_value(pointer.doctype, pointer.field, kept)
			frappe.clear_document_cache(pointer.doctype, pointer.doctype)
		else:
			_move_rows(pointer, doctype, dropped, kept)
	return moved


def _count(pointer: Pointer, doctype: str, name: str) -> int:
	if pointer.single:
		held = frappe.db.get_single_value(pointer.doctype, pointer.field)
		right_type = not pointer.type_field or doctype == frappe.db.get_single_value(
			pointer.doctype, pointer.type_field
		)
		return int(held == name and right_type)
	return frappe.db.count(pointer.doctype, _filters(pointer, doctype, name))


def _filters(pointer: Pointer, doctype: str, name: str) -> dict[str, str]:
	filters = {pointer.field: name}
	if pointer.type_field:
		filters[pointer.type_field] = doctype
	return filters


def _move_rows(pointer: Pointer, doctype: str, dropped: str, kept: str) -> None:
	table = frappe.qb.DocType(pointer.doctype)
	if pointer.child:
		_touch_parents(pointer, doctype, dropped)
	query = frappe.qb.update(table).set(table[pointer.field], kept).where(table[pointer.field] == dropped)
	if pointer.type_field:
		query = query.where(table[pointer.type_field] == doctype)
	if not pointer.child:
		# A form that somebody has open would write the old dossier back: now it has to be loaded again first.
		query = query.set(table.modified, now())
	query.run()


def _touch_parents(pointer: Pointer, doctype: str, name: str) -> None:
	for row in frappe.get_all(
		pointer.doctype,
		filters=_filters(pointer, doctype, name),
		fields=["parent", "parenttype"],
		distinct=True,
	):
		if row.parent and row.parenttype and not frappe.get_meta(row.parenttype).issingle:
			table = frappe.qb.DocType(row.parenttype)
			frappe.qb.update(table).set(table.modified, now()).where(table.name == row.parent).run()
			frappe.clear_document_cache(row.parenttype, row.parent)


# ---------------------------------------------------------------- what could not move


def collisions(doctype: str, dropped: str, kept: str, found: Iterable[Pointer]) -> list[tuple[Pointer, int]]:
	"""Fields with a unique key under which a record of ``dropped`` would become like one of ``kept``."""
	clashing = []
	for pointer in found:
		if pointer.single:
			continue
		for columns in _unique_keys(pointer.doctype):
			if pointer.field in columns:
				number = _alike(pointer, doctype, dropped, kept, columns - {pointer.field})
				if number:
					clashing.append((pointer, number))
	return clashing


def _unique_keys(doctype: str) -> list[set[str]]:
	statistics = frappe.qb.Table("STATISTICS", schema="information_schema")
	# frappe.qb prefixes no schema: the names of the columns of each unique index, primary key aside.
	rows = (
		frappe.qb.from_(statistics)
		.select(statistics.INDEX_NAME, statistics.COLUMN_NAME)
		.where(statistics["TABLE_SCHEMA"].eq(frappe.conf.db_name))
		.where(statistics["TABLE_NAME"].eq(f"tab{doctype}"))
		.where(statistics.NON_UNIQUE == 0)
		.where(statistics.INDEX_NAME != "PRIMARY")
	).run()
	keys: dict[str, set[str]] = {}
	for index, column in rows:
		keys.setdefault(index, set()).add(column)
	return list(keys.values())


def _alike(pointer: Pointer, doctype: str, dropped: str, kept: str, others: set[str]) -> int:
	fields = sorted(others)

	def values(name: str) -> set[tuple]:
		rows = frappe.get_all(
			pointer.doctype, filters=_filters(pointer, doctype, name), fields=fields or ["name"], as_list=True
		)
		# An empty value is like no other: MariaDB lets it be there twice.
		return {() if not fields else tuple(row) for row in rows if not fields or None not in row}

	return len(values(dropped) & values(kept))
