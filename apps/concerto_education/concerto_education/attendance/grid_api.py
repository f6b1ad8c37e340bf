"""What the month grid may call. Types are enforced by Frappe, so no postponed annotations in this file.

Rights are checked by the first statement of the function each endpoint calls, against the site; each change is checked
again against the enrolment that is stored.
"""

from datetime import date

import frappe
from frappe import _
from frappe.utils import cint, getdate

from concerto_education.attendance import clock, errors, rights
from concerto_education.attendance.grid import load, period, save
from concerto_education.attendance.grid.rules import Change
from concerto_education.authority.transactions import in_fresh_transaction


@frappe.whitelist()
def load_month(site: str, activity: str, month: date) -> dict:
	"""People, days and cells of one month."""
	return load.load(site, activity, month)


@frappe.whitelist(methods=["POST"])
def save_changes(site: str, activity: str, changes: list) -> dict:
	"""All changes of the screen at once; the answer says of each whether it was made, and why not."""
	rights.require_tick(site)
	parsed = [_change(raw) for raw in changes]
	return in_fresh_transaction(lambda: save.save(site, activity, parsed))


@frappe.whitelist(methods=["POST"])
def plan_period(
	site: str,
	activity: str,
	enrolments: list,
	start: date,
	end: date,
	weekdays: list,
	units: list,
	wanted: str,
	confirmed: bool = False,
) -> dict:
	"""Plan, cancel or follow the pattern again over a period; without ``confirmed`` it only counts."""
	rights.require_plan(site)
	asked = period.Asked(
		tuple(str(name) for name in enrolments),
		start,
		end,
		frozenset(cint(day) for day in weekdays),
		tuple(str(unit) for unit in units),
		wanted,
	)
	if not confirmed:
		return period.preview(site, activity, asked)
	return in_fresh_transaction(lambda: period.apply(site, activity, asked))


def _change(raw: dict) -> Change:
	"""A change as a screen sends it. Throws for what no screen of ours sends."""
	try:
		times = [clock.time_of(raw.get(name)) for name in ("arrival", "departure")]
	except (ValueError, AttributeError):
		frappe.throw(_("Arrival, Departure: write hours and minutes, as in 08:30"), errors.InvalidTime)
	texts = [raw.get(name) for name in ("enrolment", "day", "unit", "wanted")]
	optional = [raw.get(name) for name in ("seen", "reason", "note")]
	if not all(isinstance(text, str) and text for text in texts) or not all(
		text is None or isinstance(text, str) for text in optional
	):
		frappe.throw(_("The screen asked for something unknown"), errors.AttendanceError)
	enrolment, day, unit, wanted = texts
	seen, reason, note = optional
	return Change(
		enrolment,
		getdate(day),
		unit,
		wanted,
		seen=seen,
		reason=reason or None,
		note=note,
		arrival=times[0],
		departure=times[1],
		with_times="arrival" in raw or "departure" in raw,
	)
