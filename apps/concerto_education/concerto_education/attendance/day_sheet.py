"""What the day sheet shows: one list for a site, activity, day and unit, in a few queries (R31, R32).

Every function checks the rights of the session user on the site first.
"""

from __future__ import annotations

from datetime import date, timedelta

import frappe
from frappe import _
from frappe.utils import getdate, pretty_date

from concerto_education.activities.calendars import last_open_day, school_calendar
from concerto_education.activities.catalogue import ActivityRules, activity_rules, offers
from concerto_education.activities.nearest import first_site, nearest
from concerto_education.attendance import closing, late_entry, rights
from concerto_education.attendance.marks import marks_of
from concerto_education.attendance.order import check_word, in_order
from concerto_education.attendance.service import CANCELLED
from concerto_education.engine.calendar import SchoolCalendar
from concerto_education.engine.ranges import DateRange

REACH = timedelta(days=70)  # longer than the summer holidays
ONE_DAY = timedelta(days=1)


def options() -> dict:
	"""The sites the user may see, and what is ticked at each of them; ``default`` is where a screen opens."""
	if not frappe.has_permission("Attendance", "read"):
		frappe.throw(_("You may not read attendance"), frappe.PermissionError)
	sites = [
		row.name for row in frappe.get_list("Site", filters={"active": 1}, order_by="site_name", limit=0)
	]
	offered = offers(sites)
	opens = nearest(offered, getdate())
	first = first_site(opens)
	return {
		"sites": [
			{
				"site": site,
				"default": site == first,
				"activities": [
					{
						"activity": name,
						"default": name == opens.get(site, (None, None))[1],
						"units": [{"unit": unit, "label": label} for unit, label in rules.units.items()],
					}
					for name, rules in offered[site].items()
				],
			}
			for site in sites
			if offered[site]
		]
	}


def load(site: str, activity: str, unit: str, day: date | None = None) -> dict:
	"""The list of a day (by default today, else the last open day) with all that the screen needs."""
	rights.require_read(site)
	rules = activity_rules([activity]).get(activity)
	if not rules or site not in rules.sites or unit not in rules.units:
		frappe.throw(_("{0} is not offered at {1}").format(activity, site))
	today = getdate()
	asked = day or today
	calendar = school_calendar(DateRange(asked - REACH, asked + REACH), site)
	day = day or last_open_day(rules.opening, site, today, calendar) or today
	found = rows(site, activity, unit, day)
	month_closed = closing.is_closed(site, day)
	changeable = not month_closed or closing.may_change_closed()
	return {
		"site": site,
		"activity": activity,
		"unit": unit,
		"unit_label": rules.units[unit],
		"day": day,
		"today": today,
		"closed": _why_closed(rules, calendar, day),
		"month_closed": month_closed,
		"previous": _open_day(rules, calendar, day, -ONE_DAY),
		"next": _open_day(rules, calendar, day, ONE_DAY),
		"may_tick": changeable and rights.may_tick(site) and day <= today,
		"may_judge": changeable and rights.may_judge(site),
		"may_record_late": changeable
		and day <= today
		and rights.may_record_late(site)
		and late_entry.concerns(activity),
		"reasons": frappe.get_all("Absence Reason", filters={"justified": 1}, pluck="name", order_by="name"),
		"rows": found,
		"check": check_word(row["enrolment"] for row in found),
	}


def _why_closed(rules: ActivityRules, calendar: SchoolCalendar, day: date) -> str | None:
	"""Why nobody is expected on that day; None on an open day."""
	if day not in calendar.years:
		return _("No school year covers this day")
	if calendar.is_open(day, rules.opening):
		return None
	return calendar.label(day) or (
		_("The site is closed") if day in calendar.closures else _("Not an opening day")
	)


def _open_day(rules: ActivityRules, calendar: SchoolCalendar, day: date, step: timedelta) -> date | None:
	"""The nearest open day in one direction, for the arrows of the screen."""
	for _count in range(REACH.days - 1):
		day += step
		if day in calendar.years and calendar.is_open(day, rules.opening):
			return day
	return None


def rows(site: str, activity: str, unit: str, day: date, name: str | None = None) -> list[dict]:
	"""The children of a list by class, then name; cancelled ones are not expected any more."""
	attendance = frappe.qb.DocType("Attendance")
	person = frappe.qb.DocType("Person")
	enrolment = frappe.qb.DocType("Enrolment")
	query = (
		frappe.qb.from_(attendance)
		.join(person)
		.on(attendance.person == person.name)
		.join(enrolment)
		.on(attendance.enrolment == enrolment.name)
		.select(
			attendance.name,
			attendance.status,
			attendance.planned,
			attendance.reason,
			attendance.note,
			attendance.ticked_by,
			attendance.ticked_at,
			attendance.enrolment,
			attendance.person,
			person.last_name,
			person.first_name,
			person.usage_name,
			person.school_class,
			enrolment.family,
			enrolment.category,
		)
		.where(attendance.status != CANCELLED)
		.orderby(person.last_name, person.first_name)
	)
	if name:
		query = query.where(attendance.name == name)
	else:
		query = query.where(
			(attendance.site == site)
			& (attendance.activity == activity)
			& (attendance.attendance_date == day)
			& (attendance.unit == unit)
		)
	found = query.run(as_dict=True)
	found = in_order(found, lambda row: row.school_class)
	people = _full_names({row.ticked_by for row in found if row.ticked_by})
	# Whoever receives the children has to know their allergies; who only reads the list (finance) has not.
	marks = marks_of(found, day) if rights.may_tick(site) else {}
	late = late_entry.of_day((row.enrolment for row in found), getdate(day))
	return [
		{**_shown(row, people, marks.get(row.enrolment, [])), "late": late.get(row.enrolment)}
		for row in found
	]


def row(doc) -> dict | None:
	"""One row as the list shows it, after a change; None when it has left the list."""
	found = rows(doc.site, doc.activity, doc.unit, doc.attendance_date, doc.name)
	return found[0] if found else None


def _shown(row, people: dict[str, str], marks: list[dict]) -> dict:
	return {
		"name": row.name,
		"enrolment": row.enrolment,
		"last_name": row.usage_name or row.last_name,
		"first_name": row.first_name,
		"class": row.school_class or "",
		"category": row.category,
		"marks": marks,
		"status": row.status,
		"planned": row.planned,
		"reason": row.reason,
		"note": row.note,
		"ticked_by": people.get(row.ticked_by),
		"ticked": pretty_date(row.ticked_at) if row.ticked_at else None,
	}


def _full_names(users: set[str]) -> dict[str, str]:
	if not users:
		return {}
	# The name of a colleague who ticked, for whoever may see the list.
	found = frappe.get_all("User", filters={"name": ("in", list(users))}, fields=["name", "full_name"])
	return {user.name: user.full_name for user in found}


def candidates(site: str, activity: str, unit: str, day: date, text: str = "") -> list[dict]:
	"""People enrolled there who are not on the list of that day: they may come all the same (R31)."""
	rights.require_tick(site)
	attendance = frappe.qb.DocType("Attendance")
	person = frappe.qb.DocType("Person")
	enrolment = frappe.qb.DocType("Enrolment")
	expected = (
		frappe.qb.from_(attendance)
		.select(attendance.enrolment)
		.where(
			(attendance.site == site)
			& (attendance.activity == activity)
			& (attendance.attendance_date == day)
			& (attendance.unit == unit)
			& (attendance.status != CANCELLED)
		)
	)
	query = (
		frappe.qb.from_(enrolment)
		.join(person)
		.on(enrolment.person == person.name)
		.select(
			enrolment.name.as_("enrolment"),
			enrolment.category,
			person.last_name,
			person.first_name,
			person.school_class.as_("class"),
		)
		.where(
			(enrolment.site == site)
			& (enrolment.activity == activity)
			& (enrolment.status == "Confirmed")
			& (enrolment.valid_from <= day)
			& (enrolment.valid_to >= day)
			& enrolment.name.notin(expected)
		)
		.orderby(person.last_name, person.first_name)
		.limit(200)
	)
	for word in text.split():
		query = query.where(person.last_name.like(f"%{word}%") | person.first_name.like(f"%{word}%"))
	return query.run(as_dict=True)
