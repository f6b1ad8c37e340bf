"""What screens may call. Types are enforced by Frappe, so no postponed annotations in this file.

Rights are checked by the first statement of the function each endpoint calls (service, day_sheet, rights),
against the site of the stored record, never against an argument.
"""

from datetime import date

import frappe
from frappe import _

from concerto_education.attendance import day_sheet, forecast, key_in, late_entry, rights, service
from concerto_education.engine.ranges import DateRange, DateSet

# More than this many enrolments are planned in the background.
AT_ONCE = 300


# ---------------------------------------------------------------- the day sheet


@frappe.whitelist()
def sheet_options() -> dict:
	"""Sites, activities and units that the user may choose."""
	return day_sheet.options()


@frappe.whitelist()
def load_sheet(site: str, activity: str, unit: str, day: date | None = None) -> dict:
	"""The list of a day; without a day: today, or the last open day."""
	return day_sheet.load(site, activity, unit, day)


@frappe.whitelist()
def sheet_candidates(site: str, activity: str, unit: str, day: date, text: str = "") -> list:
	"""People enrolled there who are not on the list (R31)."""
	return day_sheet.candidates(site, activity, unit, day, text)


@frappe.whitelist(methods=["POST"])
def tick(attendance: str, present: bool) -> dict | None:
	"""One touch: present, or undone. Returns the row, None when it left the list (R10)."""
	return day_sheet.row(service.tick(attendance, present))


@frappe.whitelist(methods=["POST"])
def set_absent(attendance: str) -> dict | None:
	"""A: unjustified absence (R30)."""
	return day_sheet.row(service.set_absent(attendance))


@frappe.whitelist(methods=["POST"])
def set_justified(attendance: str, reason: str, note: str | None = None) -> dict | None:
	"""AJ: justified absence with its reason (R30)."""
	return day_sheet.row(service.set_justified(attendance, reason, note))


@frappe.whitelist(methods=["POST"])
def reset(attendance: str) -> dict | None:
	"""Take back A or AJ."""
	return day_sheet.row(service.reset(attendance))


@frappe.whitelist(methods=["POST"])
def tick_remaining(site: str, activity: str, unit: str, day: date) -> list:
	"""Everybody of the list who is still only planned is present. Returns the list."""
	service.tick_remaining(site, activity, day, unit)
	return day_sheet.rows(site, activity, unit, day)


@frappe.whitelist(methods=["POST"])
def key_in_list(site: str, activity: str, unit: str, day: date, absent: list, check: str) -> dict:
	"""A paper list by its numbers: these are absent, the others came (R32). ``check`` is the mark of the list."""
	done = key_in.key_in(site, activity, unit, day, [int(number) for number in absent], check)
	return {**done, "rows": day_sheet.rows(site, activity, unit, day)}


@frappe.whitelist(methods=["POST"])
def add_presence(enrolment: str, unit: str, day: date) -> dict | None:
	"""An enrolled person came on a day that was not planned (R31)."""
	return day_sheet.row(service.add_presence(enrolment, day, unit))


# ---------------------------------------------------------------- late pick-ups (R10)


@frappe.whitelist()
def late_pickup(enrolment: str, day: date) -> dict:
	"""What is recorded of a child on a day, or suggested, and what the rule of the activity makes of it."""
	return late_entry.load(enrolment, day)


@frappe.whitelist()
def late_candidates(site: str, day: date) -> list:
	"""Who was there on a day, and may have been fetched late."""
	return late_entry.candidates(site, day)


@frappe.whitelist(methods=["POST"])
def record_late_pickup(
	enrolment: str, day: date, minutes: int, excused: bool = False, note: str | None = None
) -> int:
	"""Minutes after the end at which a child was fetched. Returns those that are recorded."""
	return late_entry.record(enrolment, day, minutes, excused, note).minutes


@frappe.whitelist(methods=["POST"])
def remove_late_pickup(enrolment: str, day: date) -> None:
	"""Take back what was recorded of that day."""
	late_entry.remove(enrolment, day)


# ---------------------------------------------------------------- forecasts


@frappe.whitelist(methods=["POST"])
def plan_enrolment(enrolment: str, start: date | None = None, end: date | None = None) -> dict:
	"""Button of the Enrolment: make its planned attendance agree with its pattern (R27)."""
	frappe.get_doc("Enrolment", enrolment).check_permission("write")
	days = DateSet((DateRange(start, end),)) if start else None
	return _told(forecast.apply([enrolment], days))


@frappe.whitelist(methods=["POST"])
def plan_site(site: str, start: date, end: date, activity: str | None = None) -> dict:
	"""Plan all enrolments of a site (of one activity) over a period; in the background if they are many."""
	rights.require_judge(site)
	span = DateRange(start, end)
	names = forecast.enrolments_of(site, activity, span)
	if len(names) > AT_ONCE:
		forecast.enqueue(site=site, activity=activity, start=str(start), end=str(end))
		return {"message": _("{0} enrolments are being planned in the background").format(len(names))}
	return _told(forecast.apply(names, DateSet((span,))))


def _told(outcome: forecast.Outcome) -> dict:
	text = _("{0} days planned, {1} cancelled").format(outcome.added + outcome.restored, outcome.cancelled)
	unknown = outcome.unknown.count()
	if unknown:
		text += ". " + _("{0} days are outside the school years and were not planned").format(unknown)
	return {
		"message": text,
		"added": outcome.added,
		"restored": outcome.restored,
		"cancelled": outcome.cancelled,
		"unknown": unknown,
	}
