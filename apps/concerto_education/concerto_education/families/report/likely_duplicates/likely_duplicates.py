"""Likely duplicates that are there already: the check of September (R7), with what to do about each (R12)."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.utils import cint

from concerto_education.families import likeness, pairs
from concerto_education.families.duplicates import FAMILY, PERSON, in_words
from concerto_education.families.merge import TITLE
from concerto_education.families.rights import require_administrator

MOST_ROWS = 500


def execute(filters: dict | None = None) -> tuple[list[dict], list[dict], str | None]:
	require_administrator()
	filters = frappe._dict(filters or {})
	kind = FAMILY if filters.kind == FAMILY else PERSON
	least = max(cint(filters.least) or likeness.REPORT, likeness.ASK)
	found = (pairs.families if kind == FAMILY else pairs.persons)(least)
	return _columns(kind), _rows(kind, found[:MOST_ROWS]), _message(len(found))


def _columns(kind: str) -> list[dict[str, Any]]:
	person = kind == PERSON
	detail = (
		{"fieldtype": "Date", "label": _("Birth Date")}
		if person
		else {"fieldtype": "Data", "label": _("Town")}
	)
	return [
		{"fieldname": "score", "fieldtype": "Percent", "label": _("Likeness"), "width": 80},
		{"fieldname": "first_title", "fieldtype": "Data", "label": _("First"), "width": 220},
		{"fieldname": "first_detail", "width": 105, **detail},
		{"fieldname": "second_title", "fieldtype": "Data", "label": _("Second"), "width": 220},
		{"fieldname": "second_detail", "width": 105, **detail},
		{"fieldname": "reasons", "fieldtype": "Data", "label": _("What Matches"), "width": 220},
		{"fieldname": "action", "fieldtype": "Data", "label": _("Action"), "width": 195},
		{"fieldname": "first", "fieldtype": "Link", "options": kind, "label": _("First"), "width": 110},
		{"fieldname": "second", "fieldtype": "Link", "options": kind, "label": _("Second"), "width": 110},
	]


def _rows(kind: str, found: list[pairs.Pair]) -> list[dict[str, Any]]:
	names = {name for pair in found for name in (pair.first, pair.second)}
	detail = "birth_date" if kind == PERSON else "town"
	# The report is for administrators, who read all dossiers.
	records = {
		row.name: row
		for row in frappe.get_all(
			kind,
			filters={"name": ("in", list(names))},
			fields=["name", f"{TITLE[kind]} as title", f"{detail} as detail"],
		)
	}
	return [
		{
			"score": pair.likeness.score,
			"doctype": kind,
			"first": pair.first,
			"first_title": records[pair.first].title,
			"first_detail": records[pair.first].detail,
			"second": pair.second,
			"second_title": records[pair.second].title,
			"second_detail": records[pair.second].detail,
			"reasons": ", ".join(in_words(pair.likeness.reasons)),
		}
		for pair in found
	]


def _message(total: int) -> str | None:
	if total <= MOST_ROWS:
		return None
	return _("The {0} most alike of {1} pairs are shown").format(MOST_ROWS, total)
