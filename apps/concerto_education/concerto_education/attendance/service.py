"""Ticks and absences: what may become of an attendance, and who decides it (R10, R30, R31).

| from → to                    | who                    | rule                                   |
|------------------------------|------------------------|----------------------------------------|
| planned, cancelled → present | agents, coordinators … | not in the future                      |
| present → planned            | the same               | undo; an unplanned one → cancelled     |
| any → A                      | coordinators …         | not in the future                      |
| any → AJ                     | coordinators …         | a justifying reason; may be known ahead |
| A, AJ → present              | coordinators …         | their decision, not a slip of a finger |

Each function of this module checks the rights of the session user first.
"""

from __future__ import annotations

from datetime import date

import frappe
from frappe import _
from frappe.utils import formatdate, getdate, now_datetime

from concerto_education.attendance import clock, errors, rights
from concerto_education.engine.errors import BackwardHours

PLANNED, PRESENT, ABSENT, JUSTIFIED, CANCELLED = "Planned", "Present", "Absent", "Justified", "Cancelled"
COPIED = ("person", "family", "activity", "site")


# ---------------------------------------------------------------- rules of the record


def copy_from_enrolment(doc) -> None:
	"""Who and where come from the enrolment, never from the form; the site is then asked of the permissions."""
	# The record's own link.
	enrolment = frappe.db.get_value("Enrolment", doc.enrolment, COPIED, as_dict=True)
	if enrolment:
		doc.update(enrolment)
	# The framework asked before the site was known, of whatever the form said.
	doc.check_permission("create")


def validate(doc) -> None:
	"""Rules that hold however a row is written: form, import, day sheet."""
	before = doc.get_doc_before_save()
	if not before:
		_validate_new(doc)
	if doc.status in (PRESENT, ABSENT):
		_refuse_future(doc.attendance_date)
	_validate_reason(doc)
	_count_minutes(doc)
	if not before or before.status != doc.status or before.reason != doc.reason:
		doc.ticked_by = frappe.session.user
		doc.ticked_at = now_datetime()
	# "Planned" says whether somebody was expected: billing and meal counts read it.
	if not before or (before.status != doc.status and doc.status in (PLANNED, CANCELLED)):
		doc.planned = int(doc.status == PLANNED)


def _validate_new(doc) -> None:
	enrolment = frappe.db.get_value(
		"Enrolment", doc.enrolment, ["status", "valid_from", "valid_to"], as_dict=True
	)
	day = getdate(doc.attendance_date)
	if enrolment.status != "Confirmed" or not enrolment.valid_from <= day <= enrolment.valid_to:
		frappe.throw(
			_("Date: the enrolment {0} does not hold on {1}").format(doc.enrolment, formatdate(day)),
			errors.OutsideEnrolment,
		)
	units = [row.unit for row in frappe.get_cached_doc("Activity", doc.activity).units]
	if doc.unit not in units:
		frappe.throw(_("Unit: {0} has no unit {1}").format(doc.activity, doc.unit), errors.UnknownUnit)
	existing = frappe.db.exists(
		"Attendance", {"enrolment": doc.enrolment, "attendance_date": doc.attendance_date, "unit": doc.unit}
	)
	if existing:
		frappe.throw(
			_("Date: {0} is already on the list of {1}").format(name_of(doc.person), formatdate(day)),
			errors.AlreadyRecorded,
		)


def _refuse_future(day: date | str) -> None:
	if getdate(day) > getdate():
		frappe.throw(
			_("Date: {0} is in the future, nobody can be present or absent yet").format(formatdate(day)),
			errors.FutureTick,
		)


def _validate_reason(doc) -> None:
	if doc.status != JUSTIFIED:
		doc.reason = None
		return
	if not doc.reason:
		frappe.throw(_("Reason: a justified absence needs one (R30)"), errors.ReasonNeeded)
	if not frappe.get_cached_value("Absence Reason", doc.reason, "justified"):
		frappe.throw(
			_("Reason: “{0}” does not justify an absence (R30)").format(doc.reason),
			errors.ReasonDoesNotJustify,
		)


def _count_minutes(doc) -> None:
	"""Time of presence in started slices, where both times are known (R36)."""
	step = frappe.get_cached_value("Activity", doc.activity, "clock_step")
	try:
		arrival, departure = clock.time_of(doc.arrival), clock.time_of(doc.departure)
		doc.minutes = clock.minutes_of(arrival, departure, step) or 0
	except BackwardHours:
		frappe.throw(_("Departure: it must come after the arrival (R36)"), errors.BackwardTimes)
	except ValueError:
		frappe.throw(_("Arrival, Departure: write hours and minutes, as in 08:30"), errors.InvalidTime)
	doc.arrival, doc.departure = clock.shown(arrival), clock.shown(departure)
	_check_booked_hours(doc)


def _check_booked_hours(doc) -> None:
	"""Hours booked on one day: both or none, in order (R36)."""
	try:
		start, end = clock.time_of(doc.booked_from), clock.time_of(doc.booked_to)
	except ValueError:
		frappe.throw(_("Booked From, Booked To: write hours and minutes, as in 08:30"), errors.InvalidTime)
	if (start is None) != (end is None) or (start and end <= start):
		frappe.throw(_("Booked To: it must come after “Booked From” (R36)"), errors.BackwardTimes)
	doc.booked_from, doc.booked_to = clock.shown(start), clock.shown(end)


def name_of(person: str) -> str:
	return frappe.db.get_value("Person", person, "full_name") or person


# ---------------------------------------------------------------- one touch


def tick(name: str, present: bool):
	"""Mark present, or undo that. Returns the row. Doing it twice changes nothing."""
	doc = _locked(name)
	rights.require_tick(doc.site)
	if present:
		if doc.status in (ABSENT, JUSTIFIED) and not rights.may_judge(doc.site):
			frappe.throw(
				_("{0} is recorded as absent. Ask the coordinator to change it (R31)").format(
					name_of(doc.person)
				),
				errors.AbsenceDecided,
			)
		return _set(doc, PRESENT)
	if doc.status != PRESENT:
		return doc
	return _set(doc, PLANNED if doc.planned else CANCELLED)


def set_absent(name: str):
	"""A: unjustified absence, billed where the activity bills what was planned (R30)."""
	doc = _locked(name)
	rights.require_judge(doc.site)
	return _set(doc, ABSENT)


def set_justified(name: str, reason: str, note: str | None = None):
	"""AJ: justified absence, with its reason, not billed (R30)."""
	doc = _locked(name)
	rights.require_judge(doc.site)
	return _set(doc, JUSTIFIED, reason, note)


def reset(name: str):
	"""Take back A or AJ: the row is as it was planned."""
	doc = _locked(name)
	rights.require_judge(doc.site)
	return _set(doc, PLANNED if doc.planned else CANCELLED)


def tick_remaining(site: str, activity: str, day: date, unit: str) -> list[str]:
	"""Mark present everybody of a list who is still only planned. Returns the names of the rows."""
	rights.require_tick(site)
	_refuse_future(day)
	# The list of a site whose right was just checked.
	names = frappe.get_all(
		"Attendance",
		filters={
			"site": site,
			"activity": activity,
			"attendance_date": day,
			"unit": unit,
			"status": PLANNED,
		},
		pluck="name",
	)
	for name in names:
		tick(name, True)
	return names


def add_presence(enrolment: str, day: date, unit: str):
	"""An enrolled person comes on a day that was not planned (R31). Returns the row."""
	found = frappe.db.get_value("Enrolment", enrolment, ["name", "site"], as_dict=True)
	if not found:
		frappe.throw(_("Enrolment {0} not found").format(enrolment), frappe.DoesNotExistError)
	rights.require_tick(found.site)
	existing = frappe.db.get_value(
		"Attendance", {"enrolment": enrolment, "attendance_date": day, "unit": unit}
	)
	if existing:
		return tick(existing, True)
	doc = frappe.new_doc("Attendance")
	doc.update({"enrolment": enrolment, "attendance_date": day, "unit": unit, "status": PRESENT})
	# Agents have no right to create attendance in general; this one case was checked above.
	return doc.insert(ignore_permissions=True)


def _locked(name: str):
	"""The row, locked: two tablets that touch one child at once are served one after the other."""
	return frappe.get_doc("Attendance", name, for_update=True)


def _set(doc, status: str, reason: str | None = None, note: str | None = None):
	wanted = (status, reason, doc.note if note is None else note)
	if (doc.status, doc.reason, doc.note) == wanted:
		return doc
	doc.status, doc.reason, doc.note = wanted
	# Agents have no write permission on the DocType, only this path; the caller checked the rights.
	return doc.save(ignore_permissions=True, ignore_version=False)
