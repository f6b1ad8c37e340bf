"""Changes of a closed month: refused, or written down (R33). Called by the controller of Attendance."""

from __future__ import annotations

import frappe
from frappe import _

from concerto_education.attendance.closing.months import first_of, require_open

# What makes a difference to an invoice, a statement or a meal.
_TOLD = ("status", "reason", "arrival", "departure", "late_change")


def before_change(doc) -> None:
	"""Refuse, or remember that a trace is due. Nothing that matters changed: nothing to refuse."""
	before = doc.get_doc_before_save()
	if before and _told(before) == _told(doc):
		return
	doc.flags.in_closed_month = require_open(doc.site, doc.attendance_date)


def after_change(doc) -> None:
	if doc.flags.in_closed_month:
		before = doc.get_doc_before_save()
		write(doc, "Changed" if before else "Added", _text(before) if before else "", _text(doc))


def before_delete(doc) -> None:
	if require_open(doc.site, doc.attendance_date):
		write(doc, "Deleted", _text(doc), "")


def write(row, what: str, before: str, after: str) -> None:
	"""One line of the trace. ``row`` is a row of attendance."""
	trace = frappe.new_doc("Closed Month Change")
	trace.update(
		{field: row.get(field) for field in ("site", "person", "attendance_date", "activity", "unit")}
	)
	trace.update(
		{
			"monthly_close": frappe.db.get_value(
				"Monthly Close", {"site": row.site, "month": first_of(row.attendance_date)}
			),
			"attendance": row.name,
			"what": what,
			"before": before,
			"after": after,
		}
	)
	trace.flags.by_service = True
	# The system writes it, whoever made the change: the right to change was checked before.
	trace.insert(ignore_permissions=True)


def _told(doc) -> tuple:
	return tuple(doc.get(field) or None for field in _TOLD)


def _text(doc) -> str:
	hours = "–".join(time for time in (doc.arrival, doc.departure) if time)
	late = _(doc.get("late_change")) if doc.get("late_change") else ""
	return " · ".join(part for part in (_(doc.status), doc.reason, hours, late) if part)
