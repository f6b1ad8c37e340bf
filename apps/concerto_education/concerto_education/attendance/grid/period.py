"""One change over a period: the children chosen, the weekdays, the units, from … to (R27)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

import frappe
from frappe import _

from concerto_education.activities.calendars import school_calendar
from concerto_education.activities.periods import require_order
from concerto_education.attendance import errors, rights
from concerto_education.attendance.grid import load, save
from concerto_education.attendance.grid.rules import PATTERN, Change
from concerto_education.attendance.service import CANCELLED, PLANNED
from concerto_education.engine.ranges import DateRange

LONGEST = 370  # days


@dataclass(frozen=True, slots=True)
class Asked:
	enrolments: tuple[str, ...]
	start: date
	end: date
	weekdays: frozenset[int]  # ISO, Monday 1
	units: tuple[str, ...]
	wanted: str


def changes_of(site: str, activity: str, asked: Asked) -> list[Change]:
	"""The cells that are asked for, open days only. Closed days are no mistake here: a period contains some."""
	rights.require_plan(site)
	rules = load.require_offered(site, activity)
	require_order(asked.start, asked.end, errors.AttendanceError)
	if asked.wanted not in (PLANNED, CANCELLED, PATTERN):
		frappe.throw(_("The screen asked for something unknown"), errors.AttendanceError)
	if not (asked.enrolments and asked.weekdays and asked.units):
		frappe.throw(
			_("Choose at least one person, one day of the week and one unit"), errors.AttendanceError
		)
	if (asked.end - asked.start).days > LONGEST:
		frappe.throw(_("Period: choose at most one year"), errors.TooManyChanges)
	span = DateRange(asked.start, asked.end)
	calendar = school_calendar(span, site)
	days = [
		day
		for day in span.days()
		if day.isoweekday() in asked.weekdays
		and day in calendar.years
		and calendar.is_open(day, rules.opening)
	]
	held = _periods(asked.enrolments)
	return [
		Change(name, day, unit, asked.wanted)
		for name in asked.enrolments
		for day in days
		if name not in held or day in held[name]
		for unit in asked.units
	]


def _periods(enrolments: tuple[str, ...]) -> dict[str, DateRange]:
	# Days outside of an enrolment are left out in silence; whether it belongs here is asked when it is changed.
	found = frappe.get_all(
		"Enrolment", filters={"name": ("in", enrolments)}, fields=["name", "valid_from", "valid_to"]
	)
	return {row.name: DateRange(row.valid_from, row.valid_to) for row in found}


def preview(site: str, activity: str, asked: Asked) -> dict:
	"""How many days would be asked for, and of how many children."""
	changes = changes_of(site, activity, asked)
	return {"days": len(changes), "people": len({change.enrolment for change in changes})}


def apply(site: str, activity: str, asked: Asked) -> dict:
	"""Make the changes. Returns how many were made, and how often each reason refused one."""
	outcome = save.save(site, activity, changes_of(site, activity, asked))
	refused = Counter(result["reason"] for result in outcome["results"] if result["state"] == "refused")
	return {
		"done": sum(result["state"] == "ok" for result in outcome["results"]),
		"refused": [{"reason": reason, "count": count} for reason, count in refused.most_common()],
	}
