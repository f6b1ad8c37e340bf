"""A week on one list: who is expected on which day, in the order of the day sheet (R32)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import frappe

from concerto_education.activities.calendars import school_calendar
from concerto_education.activities.catalogue import ActivityRules
from concerto_education.attendance.lists import build
from concerto_education.attendance.order import in_order
from concerto_education.attendance.service import CANCELLED
from concerto_education.engine.ranges import DateRange
from concerto_education.families.overview import age_text


def open_days(rules: ActivityRules, site: str, day: date) -> list[date]:
	"""Open days of the week that holds ``day``."""
	monday = day - timedelta(days=day.weekday())
	span = DateRange(monday, monday + timedelta(days=6))
	calendar = school_calendar(span, site)
	return [one for one in span.days() if one in calendar.years and calendar.is_open(one, rules.opening)]


def week_list(site: str, rules: ActivityRules, unit: str, day: date, grouping: str) -> dict[str, Any]:
	"""Rows with a status for each open day of the week; empty where somebody is not expected."""
	days = open_days(rules, site, day)
	rows = _rows(site, rules.name, unit, days)
	return {
		"days": days,
		"rows": rows,
		"groups": build.groups(rows, rules.name, site, unit, days[0] if days else day, grouping),
		"totals": [sum(1 for row in rows if row["days"][place]) for place in range(len(days))],
	}


def _rows(site: str, activity: str, unit: str, days: list[date]) -> list[dict[str, Any]]:
	if not days:
		return []
	attendance, person = frappe.qb.DocType("Attendance"), frappe.qb.DocType("Person")
	found = (
		frappe.qb.from_(attendance)
		.join(person)
		.on(attendance.person == person.name)
		.select(
			attendance.enrolment,
			attendance.person,
			attendance.attendance_date,
			attendance.status,
			person.last_name,
			person.usage_name,
			person.first_name,
			person.birth_date,
			person.school_class,
		)
		.where((attendance.site == site) & (attendance.activity == activity) & (attendance.unit == unit))
		.where(attendance.attendance_date.isin(days) & (attendance.status != CANCELLED))
		.orderby(person.last_name, person.first_name)
	).run(as_dict=True)
	place_of = {day: place for place, day in enumerate(days)}
	by_enrolment: dict[str, dict[str, Any]] = {}
	for row in in_order(found, lambda row: row.school_class):
		entry = by_enrolment.setdefault(
			row.enrolment,
			{
				"enrolment": row.enrolment,
				"person": row.person,
				"last_name": row.usage_name or row.last_name,
				"first_name": row.first_name,
				"class": row.school_class or "",
				"birth_date": row.birth_date,
				"age": age_text(row.birth_date, days[0]),
				"days": [""] * len(days),
			},
		)
		entry["days"][place_of[row.attendance_date]] = row.status
	return [{"number": number, **entry} for number, entry in enumerate(by_enrolment.values(), 1)]
