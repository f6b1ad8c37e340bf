"""What a tablet shows and keeps for when there is no network: the lists of a site and a day (R31, R32).

Every function checks the rights of the session user on the site first. A tablet gets what whoever ticks has to know
of a child, and nothing else of the dossier.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import frappe
from frappe import _
from frappe.utils import get_datetime, getdate, now_datetime

from concerto_education.activities.calendars import school_calendar
from concerto_education.activities.catalogue import offers
from concerto_education.attendance import clock, regularisation, rights
from concerto_education.attendance.badges.service import find as find_badge
from concerto_education.attendance.badges.service import fingerprints
from concerto_education.attendance.closing import is_closed
from concerto_education.attendance.errors import NotTicking
from concerto_education.attendance.history import Key
from concerto_education.attendance.marks import marks_of
from concerto_education.engine.ranges import DateRange
from concerto_education.families.search_children import children_found

AHEAD = timedelta(days=7)  # lists that a tablet may fetch before their day
OVERLAP = timedelta(seconds=5)  # transactions that were still open when the last changes were asked
FOUND = 20


def places() -> list[dict]:
	"""The sites where the user may tick. Refuses whoever may tick nowhere."""
	sites = [
		row.name
		for row in frappe.get_list("Site", filters={"active": 1}, order_by="site_name", limit=0)
		if rights.may_tick(row.name)
	]
	if not sites:
		frappe.throw(_("You may not tick at any site (R10)"), NotTicking)
	# Which activities a site offers is no secret to whoever ticks there.
	offered = set(
		frappe.get_all(
			"Activity Site", filters={"site": ("in", sites), "parenttype": "Activity"}, pluck="site"
		)
	)
	return [{"site": site} for site in sites if site in offered]


def load(site: str, day: date) -> dict:
	"""All lists of a site on a day: children, rows, and presences still to be regularised."""
	rights.require_tick(site)
	asked_at = now_datetime()
	today = getdate()
	if not today - AHEAD <= day <= today + AHEAD:
		frappe.throw(_("Tablets show the lists of this week only. Use the day sheet"))
	activities = _activities(site, day)
	rows = _rows(site, day)
	return {
		"site": site,
		"day": day,
		"closed": is_closed(site, day),
		"asked_at": asked_at,
		"activities": activities,
		"children": _children(site, day, [entry["activity"] for entry in activities], rows),
		"rows": [_shown(row) for row in rows],
		"tasks": _tasks(site, day),
	}


def changes(site: str, day: date, since: datetime) -> dict:
	"""What other devices and the Desk have changed since ``asked_at`` of an earlier answer."""
	rights.require_tick(site)
	asked_at = now_datetime()
	rows = _rows(site, day, since=get_datetime(since) - OVERLAP)
	return {"asked_at": asked_at, "rows": [_shown(row) for row in rows], "tasks": _tasks(site, day)}


def rows_of(keys: list[Key]) -> list[dict]:
	"""Rows by key, as a tablet shows them: only those of sites where the user may tick."""
	if not keys:
		return []
	table = frappe.qb.DocType("Attendance")
	wanted = set(keys)
	found = (
		_query()
		.where(table.enrolment.isin(sorted({key[0] for key in keys})))
		.where(table.attendance_date.isin(sorted({key[1] for key in keys})))
	).run(as_dict=True)
	allowed: dict[str, bool] = {}
	for row in found:
		if row.site not in allowed:
			allowed[row.site] = rights.may_tick(row.site)
	return [
		_shown(row)
		for row in found
		if allowed[row.site] and (row.enrolment, row.attendance_date, row.unit) in wanted
	]


def search(site: str, text: str) -> list[dict]:
	"""Children of the whole authority by name, for one who is present without enrolment: name and class only.

	The search of the dossiers, so a name that was heard wrong is found too (R12); whoever ticks reads no dossier, and
	gets nothing else of it.
	"""
	rights.require_tick(site)
	persons = children_found(text, FOUND)
	# Name and class of those found, for whoever ticks: see above.
	rows = {
		row.person: row
		for row in frappe.get_all(
			"Person",
			filters={"name": ("in", persons)},
			fields=["name as person", "last_name", "first_name", "school_class"],
		)
	}
	return [rows[person] for person in persons if person in rows]


def owner_of_badge(site: str, token: str) -> dict:
	"""Whose badge was scanned, for a child who is on no list of the site: name and class only (R31).

	A badge that opens nothing is an answer, with its reason, and no error: it happens every day.
	"""
	rights.require_tick(site)
	person, reason = find_badge(token)
	if not person:
		return {"person": None, "reason": reason}
	# Name and class of one child, for whoever ticks and holds its badge.
	return frappe.db.get_value(
		"Person", person, ["name as person", "last_name", "first_name", "school_class"], as_dict=True
	)


# ---------------------------------------------------------------- activities


def _activities(site: str, day: date) -> list[dict]:
	calendar = school_calendar(DateRange(day, day), site)
	offered = offers([site])[site]
	hours = _hours(list(offered))
	return [
		{
			"activity": name,
			"clock": rules.clock_mode,
			"step": rules.clock_step,
			"open": day in calendar.years and calendar.is_open(day, rules.opening),
			"units": [
				{"unit": unit, "label": label, **hours[name, unit]} for unit, label in rules.units.items()
			],
		}
		for name, rules in offered.items()
	]


def _hours(activities: list[str]) -> dict[tuple[str, str], dict]:
	"""From when to when each unit goes, so that a tablet can open on the one of now."""
	if not activities:
		return {}
	return {
		(row.parent, row.unit): {
			"from": clock.shown(clock.time_of(row.starts_at)),
			"to": clock.shown(clock.time_of(row.ends_at)),
		}
		for row in frappe.get_all(
			"Activity Unit",
			filters={"parenttype": "Activity", "parent": ("in", activities)},
			fields=["parent", "unit", "starts_at", "ends_at"],
		)
	}


# ---------------------------------------------------------------- children and rows


def _query():
	attendance = frappe.qb.DocType("Attendance")
	return frappe.qb.from_(attendance).select(
		attendance.enrolment,
		attendance.attendance_date,
		attendance.site,
		attendance.unit,
		attendance.status,
		attendance.planned,
		attendance.arrival,
		attendance.departure,
		attendance.minutes,
		attendance.note,
	)


def _rows(site: str, day: date, since: datetime | None = None) -> list[Any]:
	attendance = frappe.qb.DocType("Attendance")
	query = _query().where((attendance.site == site) & (attendance.attendance_date == day))
	if since:
		query = query.where(attendance.modified >= since)
	return query.run(as_dict=True)


def _shown(row) -> dict:
	return {
		"enrolment": row.enrolment,
		"day": row.attendance_date,
		"unit": row.unit,
		"status": row.status,
		"planned": bool(row.planned),
		"arrival": clock.shown(clock.time_of(row.arrival)),
		"departure": clock.shown(clock.time_of(row.departure)),
		"minutes": row.minutes or 0,
		"note": row.note or "",
	}


def _children(site: str, day: date, activities: list[str], rows: list) -> list[dict]:
	"""Everybody enrolled there on that day, expected or not, and whoever has a row."""
	person, enrolment = frappe.qb.DocType("Person"), frappe.qb.DocType("Enrolment")
	holds = (enrolment.status == "Confirmed") & (enrolment.valid_from <= day) & (enrolment.valid_to >= day)
	with_row = sorted({row.enrolment for row in rows})
	if with_row:
		holds = holds | enrolment.name.isin(with_row)
	if not activities:
		return []
	found = (
		frappe.qb.from_(enrolment)
		.join(person)
		.on(enrolment.person == person.name)
		.select(
			enrolment.name.as_("enrolment"),
			enrolment.activity,
			enrolment.category,
			enrolment.family,
			enrolment.person,
			person.last_name,
			person.usage_name,
			person.first_name,
			person.school_class,
		)
		.where((enrolment.site == site) & enrolment.activity.isin(activities) & holds)
		.orderby(person.last_name, person.first_name)
	).run(as_dict=True)
	marks = marks_of(found, day)
	badges = fingerprints(row.person for row in found)
	return [
		{
			"enrolment": row.enrolment,
			"person": row.person,
			"activity": row.activity,
			"last_name": row.usage_name or row.last_name,
			"first_name": row.first_name,
			"class": row.school_class or "",
			"marks": marks[row.enrolment],
			"badge": badges.get(row.person),
		}
		for row in found
	]


def _tasks(site: str, day: date) -> list[dict]:
	# Tasks are the coordinator's; on the list they were added to, whoever ticks sees name and class.
	found = frappe.get_all(
		"Attendance Task",
		filters={"site": site, "attendance_date": day, "status": regularisation.OPEN},
		fields=["client_id", "child_name", "child_class", "activity", "unit", "arrival", "departure", "note"],
		order_by="child_name",
	)
	return [
		{
			**row,
			"arrival": clock.shown(clock.time_of(row.arrival)),
			"departure": clock.shown(clock.time_of(row.departure)),
			"note": row.note or "",
		}
		for row in found
	]
