"""The weekly pattern of an enrolment: days × units, every week, even, odd, or in a cycle of its own (R4, R27)."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.utils import cint, getdate

from concerto_education.activities import errors
from concerto_education.activities.calendars import school_calendar
from concerto_education.activities.catalogue import CYCLE, opening_of, pattern_of, weekdays_of
from concerto_education.authority.rules import refuse
from concerto_education.engine.errors import OutsideCalendar, PatternOnClosedDays
from concerto_education.engine.patterns import require_open_day
from concerto_education.engine.ranges import DateRange

EVERY, EVEN, ODD = "Every Week", "Even Weeks", "Odd Weeks"
SHORTEST_CYCLE, LONGEST_CYCLE = 2, 12


def complete(doc) -> None:
	"""A cycle starts with the enrolment unless it says otherwise; other rows have no cycle."""
	for row in doc.pattern:
		row.weeks = row.weeks or EVERY
		if row.weeks == CYCLE:
			row.cycle_start = row.cycle_start or doc.valid_from
		else:
			row.cycle_length = row.cycle_week = 0
			row.cycle_start = None


def validate(doc, activity, cancelled: bool) -> None:
	"""Complete, without contradiction, and open on at least one day."""
	if not doc.pattern:
		if activity.needs_forecast and not cancelled:
			frappe.throw(
				_("Weekly Pattern: {0} needs a forecast, so choose at least one day (R27)").format(
					doc.activity
				),
				errors.PatternMissing,
			)
		return
	_validate_cycles(doc)
	_validate_rows(doc)
	if not cancelled:
		_require_open_day(doc, activity)


def _validate_cycles(doc) -> None:
	cycles = {(cint(row.cycle_length), getdate(row.cycle_start)) for row in doc.pattern if row.weeks == CYCLE}
	if len(cycles) > 1:
		frappe.throw(
			_("Weekly Pattern: all weeks of the cycle have the same length and the same first day"),
			errors.InvalidPatternRow,
		)
	for row in doc.pattern:
		if row.weeks != CYCLE:
			continue
		if not SHORTEST_CYCLE <= cint(row.cycle_length) <= LONGEST_CYCLE:
			frappe.throw(
				_("Weekly Pattern, row {0}: a cycle has {1} to {2} weeks").format(
					row.idx, SHORTEST_CYCLE, LONGEST_CYCLE
				),
				errors.InvalidPatternRow,
			)
		if not 1 <= cint(row.cycle_week) <= cint(row.cycle_length):
			frappe.throw(
				_("Weekly Pattern, row {0}: the weeks of the cycle are 1 to {1}").format(
					row.idx, cint(row.cycle_length)
				),
				errors.InvalidPatternRow,
			)


def _validate_rows(doc) -> None:
	seen = set()
	for row in doc.pattern:
		days = weekdays_of(row)
		if not days:
			frappe.throw(
				_("Weekly Pattern, row {0}: choose at least one day").format(row.idx),
				errors.InvalidPatternRow,
			)
		weeks = (row.weeks, cint(row.cycle_week))
		for day in days:
			if any(
				_same_weeks(weeks, other) for unit, when, other in seen if (unit, when) == (row.unit, day)
			):
				frappe.throw(
					_("Weekly Pattern, row {0}: a day of {1} is already in a row above").format(
						row.idx, row.unit
					),
					errors.InvalidPatternRow,
				)
		seen |= {(row.unit, day, weeks) for day in days}


def _same_weeks(one: tuple, other: tuple) -> bool:
	"""Whether two rows name the same weeks, or one of them all weeks: then a day is said twice."""
	return one == other or EVERY in (one[0], other[0])


def _require_open_day(doc, activity) -> None:
	span = DateRange(getdate(doc.valid_from), getdate(doc.valid_to))
	try:
		require_open_day(pattern_of(doc.pattern), span, school_calendar(span, doc.site), opening_of(activity))
	except PatternOnClosedDays as error:
		refuse(error, errors.ClosedDaysOnly, _("Weekly Pattern"))
	except OutsideCalendar as error:
		refuse(error, errors.OutsideSchoolYears, _("Period"))
