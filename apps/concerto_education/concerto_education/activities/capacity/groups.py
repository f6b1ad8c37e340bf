"""Which group of an activity somebody is in: the one that was chosen, else the one of their age (R40)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import frappe
from frappe import _
from frappe.query_builder import DocType
from frappe.utils import getdate

from concerto_education.activities import ages
from concerto_education.activities.capacity.errors import UnknownGroup


def names(activity, site: str | None) -> list[str]:
	"""Groups of an activity at a site, in order."""
	return list(dict.fromkeys(row.group_name for row in _rows(activity, site)))


def _rows(activity, site: str | None) -> list:
	return [row for row in activity.get("groups") or () if not row.site or not site or row.site == site]


def settle(doc) -> None:
	"""Put the group of an enrolment right: emptied or unset, it is the group of the child's age on the first day."""
	activity = frappe.get_cached_doc("Activity", doc.activity)
	offered = names(activity, doc.site)
	if not offered:
		doc.activity_group = None
		return
	doc.activity_group = (doc.activity_group or "").strip() or _by_age(doc, activity)
	if doc.activity_group and doc.activity_group not in offered:
		frappe.throw(
			_("Group: {0} has no group {1} at {2}. Choose one of: {3}").format(
				doc.activity, doc.activity_group, doc.site, ", ".join(offered)
			),
			UnknownGroup,
		)


def _by_age(doc, activity) -> str | None:
	birth = frappe.db.get_value("Person", doc.person, "birth_date")
	if not birth:
		return None
	# Nobody is younger than today by enrolling for the past year.
	months = ages.months_on(getdate(birth), getdate(doc.valid_from))
	rows = [row for row in _rows(activity, doc.site) if ages.holds(row, months)]
	return rows[0].group_name if rows else None


def copy_to_attendance(enrolments: Iterable[str]) -> None:
	"""Write the group of some enrolments on their attendance, where places are counted.

	Straight on the table, in one statement for each group: a forecast is thousands of rows, and nothing of what they
	say about a child changes.
	"""
	wanted = sorted(set(enrolments))
	Enrolment, Attendance = DocType("Enrolment"), DocType("Attendance")
	by_group: dict[str, list[str]] = defaultdict(list)
	for start in range(0, len(wanted), 1000):
		rows = (
			frappe.qb.from_(Enrolment)
			.select(Enrolment.name, Enrolment.activity_group)
			.where(Enrolment.name.isin(wanted[start : start + 1000]))
			.where(Enrolment.activity_group.isnotnull() & (Enrolment.activity_group != ""))
		).run()
		for name, group in rows:
			by_group[group].append(name)
	for group, names_ in by_group.items():
		(
			frappe.qb.update(Attendance)
			.set(Attendance.activity_group, group)
			.where(Attendance.enrolment.isin(names_))
			.where(Attendance.activity_group.isnull() | (Attendance.activity_group != group))
		).run()
