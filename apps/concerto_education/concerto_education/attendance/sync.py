"""Ticks that arrive from devices, in batches, late, twice, in any order (R31, R32).

Each tick has an identifier made by its device. It is applied once; whoever sends it again hears what became of it
the first time. Nothing is dropped: what is refused is kept in the history with its reason, for the coordinator.

| refused because                         | rule              |
|-----------------------------------------|-------------------|
| the account may not tick at the site    | NotTicking (R10)  |
| the day is in the future                | FutureTick        |
| the month is closed                     | MonthClosed (R33) |
| the enrolment does not hold on that day | OutsideEnrolment  |
| the activity has no such unit           | UnknownUnit       |
| A or AJ was decided                     | AbsenceDecided    |
| departure before arrival                | BackwardHours     |
| the badge was taken back before         | BadgeNotActive    |

The caller has seen to it that the transaction is fresh (``portal/pointage.py``): what is read after the locks is then
what those who held them before have left.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import frappe
from frappe import _
from frappe.utils import formatdate, get_datetime, getdate, now_datetime

from concerto_education.attendance import clock, history, presences, rights, service, ticks
from concerto_education.attendance.badges import service as badges
from concerto_education.attendance.closing import is_closed
from concerto_education.attendance.history import Key
from concerto_education.attendance.ticks import (
	APPLIED,
	COMES,
	REFUSED,
	SUPERSEDED,
	History,
	Malformed,
	Refused,
	Tick,
)

LARGEST = 200  # ticks in one batch


@dataclass(slots=True)
class Batch:
	"""What is known while a batch is worked off, and what is to be written at its end."""

	device: str
	now: datetime
	enrolments: dict[str, Any]
	rows: dict[Key, Any]
	histories: dict[Key, History]
	badges: dict[str, Any] = field(default_factory=dict)  # by fingerprint
	touched: dict[Key, None] = field(default_factory=dict)
	events: list[tuple] = field(default_factory=list)
	results: dict[str, dict] = field(default_factory=dict)
	_rights: dict[tuple, bool] = field(default_factory=dict)

	def may(self, right, site: str) -> bool:
		if (right, site) not in self._rights:
			self._rights[right, site] = right(site)
		return self._rights[right, site]

	def answer(
		self, identifier: str, result: str, reason: str | None = None, rule: str | None = None
	) -> None:
		self.results[identifier] = {"id": identifier, "result": result, "reason": reason, "rule": rule}


def receive(device: str, offset: int, raw: list[dict], zone: str) -> dict:
	"""Work off a batch. Returns what became of each tick, and the keys of the rows it was about."""
	now = now_datetime()
	parsed, results = _parse(raw, offset, now, zone)
	parsed = [presences.on_enrolment(presences.existing_only(tick)) for tick in parsed]
	enrolments = history.lock_enrolments(tick.enrolment for tick in parsed if tick.enrolment)
	keys = {_key(tick): None for tick in parsed if tick.enrolment in enrolments}
	rows = history.lock_rows(keys)
	repeats = history.known([tick.client_id for tick in parsed])
	scanned = badges.known(tick.badge for tick in parsed if tick.badge)
	batch = Batch(device, now, enrolments, rows, history.histories(keys), scanned, results=results)
	for key, row in rows.items():
		_note_desk(batch, key, row)
	for tick in parsed:
		if tick.client_id in batch.results:
			continue  # twice in one batch
		if repeat := repeats.get(tick.client_id):
			batch.answer(tick.client_id, repeat.result, repeat.reason, repeat.rule)
			continue
		_work_off(batch, tick)
	_write(batch)
	return {"results": list(batch.results.values()), "keys": list(keys)}


def _parse(raw: list[dict], offset: int, now: datetime, zone: str) -> tuple[list[Tick], dict[str, dict]]:
	parsed, refused = [], {}
	for place, entry in enumerate(raw):
		try:
			identifier = ticks.identifier_of(entry)
		except Malformed:
			continue  # there is no name to answer to
		try:
			parsed.append(ticks.parse(entry, offset, now, zone, place))
		except Malformed as error:
			reason = _("The device sent something that is no tick ({0})").format(str(error))
			refused[identifier] = {"id": identifier, "result": REFUSED, "reason": reason, "rule": "Malformed"}
	return parsed, refused


def _key(tick: Tick) -> Key:
	return (tick.enrolment, tick.day, tick.unit)


def _note_desk(batch: Batch, key: Key, row) -> None:
	"""The row as the Desk left it becomes part of the history, before anything is built on it."""
	past = batch.histories[key]
	past.planned = bool(row.planned)
	desk = history.changed_elsewhere(row, past)
	if not desk:
		return
	past.add(desk)
	enrolment = batch.enrolments[key[0]]
	batch.events.append(
		history.event_row(
			replace(desk, day=key[1], unit=key[2]),
			APPLIED,
			batch.now,
			"",
			user=row.ticked_by or row.modified_by,
			enrolment=enrolment,
			attendance=row.name,
		)
	)


def _work_off(batch: Batch, tick: Tick) -> None:
	enrolment = batch.enrolments.get(tick.enrolment)
	task = None
	try:
		if tick.action in (ticks.ADDED, ticks.WITHDRAWN) or tick.task:
			_require_place(batch, tick.site, tick)
			presences.require_offered(tick)
			_require_badge(batch, tick, tick.person)
			task = presences.work_off(tick)
			result = APPLIED
		else:
			result = _tick_row(batch, tick, enrolment)
	except Refused as refusal:
		batch.events.append(
			history.event_row(
				tick,
				REFUSED,
				batch.now,
				batch.device,
				reason=refusal.reason,
				rule=refusal.rule,
				enrolment=enrolment,
				attendance=_row_name(batch, tick),
			)
		)
		batch.answer(tick.client_id, REFUSED, refusal.reason, refusal.rule)
		return
	batch.events.append(
		history.event_row(
			tick,
			result,
			batch.now,
			batch.device,
			enrolment=enrolment,
			attendance=_row_name(batch, tick),
			task=task,
		)
	)
	batch.answer(tick.client_id, result)


def _row_name(batch: Batch, tick: Tick) -> str | None:
	row = batch.rows.get(_key(tick))
	return row.name if row else None


def _tick_row(batch: Batch, tick: Tick, enrolment) -> str:
	if not enrolment:
		raise Refused("UnknownEnrolment", _("The enrolment no longer exists"))
	_require_place(batch, enrolment.site, tick)
	_require_enrolled(enrolment, tick)
	_require_badge(batch, tick, enrolment.person)
	key = _key(tick)
	row, past = batch.rows.get(key), batch.histories[key]
	_require_undecided(batch, tick, enrolment, past)
	if not ticks.times_in_order(past, tick):
		raise Refused("BackwardHours", _("The departure must come after the arrival"))
	superseded = past.is_superseded(tick)
	past.add(tick)
	if row is None and tick.action in COMES:
		batch.rows[key] = presences.new_row(enrolment, tick)
	if batch.rows.get(key):
		batch.touched[key] = None
	return SUPERSEDED if superseded else APPLIED


def _require_place(batch: Batch, site: str | None, tick: Tick) -> None:
	if not site or not batch.may(rights.may_tick, site):
		raise Refused("NotTicking", _("You may not tick at {0} (R10)").format(site or _("an unknown site")))
	if tick.day > getdate():
		raise Refused("FutureTick", _("{0} is in the future").format(formatdate(tick.day)))
	if is_closed(site, tick.day):
		raise Refused(
			"MonthClosed", _("The month of {0} is closed at {1} (R33)").format(formatdate(tick.day), site)
		)


def _require_enrolled(enrolment, tick: Tick) -> None:
	if enrolment.status != "Confirmed" or not enrolment.valid_from <= tick.day <= enrolment.valid_to:
		raise Refused(
			"OutsideEnrolment", _("The enrolment does not hold on {0}").format(formatdate(tick.day))
		)
	units = [row.unit for row in frappe.get_cached_doc("Activity", enrolment.activity).units]
	if tick.unit not in units:
		raise Refused("UnknownUnit", _("{0} has no unit {1}").format(enrolment.activity, tick.unit))


def _require_badge(batch: Batch, tick: Tick, person: str | None) -> None:
	"""A tablet without network goes on reading a badge that was taken back: what it ticked since counts for nothing."""
	if tick.badge and (reason := badges.why_not(batch.badges.get(tick.badge), person, tick.at)):
		raise Refused("BadgeNotActive", reason)


def _require_undecided(batch: Batch, tick: Tick, enrolment, past: History) -> None:
	"""A and AJ are decisions: an agent's tick doesn't change them, nor does one that was made before them."""
	if tick.action not in COMES or past.state().status not in (service.ABSENT, service.JUSTIFIED):
		return
	decided = max(other.stamp for other in past.ticks.values() if other.action == ticks.DESK)
	if tick.stamp > decided and batch.may(rights.may_judge, enrolment.site):
		return
	absence = past.state().status
	raise Refused(
		"AbsenceDecided",
		_("Recorded as a justified absence (AJ). Tell the coordinator (R31)")
		if absence == service.JUSTIFIED
		else _("Recorded as absent (A). Tell the coordinator (R31)"),
	)


# ---------------------------------------------------------------- writing


def _write(batch: Batch) -> None:
	history.insert_events(batch.events)
	table = frappe.qb.DocType("Attendance")
	for key in sorted(batch.touched):
		row, past = batch.rows[key], batch.histories[key]
		state = past.state()
		if state == history.state_of_row(row):
			continue
		step = frappe.get_cached_value("Activity", batch.enrolments[key[0]].activity, "clock_step")
		status_said = past.last_of_status()
		# Below the controller: its rules were applied above, and the history is the trace that it would leave.
		(
			frappe.qb.update(table)
			.set(table.status, state.status)
			.set(table.planned, int(state.planned))
			.set(table.reason, None)
			.set(table.arrival, clock.shown(state.arrival))
			.set(table.departure, clock.shown(state.departure))
			.set(table.minutes, clock.minutes_of(state.arrival, state.departure, step) or 0)
			.set(table.note, state.note)
			.set(table.ticked_by, frappe.session.user if status_said else row.ticked_by)
			.set(table.ticked_at, get_datetime(status_said) if status_said else row.ticked_at)
			.set(table.modified, batch.now)
			.set(table.modified_by, frappe.session.user)
			.where(table.name == row.name)
		).run()
		# A form that is open in this process must not see the old row.
		frappe.clear_document_cache("Attendance", row.name)
