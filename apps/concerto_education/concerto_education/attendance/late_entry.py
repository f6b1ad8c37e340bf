"""Late pick-ups as coordinators and directors record them, from the day sheet and the page of absences (R10).

Each function asks first whether the session user may record them at the site of the stored enrolment.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

import frappe
from frappe import _
from frappe.utils import cint, getdate

from concerto_education.activities.activity_words import late_pickup_sentence
from concerto_education.activities.booking.rules import late_pickup_rule
from concerto_education.attendance import clock, rights
from concerto_education.attendance.service import PRESENT, name_of
from concerto_education.engine.booking import billed_pickups

# Nobody is fetched from these by a parent who comes too late, unless the activity has a rule about it.
NOT_FETCHED = frozenset({"Canteen", "Transport, Wednesday", "Transport, Holidays", "RAM", "LAEP"})


def concerns(activity: str) -> bool:
	"""Whether children are fetched from this activity, so that somebody can be late."""
	kind, first = frappe.get_cached_value("Activity", activity, ["kind", "late_pickup_from"])
	return kind not in NOT_FETCHED or cint(first) > 0


def of_day(enrolments: Iterable[str], day: date) -> dict[str, dict]:
	"""What is recorded on a day, by enrolment, for whoever may read it. One query."""
	names = sorted(set(enrolments))
	if not names or not frappe.has_permission("Late Pickup", "read"):
		return {}
	# Children of a list of a site that was asked for before.
	rows = frappe.get_all(
		"Late Pickup",
		filters={"enrolment": ("in", names), "pickup_date": day},
		fields=["enrolment", "minutes", "excused"],
	)
	return {row.enrolment: {"minutes": row.minutes, "excused": bool(row.excused)} for row in rows}


def load(enrolment: str, day: date) -> dict:
	"""What the dialog shows: what is recorded or suggested, and what the rule of the activity makes of it."""
	found = _enrolment(enrolment)
	recorded = _record(enrolment, day)
	activity = frappe.get_cached_doc("Activity", found.activity)
	return {
		"child": name_of(found.person),
		"activity": found.activity,
		"day": day,
		"recorded": bool(recorded),
		"minutes": recorded.minutes if recorded else _minutes_of_the_clock(enrolment, day, activity),
		"excused": bool(recorded and recorded.excused),
		"note": (recorded and recorded.note) or "",
		"rule": late_pickup_sentence(activity),
		"number": _number(found, day, activity),
		"billed_from": cint(activity.late_pickup_from),
	}


def record(enrolment: str, day: date, minutes: int, excused: bool = False, note: str | None = None):
	"""Record, or correct what is recorded of that day."""
	_enrolment(enrolment)
	doc = _record(enrolment, day) or frappe.new_doc("Late Pickup")
	doc.update({"minutes": minutes, "excused": int(excused), "note": note})
	if doc.is_new():
		doc.update({"enrolment": enrolment, "pickup_date": day})
	return doc.save()


def remove(enrolment: str, day: date) -> None:
	"""Nobody was late after all."""
	_enrolment(enrolment)
	doc = _record(enrolment, day)
	if doc:
		doc.delete()


def listed(sites: Iterable[str], wanted, limit: int) -> list:
	"""What is recorded at these sites, the newest first: ``wanted`` by the page of absences."""
	allowed = [site for site in sites if rights.may_record_late(site)]
	if not allowed:
		return []
	pickup, person = frappe.qb.DocType("Late Pickup"), frappe.qb.DocType("Person")
	query = (
		frappe.qb.from_(pickup)
		.join(person)
		.on(pickup.person == person.name)
		.where(pickup.site.isin(allowed) & pickup.pickup_date[wanted.start : wanted.end])
		.select(
			pickup.name,
			pickup.enrolment,
			pickup.pickup_date.as_("day"),
			pickup.site,
			pickup.activity,
			pickup.minutes,
			pickup.excused,
			pickup.note,
			person.last_name,
			person.first_name,
			person.school_class,
		)
		.orderby(pickup.pickup_date, order=frappe.qb.desc)
		.orderby(pickup.site, pickup.activity, person.last_name, person.first_name)
		.limit(limit)
	)
	if wanted.activity:
		query = query.where(pickup.activity == wanted.activity)
	if wanted.school_class:
		query = query.where(person.school_class == wanted.school_class)
	return query.run(as_dict=True)


def candidates(site: str, day: date) -> list[dict]:
	"""Who was present at the site on a day, in an activity from which children are fetched."""
	rights.require_record_late(site)
	row, person = frappe.qb.DocType("Attendance"), frappe.qb.DocType("Person")
	found = (
		frappe.qb.from_(row)
		.join(person)
		.on(row.person == person.name)
		.where((row.site == site) & (row.attendance_date == day) & (row.status == PRESENT))
		.select(row.enrolment, row.activity, person.last_name, person.first_name, person.school_class)
		.distinct()
		.orderby(row.activity, person.last_name, person.first_name)
	).run(as_dict=True)
	fetched = {name: concerns(name) for name in {entry.activity for entry in found}}
	return [entry for entry in found if fetched[entry.activity]]


def _enrolment(name: str):
	"""Whose and where, from the stored record; refuses whoever may not record there."""
	found = frappe.db.get_value("Enrolment", name, ["person", "activity", "site"], as_dict=True)
	if not found:
		frappe.throw(_("Enrolment {0} not found").format(name), frappe.DoesNotExistError)
	rights.require_record_late(found.site)
	return found


def _record(enrolment: str, day: date):
	name = frappe.db.get_value("Late Pickup", {"enrolment": enrolment, "pickup_date": day})
	return frappe.get_doc("Late Pickup", name) if name else None


def _minutes_of_the_clock(enrolment: str, day: date, activity) -> int | None:
	"""Where the departure was noted: how long after the end of the last unit of that day it was."""
	# The row of a child whose site was just checked.
	rows = frappe.get_all(
		"Attendance",
		filters={"enrolment": enrolment, "attendance_date": day, "status": PRESENT},
		fields=["unit", "departure"],
	)
	ends = {unit.unit: clock.time_of(unit.ends_at) for unit in activity.units}
	late = [
		(left.hour - end.hour) * 60 + left.minute - end.minute
		for row in rows
		if (left := clock.time_of(row.departure)) and (end := ends.get(row.unit))
	]
	return next((minutes for minutes in [max(late, default=0)] if minutes > 0), None)


def _number(enrolment, day: date, activity) -> int:
	"""Which late pick-up of the child a counted one on this day is, within what the activity counts."""
	rule = replace(late_pickup_rule(activity), first_billed=1)
	first = date(day.year if day.month >= 9 else day.year - 1, 9, 1)
	# The child's own, for whoever records one of it.
	others = frappe.get_all(
		"Late Pickup",
		filters={
			"person": enrolment.person,
			"activity": enrolment.activity,
			"excused": 0,
			"pickup_date": ("between", (first, day)),
		},
		fields=["name", "pickup_date", "minutes"],
	)
	pickups = [(row.pickup_date, row.name, row.minutes) for row in others if getdate(row.pickup_date) != day]
	return billed_pickups(rule, [*pickups, (day, "", rule.grace + 1)])[""]
