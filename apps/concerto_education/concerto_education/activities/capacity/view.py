"""What the page of places shows: a week of an activity at a site, by group and day, and who waits (R40)."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import frappe
from babel.dates import format_date
from frappe import _
from frappe.utils import format_datetime, formatdate, getdate

from concerto_education.activities.calendars import calendars
from concerto_education.activities.capacity import (
	building,
	groups,
	locking,
	messages,
	offers,
	places,
	waiting,
)
from concerto_education.activities.catalogue import opening_of
from concerto_education.engine.capacity import Slot, levels
from concerto_education.engine.ranges import DateRange, DateSet

WEEK = timedelta(days=6)


def week(activity: str, site: str, day: date) -> dict:
	"""Places of the week of a day. A constant number of queries; the caller has checked the site."""
	monday = day - timedelta(days=day.weekday())
	span = DateRange(monday, monday + WEEK)
	doc = frappe.get_cached_doc("Activity", activity)
	days = _open_days(doc, site, span)
	pair = [(activity, site)]
	taken = levels(places.taken(pair, span))
	wait = levels(places.waiting(pair, span, waiting.OPEN))
	limits = places.Limits([activity])
	rows = []
	for group in [*groups.names(doc, site), ""]:
		for unit in doc.units:
			rows.append(_row(doc, site, group, unit, days, taken, wait, limits))
	rows += _building_rows(doc, site, days)
	return {
		"title": week_text(monday),
		"start": str(monday),
		"previous": str(monday - timedelta(days=7)),
		"next": str(monday + timedelta(days=7)),
		"days": [_day(entry) for entry in days],
		"rows": rows,
		"limited": limits.limited(activity, site) or bool(locking.buildings([site])),
	}


def _open_days(doc, site: str, span: DateRange) -> list[date]:
	calendar = calendars(span).of(site)
	opening = opening_of(doc)
	return [
		day
		for part in DateSet((span,)).intersection(calendar.years).ranges
		for day in calendar.open_days(opening, part)
	]


def _row(doc, site, group, unit, days, taken: Counter, wait: Counter, limits: places.Limits) -> dict:
	names = groups.names(doc, site)
	label = group or (_("All groups") if names else _("Places"))
	return {
		"group": group,
		"label": label,
		"unit": unit.label if len(doc.units) > 1 else "",
		"cells": [_cell(Slot(doc.name, site, day, unit.unit, group), taken, wait, limits) for day in days],
	}


def _cell(slot: Slot, taken: Counter, wait: Counter, limits: places.Limits) -> dict:
	return _numbers(limits.of(slot), taken[slot], wait[slot])


def _building_rows(doc, site: str, days: list[date]) -> list[dict]:
	"""The building as a whole at the hours of each unit, all activities together, where it has a capacity."""
	limit = locking.buildings([site]).get(site)
	if limit is None or not days or doc.kind in building.ELSEWHERE:
		return []
	slots = {(day, unit.unit): Slot(doc.name, site, day, unit.unit) for day in days for unit in doc.units}
	room = building.of(list(slots.values()), everyone=True)
	return [
		{
			"group": "",
			"label": _("Whole site, all activities"),
			"unit": unit.label if len(doc.units) > 1 else "",
			"cells": [_numbers(limit, room.number(slots[day, unit.unit]), 0) for day in days],
		}
		for unit in doc.units
	]


def _numbers(limit: int | None, number: int, waiting_: int) -> dict:
	return {
		"taken": number,
		"limit": limit,
		"free": None if limit is None else max(0, limit - number),
		"over": 0 if limit is None else max(0, number - limit),
		"waiting": waiting_,
		"percent": None if limit is None else (100 if not limit else min(100, number * 100 // limit)),
	}


def _day(day: date) -> dict:
	lang = frappe.local.lang or "fr"
	return {
		"date": str(day),
		"weekday": format_date(day, "EEEE", locale=lang),
		"text": format_date(day, "d MMMM", locale=lang),
		"past": day < getdate(),
	}


def week_text(monday: date) -> str:
	"""« Semaine du 7 au 13 septembre 2026 »."""
	lang = frappe.local.lang or "fr"
	end = monday + WEEK
	first = format_date(monday, "d" if monday.month == end.month else "d MMMM", locale=lang)
	return _("Week from {0} to {1}").format(first, format_date(end, "d MMMM yyyy", locale=lang))


def waiting_list(activity: str, site: str) -> list[dict]:
	"""Who waits, in order of rank, and who was asked lately. The caller has checked the site."""
	free = offers.offerable(activity, site)
	rows = waiting.entries(activity, site, (*waiting.OPEN, waiting.EXPIRED))
	# Names of children of a site that the caller may see.
	names = dict(
		frappe.get_all(
			"Person",
			filters={"name": ("in", [row.person for row in rows] or [""])},
			fields=["name", "full_name"],
			as_list=True,
		)
	)
	lang = frappe.local.lang or "fr"
	rank = 0
	shown = []
	for row in rows:
		if row.status in waiting.OPEN:
			rank += 1
		shown.append(
			{
				"name": row.name,
				"rank": rank if row.status in waiting.OPEN else None,
				"enrolment": row.enrolment,
				"child": names.get(row.person, row.person),
				"group": row.activity_group or "",
				"status": row.status,
				"scope": row.scope,
				"days": messages.days_text([day for day, _unit in row.days], lang),
				"requested": formatdate(row.requested_at),
				"deadline": format_datetime(row.deadline, "dd/MM/yyyy HH:mm") if row.deadline else "",
				"points": row.points,
				"criteria": row.criteria or "",
				"can_offer": row.name in free,
			}
		)
	return shown
