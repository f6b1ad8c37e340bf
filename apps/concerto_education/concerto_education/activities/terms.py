"""What an Activity says, checked in one way for the activity itself and for the model it is made from (R1, R7).

Each function takes either document and throws the first rule that it breaks, naming field and row.
"""

from __future__ import annotations

import frappe
from frappe import _
from frappe.utils import cint, get_time

from concerto_education.activities import ages, errors
from concerto_education.activities.booking import rules as booking_rules
from concerto_education.activities.catalogue import opening_of
from concerto_education.engine.calendar import WEDNESDAY, PeriodKind


def check(doc) -> None:
	"""All that an activity and a model have in common."""
	check_units(doc)
	check_unique(doc, "categories", "category", errors.DuplicateCategory)
	check_opening(doc)
	check_ages(doc)
	check_groups(doc)
	booking_rules.check(doc)


def check_units(doc) -> None:
	if not doc.units:
		frappe.throw(_("Units: an activity has at least one unit"), errors.NoUnit)
	for row in doc.units:
		row.unit = (row.unit or "").strip()
		starts, ends = _hour(row, row.starts_at), _hour(row, row.ends_at)
		row.starts_at, row.ends_at = _shown(starts), _shown(ends)
		if starts and ends and ends <= starts:
			frappe.throw(
				_("Units, row {0}: the unit ends before it starts").format(row.idx),
				errors.UnitEndsBeforeStart,
			)
	check_unique(doc, "units", "unit", errors.DuplicateUnit)


def _hour(row, value):
	try:
		return get_time(value) if value else None
	except (ValueError, TypeError):
		frappe.throw(
			_("Units, row {0}: “{1}” is no hour, write it as 07:30").format(row.idx, value),
			errors.InvalidHour,
		)


def _shown(hour) -> str | None:
	"""Hours are stored as they are read, 07:30: the framework's field for times breaks forms that show no seconds."""
	return f"{hour:%H:%M}" if hour else None


def check_unique(doc, table: str, field: str, error: type[Exception]) -> None:
	"""No value of ``field`` is in the table twice, whatever its case."""
	seen = set()
	for row in doc.get(table):
		key = (row.get(field) or "").casefold()
		if key in seen:
			frappe.throw(
				_("{0}, row {1}: {2} is there twice").format(
					_(doc.meta.get_label(table)), row.idx, row.get(field)
				),
				error,
			)
		seen.add(key)


def check_opening(doc) -> None:
	"""Weekdays and kinds of period meet: Wednesdays of school time are a kind of period of their own."""
	opening = opening_of(doc)
	possible = {
		PeriodKind.SCHOOL: opening.weekdays - {WEDNESDAY},
		PeriodKind.WEDNESDAY: opening.weekdays & {WEDNESDAY},
	}
	if not any(possible.get(kind, opening.weekdays) for kind in opening.periods):
		frappe.throw(
			_("Opening: choose weekdays and periods that meet, else the activity is never open"),
			errors.NeverOpen,
		)


def check_ages(doc) -> None:
	ages.set_months(doc, doc.age_unit)
	if doc.age_to_months and doc.age_from_months > doc.age_to_months:
		frappe.throw(
			_("Ages: {0} to {1} is the wrong way round").format(cint(doc.age_from), cint(doc.age_to)),
			errors.InvalidAges,
		)


def check_groups(doc) -> None:
	"""Groups are of this activity's sites and units, within its ages, and each is there once."""
	units = {row.unit for row in doc.units}
	sites = {row.site for row in doc.get("sites") or ()}
	seen = set()
	for row in doc.groups:
		row.group_name, row.unit = (row.group_name or "").strip(), (row.unit or "").strip()
		ages.set_months(row, doc.age_unit)
		if row.age_to_months and row.age_from_months > row.age_to_months:
			frappe.throw(
				_("Groups, row {0}: {1} to {2} is the wrong way round").format(
					row.idx, cint(row.age_from), cint(row.age_to)
				),
				errors.InvalidAges,
			)
		if (row.age_to_months and row.age_to_months < doc.age_from_months) or (
			doc.age_to_months and row.age_from_months > doc.age_to_months
		):
			frappe.throw(
				_("Groups, row {0}: nobody of {1} has the age of the activity").format(
					row.idx, row.group_name
				),
				errors.InvalidAges,
			)
		if row.unit and row.unit not in units:
			frappe.throw(
				_("Groups, row {0}: the activity has no unit {1}").format(row.idx, row.unit),
				errors.InvalidGroup,
			)
		if row.site and row.site not in sites:
			frappe.throw(
				_("Groups, row {0}: {1} is not a site of the activity").format(row.idx, row.site),
				errors.InvalidGroup,
			)
		if cint(row.capacity) < 0:
			frappe.throw(
				_("Groups, row {0}: the capacity can't be negative; 0 means no limit").format(row.idx),
				errors.NegativeCapacity,
			)
		key = (row.group_name.casefold(), row.site or "", row.unit)
		if key in seen:
			frappe.throw(
				_("Groups, row {0}: {1} is there twice").format(row.idx, row.group_name), errors.InvalidGroup
			)
		seen.add(key)
