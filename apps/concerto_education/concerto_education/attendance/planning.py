"""What others must know of planned days: who refuses them (capacity), who follows them (waiting lists).

Both are hooks, because attendance must not know what is built on it:

* ``concerto_before_plan``: functions of ``[(enrolment row, day, unit), …]``, called in the transaction that will write
  them; they give ``{(enrolment, day, unit): reason}`` for the days that must not be planned;
* ``concerto_planned_changed``: functions of ``[{enrolment, person, site, activity, day, unit, before, after}, …]``,
  called once the rows are written.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import frappe

# Whose row, where and when: the columns with which every new row of attendance begins that is written in bulk.
NEW_ROW = (
	"name",
	"creation",
	"modified",
	"owner",
	"modified_by",
	"enrolment",
	"person",
	"family",
	"activity",
	"site",
	"attendance_date",
	"unit",
)

Place = tuple[Any, date, str]  # enrolment row (name, person, site, activity), day, unit


def refused(places: list[Place]) -> dict[tuple[str, date, str], str]:
	"""Days that somebody refuses, with the reason in words."""
	found: dict[tuple[str, date, str], str] = {}
	if places:
		for path in frappe.get_hooks("concerto_before_plan"):
			found.update(frappe.get_attr(path)(places) or {})
	return found


def changed(changes: Iterable[dict]) -> None:
	"""Tell whoever follows planned days what has become of them."""
	changes = list(changes)
	if changes:
		for path in frappe.get_hooks("concerto_planned_changed"):
			frappe.get_attr(path)(changes)


def change_of(enrolment: Any, day: date, unit: str, before: str | None, after: str) -> dict:
	return {
		"enrolment": enrolment.name,
		"person": enrolment.person,
		"site": enrolment.site,
		"activity": enrolment.activity,
		"day": day,
		"unit": unit,
		"before": before,
		"after": after,
	}
