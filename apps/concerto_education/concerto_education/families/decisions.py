""" "Different people": what somebody said about two records that look alike, remembered with who and when (R12)."""

from __future__ import annotations

from collections.abc import Iterable

import frappe
from frappe.utils import now_datetime

DECISION = "Duplicate Decision"
TITLES = {"Person": "full_name", "Family": "family_name"}


def record(doctype: str, one: str, other: str, score: int, reasons: Iterable[str]) -> None:
	"""Remember that these two are not the same. Saying it twice changes nothing."""
	first, second = sorted((one, other))
	if frappe.db.exists(DECISION, {"reference_doctype": doctype, "first": first, "second": second}):
		return
	# Anybody who may save the record may say so; nobody writes the list of decisions by hand.
	frappe.get_doc(
		{
			"doctype": DECISION,
			"reference_doctype": doctype,
			"first": first,
			"first_title": frappe.db.get_value(doctype, first, TITLES[doctype]),
			"second": second,
			"second_title": frappe.db.get_value(doctype, second, TITLES[doctype]),
			"decision": "Different",
			"score": score,
			"reasons": ", ".join(reasons),
			"decided_by": frappe.session.user,
			"decided_at": now_datetime(),
		}
	).insert(ignore_permissions=True)


def different(doctype: str, name: str | None = None) -> set[frozenset[str]]:
	"""Pairs declared different: all, or those of one record."""
	table = frappe.qb.DocType(DECISION)
	query = frappe.qb.from_(table).select(table.first, table.second).where(table.reference_doctype == doctype)
	if name:
		query = query.where((table.first == name) | (table.second == name))
	return {frozenset(pair) for pair in query.run()}


def follow_merge(doctype: str, dropped: str, kept: str) -> int:
	"""What was said of a dropped record holds for the one that it became. Returns how many decisions moved.

	A decision between the two themselves ends with the merge, and one that the kept record has already is not
	needed twice: both stay in the trace of the merge.
	"""
	known, moved = different(doctype, kept), 0
	# Straight on the table: decisions are never changed through their form.
	for row in frappe.get_all(
		DECISION,
		filters={"reference_doctype": doctype},
		or_filters={"first": dropped, "second": dropped},
		fields=["name", "first", "second"],
	):
		other = row.second if row.first == dropped else row.first
		if other == kept or frozenset((kept, other)) in known:
			frappe.db.delete(DECISION, {"name": row.name})
			continue
		first, second = sorted((kept, other))
		titles = {
			f"{place}_title": frappe.db.get_value(doctype, name, TITLES[doctype])
			for place, name in (("first", first), ("second", second))
		}
		frappe.db.set_value(DECISION, row.name, {"first": first, "second": second, **titles})
		moved += 1
	return moved
