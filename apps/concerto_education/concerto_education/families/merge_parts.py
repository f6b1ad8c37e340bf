"""The steps of a merge: members, payers, quotients, empty fields. Each returns what it has moved (R12).

Straight on the tables, all of it: controllers refuse to change what is immutable (quotients, charges, invoices)
or fixed (the payer's family), and rightly so. Who may merge was checked before, the rules too, and the whole is one
transaction.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from typing import Any

import frappe
from frappe import _
from frappe.utils import cint, now_datetime

from concerto_education.engine.quotient import QuotientHistory
from concerto_education.engine.ranges import DateRange
from concerto_education.families import links, quotients
from concerto_education.families.members import CONTACT
from concerto_education.families.merge_rules import representatives

_NO_VALUES = frozenset(
	{"Section Break", "Column Break", "Tab Break", "HTML", "Button", "Table", "Table MultiSelect"}
)
_LISTS_IN_COLUMNS = ("_user_tags", "_assign", "_liked_by", "_comments")
Trace = Callable[..., str]


# ---------------------------------------------------------------- fields


def fill_empty(kept, dropped, skip: frozenset[str] = frozenset()) -> dict[str, Any]:
	"""Take over what the kept record doesn't know; what both know stays as the kept one has it."""
	values = {}
	for field in kept.meta.fields:
		if (
			field.fieldtype in _NO_VALUES
			or field.read_only
			or field.fieldname in skip
			or field.get("is_virtual")
		):
			continue
		mine, theirs = kept.get(field.fieldname), dropped.get(field.fieldname)
		if theirs not in (None, "", 0) and mine in (None, "") and field.fieldtype != "Check":
			values[field.fieldname] = theirs
	return values


def write(doctype: str, name: str, values: dict[str, Any]) -> None:
	if values:
		frappe.db.set_value(doctype, name, values)


def join_columns(doctype: str, kept: str, dropped: str) -> None:
	"""Tags, assignments and likes that the framework keeps as lists in columns of the record."""
	columns = [column for column in _LISTS_IN_COLUMNS if column in frappe.db.get_table_columns(doctype)]
	if not columns:
		return
	mine, theirs = (frappe.db.get_value(doctype, name, columns, as_dict=True) for name in (kept, dropped))
	values = {}
	for column in columns:
		if not theirs[column]:
			continue
		if column == "_user_tags":
			tags = [*(mine[column] or "").split(","), *theirs[column].split(",")]
			values[column] = ",".join(dict.fromkeys(filter(None, tags)))
		else:
			entries = [*json.loads(mine[column] or "[]"), *json.loads(theirs[column])]
			values[column] = json.dumps([one for i, one in enumerate(entries) if one not in entries[:i]])
	if values:
		frappe.db.set_value(doctype, kept, values, update_modified=False)


def delete(doc) -> None:
	"""The dropped record, to which nothing points any more, with what is left of its tables.

	Not ``delete_doc``: that one starts a job which deletes what points to the name, even if the merge is undone.
	"""
	from frappe.utils.global_search import delete_for_document

	for field in doc.meta.get_table_fields():
		frappe.db.delete(field.options, {"parent": doc.name, "parenttype": doc.doctype})
	frappe.db.delete(doc.doctype, {"name": doc.name})
	delete_for_document(doc)
	frappe.clear_document_cache(doc.doctype, doc.name)


# ---------------------------------------------------------------- members


def join_members(kept, dropped) -> tuple[int, list[str]]:
	"""Members of the dropped dossier join the kept one. Returns how many, and who changes role."""
	mine = {row.person: row for row in kept.members}
	taken = {row.role for row in kept.members}
	moved, changed = 0, []
	for row in dropped.members:
		if row.person in mine:
			combine_rows(mine[row.person], row)
			continue
		role = representatives(row.role, taken)
		taken.add(role)
		moved += 1
		values = {"parent": kept.name, "idx": len(kept.members) + moved, "role": role}
		if role != row.role:
			changed.append(f"{row.full_name}: {_(row.role)} → {_(role)}")
			if role == CONTACT:
				frappe.db.set_value(
					"Payer", {"family": dropped.name, "person": row.person}, "capacity", CONTACT
				)
		frappe.db.set_value("Family Member", row.name, values)
	return moved, changed


def combine_rows(mine, theirs) -> None:
	"""One person, two rows of one dossier: the closer role stays, what one forbids is forbidden (R22)."""
	values: dict[str, Any] = {}
	if mine.role == CONTACT and theirs.role != CONTACT:
		values["role"] = theirs.role
	if cint(theirs.forbidden) and not cint(mine.forbidden):
		values |= {"forbidden": 1, "may_collect": 0, "emergency": 0}
	if theirs.relation and not mine.relation:
		values["relation"] = theirs.relation
	if values:
		frappe.db.set_value("Family Member", mine.name, values)
	frappe.db.delete("Family Member", {"name": theirs.name})


def join_memberships(kept: str, dropped: str) -> int:
	"""Two Persons of one family become one row. Returns how many rows are no longer needed."""
	rows: dict[str, dict] = {}
	for row in frappe.get_all(
		"Family Member",
		filters={"person": ("in", [kept, dropped]), "parenttype": "Family"},
		fields=["name", "parent", "person", "role", "relation", "forbidden"],
	):
		rows.setdefault(row.parent, {})[row.person] = row
	both = [found for found in rows.values() if len(found) == 2]
	for found in both:
		combine_rows(found[kept], found[dropped])
	return len(both)


# ---------------------------------------------------------------- payers


def join_payers(kept_family: str, dropped_family: str, trace: Trace) -> list[str]:
	"""Payers of two dossiers that stand for one person or organisation become one. Returns their traces."""
	mine = {_stands_for(row): row.name for row in _payers({"family": kept_family})}
	logs = []
	for row in _payers({"family": dropped_family}):
		if _stands_for(row) in mine:
			logs += join_payer(mine[_stands_for(row)], row.name, trace)
	return logs


def join_payers_of_person(kept: str, dropped: str, trace: Trace) -> list[str]:
	"""Two Persons pay for one family: one payer stays."""
	mine = {row.family: row.name for row in _payers({"person": kept})}
	return [
		log
		for row in _payers({"person": dropped})
		if row.family in mine
		for log in join_payer(mine[row.family], row.name, trace)
	]


def join_payer(kept: str, dropped: str, trace: Trace) -> list[str]:
	"""One payer for both. Invoices of one run can't get one payer (R2): those keep theirs, which is closed then."""
	found = links.pointers("Payer")
	clashing = {pointer for pointer, number in links.collisions("Payer", dropped, kept, found)}
	ours, theirs = frappe.get_doc("Payer", kept), frappe.get_doc("Payer", dropped)
	moved = links.move("Payer", dropped, kept, [pointer for pointer in found if pointer not in clashing])
	write("Payer", kept, fill_empty(ours, theirs, skip=frozenset({"recipient", "merged_into"})))
	if clashing:
		frappe.db.set_value("Payer", dropped, {"active": 0, "merged_into": kept})
		return []
	join_columns("Payer", kept, dropped)
	log = trace(ours, theirs, counted(moved))
	delete(theirs)
	return [log]


def _payers(filters: dict) -> list:
	return frappe.get_all(
		"Payer",
		filters={**filters, "merged_into": ("is", "not set")},
		fields=["name", "family", "payer_kind", "person", "organisation"],
	)


def _stands_for(row) -> tuple:
	return row.payer_kind, row.person or row.organisation


# ---------------------------------------------------------------- quotients (R14)


def known_again(kept: str, dropped: str) -> list[tuple[DateRange, Any]]:
	"""Where an unknown 9999 of one dossier would hide the QF that the other one knows.

	The usual case: the second dossier was opened by mistake and got its 9999 by itself, later than the real QF.
	"""
	histories = quotients.histories([kept, dropped])
	one, other = histories[kept], histories[dropped]
	together = QuotientHistory([*one.records, *other.records]).as_map()
	return [
		(span, record)
		for hidden, latest in together
		if latest.is_unknown
		for own in (one, other)
		for span, record in own.as_map().clip(hidden)
		if not record.is_unknown
	]


def record_again(family: str, spans: list[tuple[DateRange, Any]]) -> int:
	"""A QF is added, never overwritten: what was known is recorded once more, later than the 9999."""
	for span, record in spans:
		doc = frappe.get_doc(
			{
				"doctype": "Quotient",
				"family": family,
				"value": float(record.value),
				"source": record.source,
				"valid_from": span.start,
				"valid_to": span.end,
				"note": _("Known before two dossiers were merged ({0})").format(record.id),
			}
		)
		doc.flags.recorded_at = now_datetime()
		# Part of the merge, by whoever may merge.
		doc.insert(ignore_permissions=True)
	return len(spans)


# ---------------------------------------------------------------- counting


def counted(moved: dict[links.Pointer, int]) -> dict[str, int]:
	"""Moved records by DocType."""
	counts: Counter[str] = Counter()
	for pointer, number in moved.items():
		counts[pointer.doctype] += number
	return dict(sorted(counts.items()))
