"""What places ask of an enrolment when it is saved (R40): its group, a free place, or the waiting list.

Called by hooks of Enrolment, before the forecast is planned. The forecast goes through the same gate again, so
nothing is planned over the capacity whichever way it comes.
"""

from __future__ import annotations

from datetime import date

import frappe
from frappe import _
from frappe.utils import getdate

from concerto_education.activities.calendars import calendars
from concerto_education.activities.capacity import gate, groups, locking, over, waiting
from concerto_education.activities.catalogue import opening_of, pattern_of, weekdays_of
from concerto_education.engine.capacity import Shortfall
from concerto_education.engine.patterns import planned
from concerto_education.engine.ranges import DateRange, DateSet

CONFIRMED, WAITING, CANCELLED = "Confirmed", "Waiting", "Cancelled"
REFUSE, WAIT, PARTLY = "Refuse", "Waiting List", "Free Days, Then Waiting List"


def validate(doc, method: str | None = None) -> None:
	groups.settle(doc)
	over.check_right(doc)


def on_update(doc, method: str | None = None) -> None:
	"""Refuse, or put on the waiting list, what finds no place; keep the entries in step with the enrolment."""
	if doc.flags.no_forecast:
		return  # made in bulk: planned in the end, and refused there
	if doc.status == CANCELLED:
		waiting.close(doc.name, waiting.WITHDRAWN)
		return
	days = wanted_days(doc)
	if doc.status == WAITING:
		_wait(doc, days)
		return
	before = doc.get_doc_before_save()
	if before and (before.activity_group or "") != (doc.activity_group or ""):
		# The lock before the rows: whoever holds it reads them.
		locking.lock([(doc.activity, doc.site)])
		groups.copy_to_attendance([doc.name])
	# A place that was waited for is this enrolment's own: it doesn't stand in its own way.
	waiting.close(doc.name, waiting.ACCEPTED, waiting.WHOLE)
	short = _short_of(doc, days)
	if not short or over.allow(doc, short):
		return
	if doc.when_full == WAIT:
		doc.status = WAITING
		# The form was saved as confirmed; what follows (the forecast) reads the table.
		doc.db_set("status", WAITING, update_modified=False)
		_wait(doc, days)
	elif (
		doc.when_full != PARTLY
	):  # the full days of this one go to the waiting list when the forecast is made
		gate.refuse(short)


def _wait(doc, days: list[tuple[date, str]]) -> None:
	entry = waiting.wait_for_all(doc, days)
	frappe.msgprint(
		_("On the waiting list at rank {0}: {1}").format(waiting.rank_of(entry.name), entry.name),
		alert=True,
		indicator="orange",
	)


def _short_of(doc, days: list[tuple[date, str]]) -> list[Shortfall]:
	before = doc.get_doc_before_save()
	if before and _asks_the_same(doc, before):
		return []
	if before and before.status == CONFIRMED and before.activity_group == doc.activity_group:
		own = _own(doc.name)
		days = [day for day in days if day not in own]
		return gate.locked_shortfalls([gate.slot_of(doc, *day) for day in days])
	if before and before.status == CONFIRMED:
		# Another group: its own rows are counted there already, by the name of the group.
		own = _own(doc.name)
		days = [day for day in days if day not in own]
		slots = [gate.slot_of(doc, *day) for day in days]
		moved = [gate.slot_of(doc, *day) for day in own if day[0] >= getdate()]
		return gate.locked_shortfalls(slots) + over_full(moved)
	return gate.locked_shortfalls([gate.slot_of(doc, *day) for day in days])


def over_full(slots: list) -> list[Shortfall]:
	"""Slots of these that hold more than their limit already."""
	found = gate.locked_shortfalls(slots)
	return [short for short in found if short.slot.group and short.over > short.wanted]


def _asks_the_same(doc, before) -> bool:
	return before.status == doc.status and _asked(doc) == _asked(before)


def _asked(doc) -> tuple:
	rows = sorted((row.unit, row.weeks, tuple(sorted(weekdays_of(row)))) for row in doc.pattern)
	return doc.activity_group or "", getdate(doc.valid_from), getdate(doc.valid_to), tuple(rows)


def _own(enrolment: str) -> set[tuple[date, str]]:
	"""Days on which the enrolment has its place already."""
	Attendance = frappe.qb.DocType("Attendance")
	rows = (
		frappe.qb.from_(Attendance)
		.select(Attendance.attendance_date, Attendance.unit)
		.where((Attendance.enrolment == enrolment) & Attendance.status.isin(("Planned", "Present", "Absent")))
	).run()
	return {(getdate(day), unit) for day, unit in rows}


def wanted_days(doc) -> list[tuple[date, str]]:
	"""Days from today on that the weekly pattern asks for."""
	start, end = max(getdate(), getdate(doc.valid_from)), getdate(doc.valid_to)
	if end < start or not doc.pattern:
		return []
	span = DateRange(start, end)
	calendar = calendars(span).of(doc.site)
	pattern, opening = pattern_of(doc.pattern), opening_of(frappe.get_cached_doc("Activity", doc.activity))
	return [
		place
		for part in DateSet((span,)).intersection(calendar.years).ranges
		for place in planned(pattern, part, calendar, opening)
	]
