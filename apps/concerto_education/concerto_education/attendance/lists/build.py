"""One list of a site, an activity and a day: who is expected, in the order of the day sheet, with what is asked for.

The same rows serve the screen, the paper, the bus and the spreadsheet. Numbers are those of the day sheet, so that a
paper list can be keyed in by them (R32). Rights on the site are checked by the callers (``api.py``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import frappe
from frappe import _

from concerto_education.activities import ages
from concerto_education.activities.catalogue import ActivityRules
from concerto_education.attendance.lists.contacts import contacts_of
from concerto_education.attendance.marks import marks_of
from concerto_education.attendance.order import check_word, in_order
from concerto_education.attendance.service import CANCELLED
from concerto_education.families.documents import authorisations
from concerto_education.families.overview import age_text

BY_CLASS, BY_GROUP, TOGETHER = "class", "group", "all"
GROUPINGS = (BY_CLASS, BY_GROUP, TOGETHER)
HEALTH = ("allergy", "pai", "diet", "basket")


@dataclass
class Wanted:
	"""What the list is to hold besides names. ``health`` was asked for and allowed."""

	grouping: str = BY_CLASS
	health: bool = False
	contacts: bool = False
	authorisations: bool = False


@dataclass
class DayList:
	"""A list with its groups; ``check`` are four signs that change with the people on it or their order."""

	site: str
	activity: str
	unit: str
	unit_label: str
	day: date
	rows: list[dict[str, Any]]
	check: str
	groups: list[tuple[str, list[dict[str, Any]]]] = field(default_factory=list)

	@property
	def expected(self) -> int:
		return sum(1 for row in self.rows if row["planned"])


def day_list(site: str, rules: ActivityRules, unit: str, day: date, wanted: Wanted) -> DayList:
	"""Everybody on the list of that day."""
	found = in_order(_expected(site, rules.name, unit, day), lambda row: row.school_class)
	rows = [_row(number, row, day) for number, row in enumerate(found, 1)]
	_add(rows, found, day, wanted)
	return DayList(
		site,
		rules.name,
		unit,
		rules.units[unit],
		day,
		rows,
		check_word(row["enrolment"] for row in rows),
		groups(rows, rules.name, site, unit, day, wanted.grouping),
	)


def _expected(site: str, activity: str, unit: str, day: date) -> list:
	attendance, person, enrolment = (
		frappe.qb.DocType("Attendance"),
		frappe.qb.DocType("Person"),
		frappe.qb.DocType("Enrolment"),
	)
	return (
		frappe.qb.from_(attendance)
		.join(person)
		.on(attendance.person == person.name)
		.join(enrolment)
		.on(attendance.enrolment == enrolment.name)
		.select(
			attendance.name,
			attendance.enrolment,
			attendance.person,
			attendance.status,
			attendance.planned,
			attendance.arrival,
			attendance.departure,
			attendance.reason,
			person.last_name,
			person.usage_name,
			person.first_name,
			person.birth_date,
			person.school,
			person.school_class,
			enrolment.family,
			enrolment.category,
			enrolment.stop_out,
			enrolment.stop_return,
		)
		.where((attendance.site == site) & (attendance.activity == activity))
		.where((attendance.attendance_date == day) & (attendance.unit == unit))
		.where(attendance.status != CANCELLED)
		.orderby(person.last_name, person.first_name)
	).run(as_dict=True)


def _row(number: int, row, day: date) -> dict[str, Any]:
	return {
		"number": number,
		"attendance": row.name,
		"enrolment": row.enrolment,
		"person": row.person,
		"last_name": row.usage_name or row.last_name,
		"first_name": row.first_name,
		"class": row.school_class or "",
		"birth_date": row.birth_date,
		"age": age_text(row.birth_date, day),
		"category": row.category,
		"status": row.status,
		"planned": bool(row.planned),
		"reason": row.reason or "",
		"arrival": row.arrival or "",
		"departure": row.departure or "",
		"stop_out": row.stop_out or "",
		"stop_return": row.stop_return or row.stop_out or "",
		"marks": [],
		"forbidden": [],
		"contacts": [],
		"authorisations": [],
	}


def _add(rows: list[dict], found: list, day: date, wanted: Wanted) -> None:
	"""What is not in the row itself, for all rows at once."""
	if wanted.health:
		marks = marks_of(found, day)
		for row in rows:
			mine = marks[row["enrolment"]]
			row["marks"] = [mark for mark in mine if mark["kind"] != "forbidden"]
			row["forbidden"] = [mark["text"] for mark in mine if mark["kind"] == "forbidden"]
	if wanted.contacts:
		contacts = contacts_of({row.family for row in found})
		family_of = {row.enrolment: row.family for row in found}
		for row in rows:
			row["contacts"] = contacts.get(family_of[row["enrolment"]], [])
	if wanted.authorisations:
		texts = authorisations.list_texts({row["person"] for row in rows}, day)
		for row in rows:
			row["authorisations"] = texts.get(row["person"], [])


# ---------------------------------------------------------------- groups


def groups(
	rows: list[dict], activity: str, site: str, unit: str, day: date, grouping: str
) -> list[tuple[str, list[dict]]]:
	"""Rows under headings: classes, groups of the activity by age, or all together."""
	if grouping == TOGETHER:
		return [("", rows)] if rows else []
	if grouping == BY_GROUP:
		return _by_group(rows, activity, site, unit, day)
	found: dict[str, list[dict]] = defaultdict(list)
	for row in rows:
		found[row["class"] or _("No class")].append(row)
	return list(found.items())


def _by_group(
	rows: list[dict], activity: str, site: str, unit: str, day: date
) -> list[tuple[str, list[dict]]]:
	offered = [
		group
		for group in frappe.get_cached_doc("Activity", activity).get("groups") or []
		if group.site in (None, "", site) and group.unit in (None, "", unit)
	]
	chosen = _chosen_groups(rows)
	found: dict[str, list[dict]] = {group.group_name: [] for group in offered}
	for row in rows:
		found.setdefault(chosen.get(row["enrolment"]) or _group_by_age(row, offered, day), []).append(row)
	return [(name, members) for name, members in found.items() if members]


def _chosen_groups(rows: Iterable[dict]) -> dict[str, str]:
	"""The group that the enrolment names."""
	# The rows of a list whose reader was checked.
	found = frappe.get_all(
		"Enrolment",
		filters={"name": ("in", [row["enrolment"] for row in rows])},
		fields=["name", "activity_group"],
	)
	return {row.name: row.activity_group for row in found if row.activity_group}


def _group_by_age(row: dict, offered: list, day: date) -> str:
	if row["birth_date"]:
		months = ages.months_on(row["birth_date"], day)
		for group in offered:
			if ages.holds(group, months):
				return group.group_name
	return _("No group")
