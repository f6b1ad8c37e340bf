"""What is recorded of rows and their ticks, read for a batch in a constant number of queries."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

import frappe

from concerto_education.attendance import clock, ticks
from concerto_education.attendance.ticks import DESK, REFUSED, History, State, Tick
from concerto_education.authority.bulk import insert_rows

Key = tuple[str, date, str]  # enrolment, day, unit

_COLUMNS = (
	"name",
	"client_id",
	"creation",
	"modified",
	"owner",
	"modified_by",
	"person",
	"action",
	"clock_time",
	"text",
	"attendance_date",
	"site",
	"activity",
	"unit",
	"attendance",
	"enrolment",
	"task",
	"result",
	"reason",
	"rule",
	"user",
	"device",
	"happened_at",
	"device_time",
	"clock_offset",
	"received_at",
	"snapshot",
)


def lock_enrolments(names: Iterable[str]) -> dict[str, Any]:
	"""Enrolments by name, locked in one order: batches that share a child are served one after the other."""
	names = sorted(set(names))
	if not names:
		return {}
	table = frappe.qb.DocType("Enrolment")
	# Who may tick there is asked for each tick, after this: the site of the record decides.
	found = (
		frappe.qb.from_(table)
		.select(
			table.name,
			table.person,
			table.family,
			table.activity,
			table.site,
			table.status,
			table.valid_from,
			table.valid_to,
		)
		.where(table.name.isin(names))
		.orderby(table.name)
		.for_update()
	).run(as_dict=True)
	return {row.name: row for row in found}


def lock_rows(keys: Iterable[Key]) -> dict[Key, Any]:
	"""Rows of attendance by key, locked against the Desk."""
	keys = set(keys)
	if not keys:
		return {}
	table = frappe.qb.DocType("Attendance")
	found = (
		frappe.qb.from_(table)
		.select(
			table.name,
			table.enrolment,
			table.attendance_date,
			table.unit,
			table.status,
			table.planned,
			table.reason,
			table.late_change,
			table.arrival,
			table.departure,
			table.minutes,
			table.note,
			table.ticked_at,
			table.ticked_by,
			table.modified,
			table.modified_by,
		)
		.where(table.enrolment.isin(sorted({key[0] for key in keys})))
		.where(table.attendance_date.isin(sorted({key[1] for key in keys})))
		.orderby(table.enrolment, table.attendance_date, table.unit)
		.for_update()
	).run(as_dict=True)
	rows = {(row.enrolment, row.attendance_date, row.unit): row for row in found}
	return {key: row for key, row in rows.items() if key in keys}


def known(identifiers: list[str]) -> dict[str, Any]:
	"""Ticks that were received before: what they answer is what became of them then."""
	found = frappe.get_all(
		"Attendance Event",
		filters={"name": ("in", identifiers)},
		fields=["name", "result", "reason", "rule", "enrolment", "attendance_date", "unit", "task"],
	)
	return {row.name: row for row in found}


def histories(keys: Iterable[Key]) -> dict[Key, History]:
	keys = set(keys)
	found = {key: History() for key in keys}
	if not keys:
		return found
	# Below permissions: the whole history counts, whoever made it.
	for row in frappe.get_all(
		"Attendance Event",
		filters={
			"enrolment": ("in", sorted({key[0] for key in keys})),
			"attendance_date": ("in", sorted({key[1] for key in keys})),
			"result": ("!=", REFUSED),
			"action": ("not in", (ticks.ADDED, ticks.WITHDRAWN)),
		},
		fields=[
			"name",
			"action",
			"happened_at",
			"enrolment",
			"attendance_date",
			"unit",
			"clock_time",
			"text",
			"snapshot",
		],
		order_by="",
	):
		key = (row.enrolment, row.attendance_date, row.unit)
		if key in found:
			found[key].add(
				Tick(
					row.name,
					row.action,
					row.happened_at,
					clock_time=clock.time_of(row.clock_time),
					note=row.text,
					state=_state_of(row.snapshot),
				)
			)
	return found


def state_of_row(row) -> State:
	return State(
		row.status,
		bool(row.planned),
		clock.time_of(row.arrival),
		clock.time_of(row.departure),
		row.note or None,
	)


def changed_elsewhere(row, history: History) -> Tick | None:
	"""If the row is not what its ticks made it, somebody changed it at the Desk: that, as a tick of its own."""
	state = state_of_row(row)
	if state == history.state():
		return None
	newest = max((tick.at for tick in history.ticks.values()), default=None)
	# The Desk says when it changed the status; another change is dated by the record itself.
	moment = row.ticked_at if row.ticked_at and (not newest or row.ticked_at > newest) else row.modified
	return Tick(frappe.generate_hash(length=20), DESK, moment, state=state)


def _state_of(snapshot: str | None) -> State | None:
	if not snapshot:
		return None
	values = json.loads(snapshot)
	return State(
		values["status"],
		values["planned"],
		clock.time_of(values["arrival"]),
		clock.time_of(values["departure"]),
		values["note"],
	)


def event_row(
	tick: Tick,
	result: str,
	now: datetime,
	device: str,
	*,
	user: str | None = None,
	reason: str | None = None,
	rule: str | None = None,
	enrolment: Any = None,
	attendance: str | None = None,
	task: str | None = None,
) -> tuple:
	"""A line of the history. ``enrolment`` is the record, if it exists: never a name that a device made up."""
	user = user or frappe.session.user
	snapshot = json.dumps(asdict(tick.state), default=clock.shown) if tick.state else None
	return (
		tick.client_id,
		tick.client_id,
		now,
		now,
		user,
		user,
		enrolment.person if enrolment else tick.person,
		tick.action,
		clock.shown(tick.clock_time),
		tick.child_name or tick.note,
		tick.day,
		enrolment.site if enrolment else tick.site,
		enrolment.activity if enrolment else tick.activity,
		tick.unit,
		attendance,
		enrolment.name if enrolment else None,
		task,
		result,
		reason,
		rule,
		user,
		device,
		tick.at,
		tick.device_time,
		tick.offset,
		now,
		snapshot,
	)


def insert_events(rows: list[tuple]) -> None:
	# The history has no rules of its own to check, and a thousand ticks arrive when a network comes back.
	insert_rows("Attendance Event", _COLUMNS, rows)
