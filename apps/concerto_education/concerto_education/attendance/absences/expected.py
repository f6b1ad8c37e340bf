"""The rows the screen of absences shows (R31)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import frappe
from frappe import _
from frappe.utils import add_days, getdate

from concerto_education.attendance import errors, late_entry, rights
from concerto_education.attendance.closing import closed_months, first_of
from concerto_education.attendance.order import class_order, in_order
from concerto_education.attendance.service import ABSENT, JUSTIFIED, PLANNED
from concerto_education.engine.ranges import DateRange

SHOWN = 500
LONGEST = 92  # days at once: a term
LATE = "Late"  # no status: late pick-ups of the same children and days (R10)
SHOWABLE = (PLANNED, ABSENT, JUSTIFIED, LATE)


@dataclass(frozen=True)
class Wanted:
	"""What the user has chosen. Both days are included."""

	start: date
	end: date
	site: str | None = None
	activity: str | None = None
	school_class: str | None = None
	status: str = PLANNED


def sites() -> list[str]:
	"""Sites at which the user may choose between A and AJ. Refuses whoever may nowhere."""
	names = frappe.get_list("Site", pluck="name", order_by="name", limit_page_length=0)
	found = [name for name in names if rights.may_judge(name)]
	if not found:
		frappe.throw(_("You may not record absences at any site (R10)"), errors.NotJudging)
	return found


def options() -> dict:
	"""What can be chosen, and the period shown first: the last four weeks, up to yesterday."""
	today, names = getdate(), sites()
	activities = sorted(
		set(
			# Activities of sites that were read under permissions.
			frappe.get_all("Activity Site", filters={"site": ("in", names)}, pluck="parent")
		)
	)
	return {
		"sites": names,
		"activities": activities,
		"reasons": reasons(),
		"may_record_late": any(rights.may_record_late(name) for name in names),
		"start": str(add_days(today, -28)),
		"end": str(add_days(today, -1)),
		"today": str(today),
	}


def reasons() -> list[dict]:
	"""Reasons that justify an absence (R30), each with the type of document that proves it."""
	# A short list that every coordinator chooses from.
	return frappe.get_all(
		"Absence Reason",
		filters={"justified": 1},
		fields=["name as reason", "document_type"],
		order_by="name",
	)


def load(wanted: Wanted) -> dict:
	"""Rows by day, activity and unit, then class and name; one query besides the rights."""
	if wanted.status not in SHOWABLE:
		frappe.throw(_("Status: {0} can't be shown here").format(wanted.status), errors.AttendanceError)
	if wanted.end < wanted.start:
		frappe.throw(_("Period: the end comes before the start"), errors.BackwardPeriod)
	if (wanted.end - wanted.start).days > LONGEST:
		frappe.throw(_("Period: at most three months at once"), errors.PeriodTooLong)
	if wanted.site:
		rights.require_judge(wanted.site)
	allowed = [wanted.site] if wanted.site else sites()
	rows = _youngest_first(_asked(wanted, allowed))
	closed = closed_months({row.site for row in rows}, DateRange(wanted.start, wanted.end))
	for row in rows:
		row.closed = (row.site, first_of(row.day)) in closed
	return {
		"rows": rows[:SHOWN],
		"more": len(rows) > SHOWN,
		"classes": sorted({row.school_class for row in rows if row.school_class}, key=class_order),
	}


def _youngest_first(rows: list) -> list:
	"""Lists stay in their order; within each, classes from the youngest up, as on every list (R32)."""
	lists: dict[tuple, int] = {}
	for row in rows:
		lists.setdefault((row.day, row.site, row.activity, row.get("unit")), len(lists))
	place = {row.name: lists[row.day, row.site, row.activity, row.get("unit")] for row in rows}
	return sorted(in_order(rows, lambda row: row.school_class), key=lambda row: place[row.name])


def _asked(wanted: Wanted, sites: list[str]) -> list:
	if wanted.status != LATE:
		return _rows(wanted, sites)
	return late_entry.listed(sites, wanted, SHOWN + 1)


def _rows(wanted: Wanted, sites: list[str]) -> list:
	row, person = frappe.qb.DocType("Attendance"), frappe.qb.DocType("Person")
	unit = frappe.qb.DocType("Activity Unit")
	query = (
		frappe.qb.from_(row)
		.join(person)
		.on(row.person == person.name)
		.left_join(unit)
		# A model of activities may bear the same name as an activity.
		.on((unit.parenttype == "Activity") & (unit.parent == row.activity) & (unit.unit == row.unit))
		.where(
			row.site.isin(sites)
			& row.attendance_date[wanted.start : wanted.end]
			& (row.status == wanted.status)
		)
		.select(
			row.name,
			row.attendance_date.as_("day"),
			row.site,
			row.activity,
			row.unit,
			unit.label.as_("unit_label"),
			row.status,
			row.reason,
			row.document,
			row.note,
			row.person,
			person.last_name,
			person.first_name,
			person.school_class,
		)
		.orderby(row.attendance_date, order=frappe.qb.desc)
		.orderby(row.site, row.activity, row.unit, person.school_class, person.last_name, person.first_name)
		.limit(SHOWN + 1)
	)
	if wanted.activity:
		query = query.where(row.activity == wanted.activity)
	if wanted.school_class:
		query = query.where(person.school_class == wanted.school_class)
	return query.run(as_dict=True)
