"""What is left to do before the month of a site can be closed (R31, R33): unticked, unenrolled, incoherent.

A kind of problem is one query; the board counts it for every site at once, the site's own page lists it.
To add one: write its query and put it into ``KINDS``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import frappe
from frappe import _
from frappe.utils import formatdate, getdate
from pypika.functions import Count
from pypika.terms import ExistsCriterion

from concerto_education.attendance.closing.months import month_span
from concerto_education.attendance.service import ABSENT, CANCELLED, JUSTIFIED, PLANNED, PRESENT

SHOWN = 200  # lines of one kind on the page of a site


@dataclass(frozen=True)
class Kind:
	"""One kind of problem. ``query(sites, span)`` gives its rows with a site; ``line(row)`` its text and its link."""

	name: str
	label: Callable[[], str]
	query: Callable[[list[str], Any], Any]
	line: Callable[[Any], dict]
	blocking: bool = True


def counts(sites: Iterable[str], month: date) -> dict[str, Counter]:
	"""How many of each kind, by site. One query for each kind, however many sites."""
	names, span = sorted(set(sites)), month_span(month)
	found: dict[str, Counter] = {site: Counter() for site in names}
	if names:
		for kind in KINDS:
			for row in kind.query(names, span).run(as_dict=True):
				found[row.site][kind.name] += row.get("how_many") or 1
	return found


def blocking(counted: Counter) -> int:
	"""How many of what is counted keeps the month open."""
	return sum(counted[kind.name] for kind in KINDS if kind.blocking)


def listed(site: str, month: date) -> list[dict]:
	"""The kinds with their lines, for the page of a site; kinds of which there is nothing are left out."""
	span = month_span(month)
	answer = []
	for kind in KINDS:
		rows = kind.query([site], span).run(as_dict=True)
		if rows:
			answer.append(
				{
					"kind": kind.name,
					"label": kind.label(),
					"blocking": kind.blocking,
					"count": sum(row.get("how_many") or 1 for row in rows),
					"lines": [kind.line(row) for row in rows[:SHOWN]],
					"more": max(0, len(rows) - SHOWN),
				}
			)
	return answer


# ---------------------------------------------------------------- unticked (R31)


def _attendance(sites: list[str], span):
	"""Rows of the month, joined with their activity. Below permissions: who asks was checked for the sites."""
	row, activity = frappe.qb.DocType("Attendance"), frappe.qb.DocType("Activity")
	query = (
		frappe.qb.from_(row)
		.join(activity)
		.on(row.activity == activity.name)
		.where(row.site.isin(sites) & row.attendance_date[span.start : span.end])
	)
	return query, row, activity


def _unticked(sites, span):
	"""Lists that are kept and not billed (transport run by others: R28) may stay as they are.

	Of a month that is going on, what has not come yet is no work that is left.
	"""
	query, row, activity = _attendance(sites, span)
	return (
		query.where((row.status == PLANNED) & (activity.billing_rule != "Not Billed"))
		.where(row.attendance_date <= getdate())
		.groupby(row.site, row.activity, row.attendance_date, row.unit)
		.select(row.site, row.activity, row.attendance_date, row.unit, Count("*").as_("how_many"))
		.orderby(row.attendance_date, row.activity, row.unit)
	)


def _unticked_line(row) -> dict:
	return {
		"text": _("{0}, {1}: {2} to tick").format(
			formatdate(row.attendance_date), _list_name(row.activity, row.unit), row.how_many
		),
		"route": ["day-sheet"],
		"options": {
			"site": row.site,
			"activity": row.activity,
			"unit": row.unit,
			"day": str(row.attendance_date),
		},
	}


def _list_name(activity: str, unit: str) -> str:
	"""« Garderie – Soir »: an activity with several units has a list for each."""
	units = frappe.get_cached_doc("Activity", activity).units
	label = next((row.label for row in units if row.unit == unit), unit)
	return f"{activity} – {label}" if len(units) > 1 else activity


# ---------------------------------------------------------------- unenrolled (R31)


def _unenrolled(sites, span):
	task = frappe.qb.DocType("Attendance Task")
	return (
		frappe.qb.from_(task)
		.where(
			task.site.isin(sites)
			& task.attendance_date[span.start : span.end]
			& (task.status == "To Regularise")
		)
		.select(task.site, task.name, task.child_name, task.activity, task.attendance_date)
		.orderby(task.attendance_date, task.name)
	)


def _unenrolled_line(row) -> dict:
	text = _("{0}, {1}: {2} came without being enrolled")
	return {
		"text": text.format(formatdate(row.attendance_date), row.activity, row.child_name),
		"route": ["Form", "Attendance Task", row.name],
	}


def _refused(sites, span):
	event, person = frappe.qb.DocType("Attendance Event"), frappe.qb.DocType("Person")
	return (
		frappe.qb.from_(event)
		.left_join(person)
		.on(event.person == person.name)
		.where(
			event.site.isin(sites)
			& event.attendance_date[span.start : span.end]
			& (event.result == "Refused")
			& (event.handled == 0)
		)
		.select(event.site, event.name, event.attendance_date, event.reason, person.full_name)
		.orderby(event.attendance_date, event.name)
	)


def _refused_line(row) -> dict:
	return {
		"text": f"{formatdate(row.attendance_date)}, {row.full_name or ''} : {row.reason or ''}",
		"route": ["Form", "Attendance Event", row.name],
	}


# ---------------------------------------------------------------- incoherent


def _people(query, row):
	"""With the name of the person, for the line."""
	person = frappe.qb.DocType("Person")
	return (
		query.join(person)
		.on(row.person == person.name)
		.select(row.site, row.name, row.activity, row.attendance_date, person.full_name)
		.orderby(row.attendance_date, person.full_name)
	)


def _hours(sites, span):
	"""Where the clock is noted, both times are needed: the half-hours come from them (R36)."""
	query, row, activity = _attendance(sites, span)
	times = row.arrival.isnull() | (row.arrival == "") | row.departure.isnull() | (row.departure == "")
	return _people(query.where((activity.clock_mode == 1) & (row.status == PRESENT) & times), row)


def _hours_line(row) -> dict:
	return _row_line(row, _("{0}, {1}: arrival or departure of {2} is missing"))


def _outside(sites, span):
	query, row, _activity = _attendance(sites, span)
	enrolment = frappe.qb.DocType("Enrolment")
	outside = (
		(enrolment.status != "Confirmed")
		| (row.attendance_date < enrolment.valid_from)
		| (row.attendance_date > enrolment.valid_to)
	)
	query = query.join(enrolment).on(row.enrolment == enrolment.name)
	return _people(query.where((row.status != CANCELLED) & outside), row)


def _outside_line(row) -> dict:
	return _row_line(row, _("{0}, {1}: the enrolment of {2} does not hold on this day"))


def _row_line(row, text: str) -> dict:
	return {
		"text": text.format(formatdate(row.attendance_date), row.activity, row.full_name),
		"route": ["Form", "Attendance", row.name],
	}


def _unplanned(sites, span):
	"""Forecasts are mandatory (R27): enrolled in an activity that was open this month, and never expected."""
	enrolment, activity = frappe.qb.DocType("Enrolment"), frappe.qb.DocType("Activity")
	person, row = frappe.qb.DocType("Person"), frappe.qb.DocType("Attendance")
	other = frappe.qb.DocType("Attendance").as_("others")
	of_enrolment = (
		frappe.qb.from_(row)
		.select(row.name)
		.where((row.enrolment == enrolment.name) & row.attendance_date[span.start : span.end])
	)
	of_others = (
		frappe.qb.from_(other)
		.select(other.name)
		.where(
			(other.site == enrolment.site)
			& (other.activity == enrolment.activity)
			& other.attendance_date[span.start : span.end]
		)
	)
	return (
		frappe.qb.from_(enrolment)
		.join(activity)
		.on(enrolment.activity == activity.name)
		.join(person)
		.on(enrolment.person == person.name)
		.where(
			enrolment.site.isin(sites)
			& (enrolment.status == "Confirmed")
			& (enrolment.valid_from <= span.end)
			& (enrolment.valid_to >= span.start)
			& (activity.needs_forecast == 1)
			& ExistsCriterion(of_enrolment).negate()
			& ExistsCriterion(of_others)
		)
		.select(enrolment.site, enrolment.name, enrolment.activity, person.full_name)
		.orderby(enrolment.activity, person.full_name)
	)


def _unplanned_line(row) -> dict:
	return {
		"text": _("{0}: {1} is enrolled and was never expected this month").format(
			row.activity, row.full_name
		),
		"route": ["Form", "Enrolment", row.name],
	}


UNENROLLED = Kind("unenrolled", lambda: _("Present without enrolment"), _unenrolled, _unenrolled_line)
OUTSIDE = Kind("outside", lambda: _("Outside of the enrolment"), _outside, _outside_line)
UNPLANNED = Kind(
	"unplanned", lambda: _("Enrolled and never expected"), _unplanned, _unplanned_line, blocking=False
)
KINDS = (
	Kind("unticked", lambda: _("Still to tick"), _unticked, _unticked_line),
	UNENROLLED,
	Kind("refused", lambda: _("Refused ticks not settled"), _refused, _refused_line),
	Kind("hours", lambda: _("Hours incomplete"), _hours, _hours_line),
	OUTSIDE,
	UNPLANNED,
)

CONFIRMED = {"present": PRESENT, "absent": ABSENT, "justified": JUSTIFIED}


def figures(site: str, month: date) -> dict[str, int]:
	"""Present, A and AJ of a month: what its responsible confirms."""
	span, row = month_span(month), frappe.qb.DocType("Attendance")
	found = dict(
		(
			frappe.qb.from_(row)
			.where((row.site == site) & row.attendance_date[span.start : span.end])
			.groupby(row.status)
			.select(row.status, Count("*"))
		).run()
	)
	return {field: int(found.get(status, 0)) for field, status in CONFIRMED.items()}
