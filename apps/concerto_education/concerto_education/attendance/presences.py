"""Presences without a planned row: of an enrolled child on another day, or of a child who is not enrolled (R31)."""

from __future__ import annotations

from dataclasses import replace

import frappe
from frappe import _

from concerto_education.attendance import clock, regularisation, ticks
from concerto_education.attendance.service import CANCELLED
from concerto_education.attendance.ticks import Refused, Tick


def existing_only(tick: Tick) -> Tick:
	"""The tick without names of records that don't exist: a history that points nowhere helps nobody."""
	# Below permissions: whether the user may tick there is asked next.
	return replace(
		tick,
		site=tick.site and frappe.db.exists("Site", tick.site),
		activity=tick.activity and frappe.db.exists("Activity", tick.activity),
		person=tick.person and frappe.db.exists("Person", tick.person),
	)


def require_offered(tick: Tick) -> None:
	"""A presence is noted at a site that offers the activity, in one of its units."""
	if tick.action != ticks.ADDED:
		return
	activity = tick.activity and frappe.get_cached_doc("Activity", tick.activity)
	if not activity or tick.site not in [row.site for row in activity.sites]:
		raise Refused("NotOffered", _("{0} does not offer this activity").format(tick.site))
	if tick.unit not in [row.unit for row in activity.units]:
		raise Refused("UnknownUnit", _("{0} has no unit {1}").format(tick.activity, tick.unit))


def on_enrolment(tick: Tick) -> Tick:
	"""A child added by search who is enrolled there after all is simply ticked."""
	if tick.action != ticks.ADDED or not tick.person:
		return tick
	enrolment = regularisation.enrolment_of(tick.person, tick.activity, tick.site, tick.day)
	if not enrolment:
		return tick
	action = ticks.ARRIVAL if tick.clock_time else ticks.PRESENCE
	return replace(tick, action=action, enrolment=enrolment)


def new_row(enrolment, tick: Tick):
	"""A row that was not planned, still without a status: the fold of its ticks gives it one.

	Inserted as a document, so that the rules of a new row are asked as well.
	"""
	doc = frappe.new_doc("Attendance")
	doc.update(
		{
			"enrolment": enrolment.name,
			"attendance_date": tick.day,
			"unit": tick.unit,
			"status": CANCELLED,
			"planned": 0,
		}
	)
	# Agents have no right to create attendance in general; that they may tick here was asked before.
	return doc.insert(ignore_permissions=True)


def work_off(tick: Tick) -> str:
	"""A tick about a child who is not enrolled. Returns the task. The right to tick there was asked before."""
	if tick.action == ticks.ADDED:
		return _add(tick).name
	name = frappe.db.get_value("Attendance Task", {"client_id": tick.task, "site": tick.site})
	if not name:
		raise Refused("UnknownTask", _("This presence is unknown here"))
	doc = frappe.get_doc("Attendance Task", name, for_update=True)
	if doc.status == regularisation.WITHDRAWN and tick.action == ticks.WITHDRAWN:
		return name
	if doc.status != regularisation.OPEN:
		raise Refused("TaskClosed", _("The coordinator has dealt with this presence already"))
	if tick.action == ticks.WITHDRAWN:
		doc.status = regularisation.WITHDRAWN
	elif tick.action == ticks.ARRIVAL:
		doc.arrival = clock.shown(tick.clock_time)
	elif tick.action == ticks.DEPARTURE:
		doc.departure = clock.shown(tick.clock_time)
	elif tick.action == ticks.NOTE:
		doc.note = tick.note or None
	doc.flags.by_service = True
	# Agents have no permission on the task, only this path.
	doc.save(ignore_permissions=True)
	return name


def _add(tick: Tick):
	doc = frappe.new_doc("Attendance Task")
	shown = frappe.db.get_value("Person", tick.person, ["full_name", "school_class"]) if tick.person else None
	doc.update(
		{
			"child_name": shown[0] if shown else tick.child_name or _("Unknown"),
			"child_class": shown[1] if shown else tick.school_class,
			"person": tick.person,
			"attendance_date": tick.day,
			"site": tick.site,
			"activity": tick.activity,
			"unit": tick.unit,
			"arrival": clock.shown(tick.clock_time),
			"note": tick.note,
			"reported_by": frappe.session.user,
			"reported_at": tick.at,
			"client_id": tick.client_id,
		}
	)
	# Agents have no permission on the task, only this path.
	return doc.insert(ignore_permissions=True)
