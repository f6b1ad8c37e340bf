"""Two persons become one: their two health records do too, and nothing that was in them is lost (R12, R23)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import frappe
from frappe.utils import getdate

from concerto_education.families import links
from concerto_education.families.health.allergens import SEVERITIES
from concerto_education.families.health.checks import span_of
from concerto_education.families.health.service import RECORD, TABLES

# What makes two rows of a table say the same thing while both hold.
_SAME = {
	"allergies": lambda row: (row.allergen, (row.other or "").casefold()),
	"diets": lambda row: row.diet,
}
_TEXTS = ("instructions", "note")


def join_records(kept: str, dropped: str, trace: Callable[..., str]) -> tuple[Counter, list[str]]:
	"""The record of ``dropped`` becomes that of ``kept``. Returns what has moved, and the traces.

	Straight on the tables, like the rest of a merge: who may merge need not be allowed to read health.
	"""
	theirs = frappe.db.get_value(RECORD, {"person": dropped}, "name")
	if not theirs:
		return Counter(), []
	ours = frappe.db.get_value(RECORD, {"person": kept}, "name")
	if not ours:
		frappe.db.set_value(RECORD, theirs, {"person": kept, "person_name": _name(kept)})
		return Counter({RECORD: 1}), []
	return _unite(frappe.get_doc(RECORD, ours), frappe.get_doc(RECORD, theirs), trace)


def _name(person: str) -> str | None:
	return frappe.db.get_value("Person", person, "full_name")


def _unite(ours, theirs, trace: Callable[..., str]) -> tuple[Counter, list[str]]:
	moved: Counter[str] = Counter()
	for table, doctype in TABLES.items():
		moved[doctype] = _move_rows(ours, theirs, table)
	frappe.db.set_value(RECORD, ours.name, _fields(ours, theirs))
	moved += Counter(
		{pointer.doctype: number for pointer, number in links.move(RECORD, theirs.name, ours.name).items()}
	)
	# The trace says that there were two, and not what was in them: others read it than may read health.
	log = trace(ours, theirs, dict(moved), snapshot={"name": theirs.name, "person": theirs.person})
	for doctype in TABLES.values():
		frappe.db.delete(doctype, {"parent": theirs.name, "parenttype": RECORD})
	frappe.db.delete(RECORD, {"name": theirs.name})
	for name in (ours.name, theirs.name):
		frappe.clear_document_cache(RECORD, name)
	return moved, [log]


def _move_rows(ours, theirs, table: str) -> int:
	"""Rows of the other record join; those that say the same for the same time become one."""
	moved = 0
	for row in theirs.get(table):
		same = next((mine for mine in ours.get(table) if _alike(table, mine, row)), None)
		if same:
			_combine(same, row)
		else:
			moved += 1
			frappe.db.set_value(
				row.doctype, row.name, {"parent": ours.name, "idx": len(ours.get(table)) + moved}
			)
	return moved


def _alike(table: str, mine, row) -> bool:
	same = _SAME.get(table)
	if same:
		return same(mine) == same(row) and span_of(mine).overlaps(span_of(row))
	return _values(mine) == _values(row)


def _values(row) -> dict[str, str]:
	return {field.fieldname: str(row.get(field.fieldname) or "") for field in row.meta.fields}


def _combine(mine, row) -> None:
	"""The worse severity, the longer time, both texts: whoever reads it must not know less than before."""
	values: dict[str, Any] = {}
	if row.get("severity"):
		values["severity"] = min(mine.severity, row.severity, key=SEVERITIES.index)
	if mine.meta.has_field("valid_from"):
		values |= _longer(mine, row)
	for field in _TEXTS:
		if mine.meta.has_field(field):
			values[field] = _both(mine.get(field), row.get(field))
	mine.update(values)
	frappe.db.set_value(mine.doctype, mine.name, values)


def _longer(mine, row) -> dict[str, Any]:
	starts, ends = (mine.valid_from, row.valid_from), (mine.valid_to, row.valid_to)
	return {
		"valid_from": min(map(getdate, starts)) if all(starts) else None,
		"valid_to": max(map(getdate, ends)) if all(ends) else None,
	}


def _both(mine: str | None, theirs: str | None) -> str | None:
	if not theirs or theirs in (mine or ""):
		return mine
	return f"{mine}\n{theirs}" if mine else theirs


def _fields(ours, theirs) -> dict[str, Any]:
	"""The doctor of the kept one, else of the other; two different doctors are both named in the remarks."""
	values: dict[str, Any] = {"remarks": _both(ours.remarks, theirs.remarks)}
	for field in ours.meta.fields:
		mine, other = ours.get(field.fieldname), theirs.get(field.fieldname)
		if field.fieldtype not in ("Data", "Phone", "Small Text") or field.fieldname in (
			"person_name",
			"remarks",
		):
			continue
		if other and not mine:
			values[field.fieldname] = other
		elif other and mine != other:
			values["remarks"] = _both(values["remarks"], f"{field.label}: {other}")
	return values
