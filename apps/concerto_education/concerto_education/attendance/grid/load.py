"""What the month grid shows: people, days and cells of one activity at one site, in a constant number of queries.

Every function checks the rights of the session user on the site first.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

import frappe
from frappe import _
from frappe.utils import cint, getdate

from concerto_education.activities.booking import deadlines
from concerto_education.activities.calendars import school_calendar
from concerto_education.activities.catalogue import ActivityRules, activity_rules
from concerto_education.attendance import closing, rights
from concerto_education.attendance.day_sheet import _why_closed
from concerto_education.attendance.errors import UnknownUnit
from concerto_education.attendance.order import class_order
from concerto_education.attendance.service import CANCELLED
from concerto_education.engine.booking import Outcome
from concerto_education.engine.ranges import DateRange

ONE_DAY = timedelta(days=1)


def month_of(day: date) -> DateRange:
	first = day.replace(day=1)
	following = (first + timedelta(days=32)).replace(day=1)
	return DateRange(first, following - ONE_DAY)


def require_offered(site: str, activity: str) -> ActivityRules:
	rules = activity_rules([activity]).get(activity)
	if not rules or site not in rules.sites:
		frappe.throw(_("{0} is not offered at {1}").format(activity, site), UnknownUnit)
	return rules


def load(site: str, activity: str, month: date) -> dict:
	"""The whole month of an activity at a site: the screen filters and adds up by itself."""
	rights.require_read(site)
	rules = require_offered(site, activity)
	span = month_of(month)
	people = _people(site, activity, span)
	return {
		"site": site,
		"activity": activity,
		"month": span.start,
		"today": getdate(),
		"units": [{"unit": unit, "label": label} for unit, label in rules.units.items()],
		"hours": rules.clock_mode,
		"step": rules.clock_step,
		"days": _days(site, activity, rules, span),
		"people": people,
		"cells": cells([row["enrolment"] for row in people], span),
		"reasons": justifying(),
		"may_tick": rights.may_tick(site),
		"may_judge": rights.may_judge(site),
	}


def justifying() -> list[str]:
	# Names of reasons, for whoever may read the list.
	return frappe.get_all("Absence Reason", filters={"justified": 1}, pluck="name", order_by="name")


# ---------------------------------------------------------------- days


def _days(site: str, activity: str, rules: ActivityRules, span: DateRange) -> list[dict]:
	calendar = school_calendar(span, site)
	limits = deadlines(activity, list(span.days()), site)
	month_closed = (site, span.start) in closing.closed_months([site], span)
	return [
		{
			"day": day,
			"closed": _why_closed(rules, calendar, day),
			"locked": month_closed,
			"book": _late(limits[day].book, (Outcome.SURCHARGE, Outcome.REFUSED)),
			"cancel": _late(limits[day].cancel, (Outcome.BILLED, Outcome.REFUSED)),
		}
		for day in span.days()
	]


def _late(verdict, costly: tuple[Outcome, ...]) -> str | None:
	"""What to warn of before a change; None while it is free."""
	return verdict.text if verdict.outcome in costly else None


# ---------------------------------------------------------------- people


def _people(site: str, activity: str, span: DateRange) -> list[dict]:
	"""Enrolments of the month in the order of the printed lists, also ended ones that still have rows."""
	enrolment, person = frappe.qb.DocType("Enrolment"), frappe.qb.DocType("Person")
	attendance = frappe.qb.DocType("Attendance")
	with_rows = (
		frappe.qb.from_(attendance)
		.select(attendance.enrolment)
		.where(
			(attendance.site == site)
			& (attendance.activity == activity)
			& attendance.attendance_date[span.start : span.end]
			& (attendance.status != CANCELLED)
		)
	)
	holds = (
		(enrolment.status == "Confirmed")
		& (enrolment.valid_from <= span.end)
		& (enrolment.valid_to >= span.start)
	)
	found = (
		frappe.qb.from_(enrolment)
		.join(person)
		.on(enrolment.person == person.name)
		.select(
			enrolment.name.as_("enrolment"),
			enrolment.person,
			enrolment.category,
			enrolment.status,
			enrolment.valid_from,
			enrolment.valid_to,
			person.last_name,
			person.first_name,
			person.usage_name,
			person.school_class,
		)
		.where((enrolment.site == site) & (enrolment.activity == activity))
		.where(holds | enrolment.name.isin(with_rows))
		.orderby(person.last_name, person.first_name, enrolment.valid_from)
	).run(as_dict=True)
	found.sort(key=lambda row: class_order(row.school_class))  # stable: names stay in order
	groups = _groups([row.enrolment for row in found])
	return [
		{
			"enrolment": row.enrolment,
			"person": row.person,
			"last_name": row.usage_name or row.last_name,
			"first_name": row.first_name,
			"class": row.school_class or "",
			"group": groups.get(row.enrolment) or "",
			"category": row.category,
			"from": row.valid_from,
			"to": row.valid_to,
			"ended": row.status != "Confirmed",
		}
		for row in found
	]


def _groups(enrolments: list[str]) -> dict[str, str]:
	if not enrolments or not frappe.get_meta("Enrolment").has_field("activity_group"):
		return {}
	return dict(
		# The same enrolments, their groups.
		frappe.get_all(
			"Enrolment",
			filters={"name": ("in", enrolments)},
			fields=["name", "activity_group"],
			as_list=True,
		)
	)


# ---------------------------------------------------------------- cells


def cells(enrolments: Iterable[str], span: DateRange) -> dict[str, list]:
	"""Cells by enrolment: [day, unit, status, planned, by hand, reason, arrival, departure, minutes, late, note]."""
	enrolments = list(enrolments)
	found: dict[str, list] = defaultdict(list)
	for start in range(0, len(enrolments), 1000):
		# The site's rights were checked by the caller.
		for row in frappe.get_all(
			"Attendance",
			filters={
				"enrolment": ("in", enrolments[start : start + 1000]),
				"attendance_date": ("between", [span.start, span.end]),
			},
			fields=[
				"enrolment",
				"attendance_date",
				"unit",
				"status",
				"planned",
				"ticked_by",
				"reason",
				"arrival",
				"departure",
				"minutes",
				"late_change",
				"note",
			],
			order_by="",
		):
			found[row.enrolment].append(shown(row))
	return found


def shown(row: Any) -> list:
	"""A cell as the screen gets it: positions and not names, because a month has thousands."""
	return [
		row.attendance_date.day,
		row.unit,
		row.status,
		cint(row.planned),
		cint(bool(row.ticked_by)),
		row.reason or "",
		row.arrival or "",
		row.departure or "",
		cint(row.minutes),
		row.late_change or "",
		row.note or "",
	]
