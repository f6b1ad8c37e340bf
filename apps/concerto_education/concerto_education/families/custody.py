"""Custody calendars: what a form may say, and who pays on which day (R19).

The rules themselves are the engine's; here records become its objects.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import frappe
from frappe import _
from frappe.utils import cint, formatdate, getdate

from concerto_education.engine import custody as engine
from concerto_education.engine.calendar import HolidayKind, HolidayPeriod
from concerto_education.engine.ranges import DateMap, DateRange
from concerto_education.families.errors import (
	CustodyCalendarsOverlap,
	CustodyEndsBeforeStart,
	InvalidCustodyException,
	NoCustodyDay,
	NotAChildOfFamily,
	PayerOfOtherFamily,
	SamePayerTwice,
)
from concerto_education.families.members import CHILD
from concerto_education.families.payers import member_role

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
BY_WEEKDAY = "Weekdays"
FROM_DATE = "Alternate From Date"
SAME_RULE = "Same Rule"


# ---------------------------------------------------------------- what a form may say


def check(doc) -> None:
	"""Throw the first rule that a custody calendar breaks."""
	_check_payers(doc)
	if member_role(doc.family, doc.person) != CHILD:
		frappe.throw(_("Child: this person is not a child of the family (R19)"), NotAChildOfFamily)
	if doc.valid_to and getdate(doc.valid_to) < getdate(doc.valid_from):
		frappe.throw(_("Valid To: it cannot be before “Valid From” (R19)"), CustodyEndsBeforeStart)
	if doc.rule == BY_WEEKDAY and sum(cint(doc.get(day)) for day in WEEKDAYS) not in range(1, len(WEEKDAYS)):
		frappe.throw(
			_("Weekdays: tick the days of the first payer; each payer has at least one (R19)"), NoCustodyDay
		)
	_check_overlap(doc)
	_check_exceptions(doc)


def _check_payers(doc) -> None:
	if doc.first_payer == doc.second_payer:
		frappe.throw(_("Second Payer: custody alternates between two different payers (R19)"), SamePayerTwice)
	for field in ("first_payer", "second_payer"):
		if frappe.db.get_value("Payer", doc.get(field), "family") != doc.family:
			frappe.throw(
				_("{0}: this payer is not of the family of the calendar (R19)").format(
					_(doc.meta.get_label(field))
				),
				PayerOfOtherFamily,
			)


def _check_overlap(doc) -> None:
	mine = span_of(doc)
	# Every calendar of the child counts, whatever the user may read.
	for other in frappe.get_all(
		"Custody Calendar",
		filters={"person": doc.person, "family": doc.family, "name": ("!=", doc.name or "")},
		fields=["name", "valid_from", "valid_to"],
	):
		if mine.overlaps(span_of(other)):
			frappe.throw(
				_(
					"Valid From: the calendar {0} of this child already holds on these days. Close it first (R19)"
				).format(other.name),
				CustodyCalendarsOverlap,
			)


def _check_exceptions(doc) -> None:
	span, seen = span_of(doc), set()
	for row in doc.exceptions or []:
		day = getdate(row.date)
		if row.payer not in (doc.first_payer, doc.second_payer) or day in seen or day not in span:
			frappe.throw(
				_(
					"Exceptions: row {0} ({1}) names one of the two payers, once a day, within the dates of the calendar (R19)"
				).format(row.idx, formatdate(day)),
				InvalidCustodyException,
			)
		seen.add(day)


def span_of(doc) -> DateRange:
	return DateRange(getdate(doc.valid_from), getdate(doc.valid_to) if doc.valid_to else None)


# ---------------------------------------------------------------- who pays on which day


def payer_days(calendars: Iterable[str], window: DateRange) -> dict[str, DateMap[str]]:
	"""Each calendar by name, as a map from the days of ``window`` to the payer: exactly one on each day it covers.

	A constant number of queries. Permissions are the caller's affair: billing needs every calendar.
	"""
	names = sorted(set(calendars))
	if not names:
		return {}
	rows = frappe.get_all("Custody Calendar", filters={"name": ("in", names)}, fields=["*"])
	exceptions: dict[str, dict] = defaultdict(dict)
	for row in frappe.get_all(
		"Custody Exception",
		filters={"parent": ("in", names), "parenttype": "Custody Calendar"},
		fields=["parent", "date", "payer"],
	):
		exceptions[row.parent][getdate(row.date)] = row.payer
	halved = any(row.holiday_rule and row.holiday_rule != SAME_RULE for row in rows)
	shared = holidays(window) if halved else DateMap()
	found = {}
	for row in rows:
		common = span_of(row).intersection(window)
		calendar = to_engine(row, exceptions[row.name], shared)
		found[row.name] = calendar.over(common) if common else DateMap()
	return found


def to_engine(row, exceptions: dict, holidays: DateMap[HolidayPeriod]) -> engine.CustodyCalendar:
	"""A Custody Calendar (document or row) as the engine knows it."""
	first, second = row.first_payer, row.second_payer
	rules = {
		"Even Weeks": lambda: engine.AlternateWeeks(first, second, changes_on(row)),
		"Odd Weeks": lambda: engine.AlternateWeeks(second, first, changes_on(row)),
		FROM_DATE: lambda: engine.WeeksFrom(getdate(row.anchor_date), (first, second)),
		BY_WEEKDAY: lambda: engine.Weekdays(
			{number: first if cint(row.get(day)) else second for number, day in enumerate(WEEKDAYS, 1)}
		),
	}
	halves = {
		"First Half in Even Years": (first, second),
		"First Half in Odd Years": (second, first),
	}.get(row.holiday_rule)
	return engine.CustodyCalendar(
		rules=((span_of(row), rules[row.rule]()),),
		halves=engine.HolidayHalves(*halves) if halves else None,
		holidays=holidays,
		exceptions=exceptions,
	)


def changes_on(row) -> int:
	"""The ISO weekday on which the child changes homes; Monday unless the form says otherwise."""
	name = (row.get("changes_on") or "Monday").lower()
	return WEEKDAYS.index(name) + 1


def holidays(window: DateRange) -> DateMap[HolidayPeriod]:
	"""School holidays that touch the window, whole: a half is half of the whole.

	Read here and not asked of the caller: a forgotten calendar would quietly bill the wrong parent. By table,
	because the room of the school years is built on top of this one.
	"""
	table = frappe.qb.DocType("School Holiday")
	rows = (
		frappe.qb.from_(table)
		.select(table.label, table.kind, table.starts_on, table.ends_on)
		.where(table.parenttype == "School Year")
		.where(table.starts_on <= window.last)
		.where(table.ends_on >= window.start)
	).run(as_dict=True)
	return DateMap(
		(
			DateRange(row.starts_on, row.ends_on),
			HolidayPeriod(row.label, HolidayKind.SUMMER if row.kind == "Summer" else HolidayKind.SMALL),
		)
		for row in rows
	)
