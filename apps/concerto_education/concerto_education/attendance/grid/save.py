"""Many changes of the grid in one transaction: each is applied or refused with its reason, none is lost.

The same manner as ``attendance/sync.py``: enrolments are locked first, in one order; what is read after that is the
latest. What the Desk did before is noted in the history, and so is each change made here (R31).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import date
from typing import Any

import frappe
from frappe import _
from frappe.utils import cint, formatdate, getdate, now_datetime

from concerto_education.activities.booking import deadlines
from concerto_education.activities.calendars import school_calendar
from concerto_education.activities.catalogue import weekly_patterns
from concerto_education.attendance import clock, closing, errors, history, planning, rights
from concerto_education.attendance.day_sheet import _why_closed
from concerto_education.attendance.grid import load
from concerto_education.attendance.grid.rules import WANTED, Cell, Change, Situation, apply
from concerto_education.attendance.history import Key
from concerto_education.attendance.service import PLANNED
from concerto_education.attendance.ticks import APPLIED, DESK, Refused, State, Tick
from concerto_education.authority.bulk import insert_rows
from concerto_education.engine.booking import Outcome
from concerto_education.engine.ranges import DateRange

LARGEST = 8000  # cells: 200 children × 31 days, and some
DEVICE = "desk"
_STATE = (
	"status",
	"planned",
	"reason",
	"note",
	"arrival",
	"departure",
	"minutes",
	"late_change",
	"ticked_by",
	"ticked_at",
)


def save(site: str, activity: str, changes: list[Change]) -> dict:
	"""Apply the changes. Returns what became of each, in their order, and the cells as they are now."""
	rights.require_tick(site)
	rules = load.require_offered(site, activity)
	if len(changes) > LARGEST:
		frappe.throw(
			_("At most {0} cells can be changed at once. Choose a shorter period").format(LARGEST),
			errors.TooManyChanges,
		)
	work = _Work(site, activity, rules, changes)
	for change in changes:
		work.one(change)
	work.refuse_full()
	work.write()
	return {"results": work.results(), "cells": work.cells()}


class _Work:
	"""What is known during one call, and what is to be written at its end."""

	def __init__(self, site: str, activity: str, rules, changes: list[Change]) -> None:
		self.site, self.activity, self.rules, self.changes = site, activity, rules, changes
		self.now, self.user, self.today = now_datetime(), frappe.session.user, getdate()
		self.enrolments = {
			name: row
			for name, row in history.lock_enrolments(change.enrolment for change in changes).items()
			if (row.site, row.activity) == (site, activity)
		}
		keys = {change.key for change in changes if change.enrolment in self.enrolments}
		self.rows = history.lock_rows(keys)
		self.before: dict[Key, Cell] = {key: cell_of(row) for key, row in self.rows.items()}
		self.after: dict[Key, Cell] = {}
		self.answers: dict[int, tuple[str, str, str | None]] = {}
		self.rights = {"may_tick": rights.may_tick(site), "may_judge": rights.may_judge(site)}
		self.reasons = frozenset(load.justifying())
		self._read_days(sorted({change.day for change in changes}))
		self.patterns = weekly_patterns(self.enrolments)

	def _read_days(self, days: list[date]) -> None:
		self.limits = deadlines(self.activity, days, self.site, self.now)
		calendar = school_calendar(DateRange(days[0], days[-1]), self.site) if days else None
		self.closed = {day: _why_closed(self.rules, calendar, day) for day in days}
		months = {day.replace(day=1) for day in days}
		self.locked = {month for month in months if closing.is_closed(self.site, month)}

	# ------------------------------------------------------------ rules

	def one(self, change: Change) -> None:
		"""Decide about one change; a refusal is an answer, not an error."""
		place = len(self.answers)
		try:
			self._decide(change)
			self.answers[place] = ("ok", "", None)
		except Refused as refusal:
			self.answers[place] = ("refused", refusal.reason, refusal.rule)

	def _decide(self, change: Change) -> None:
		self._require_known(change)
		cell = self.after.get(change.key) or self.before.get(change.key) or Cell()
		after = apply(cell, change, self._situation(change))
		if after != cell:
			self.after[change.key] = after

	def _require_known(self, change: Change) -> None:
		enrolment = self.enrolments.get(change.enrolment)
		if not enrolment:
			raise Refused("UnknownEnrolment", _("This enrolment is not one of {0}").format(self.site))
		if change.wanted not in WANTED:
			raise Refused("Malformed", _("The screen asked for something unknown"))
		if change.unit not in self.rules.units:
			raise Refused("UnknownUnit", _("{0} has no unit {1}").format(self.activity, change.unit))
		held = enrolment.status == "Confirmed" and enrolment.valid_from <= change.day <= enrolment.valid_to
		if not held and change.key not in self.before:
			raise Refused(
				"OutsideEnrolment", _("The enrolment does not hold on {0}").format(formatdate(change.day))
			)
		if not held and change.wanted == PLANNED:
			raise Refused(
				"OutsideEnrolment", _("The enrolment does not hold on {0}").format(formatdate(change.day))
			)

	def _situation(self, change: Change) -> Situation:
		limits = self.limits[change.day]
		return Situation(
			today=self.today,
			month_closed=change.day.replace(day=1) in self.locked,
			day_closed=self.closed[change.day],
			in_pattern=not self.closed[change.day]
			and change.unit in self.patterns[change.enrolment].units(change.day),
			reasons=self.reasons,
			books_late=limits.book.outcome in (Outcome.SURCHARGE, Outcome.REFUSED),
			cancels_late=limits.cancel.outcome in (Outcome.BILLED, Outcome.REFUSED),
			**self.rights,
		)

	def refuse_full(self) -> None:
		"""Days that are newly planned ask those who count the places (R40)."""
		wanted = [
			(self.enrolments[key[0]], key[1], key[2])
			for key, cell in self.after.items()
			if cell.status == PLANNED and not (self.before.get(key) or Cell()).expected
		]
		full = planning.refused(wanted)
		for key in full:
			self.after.pop(key, None)
		for place, change in enumerate(self.changes):
			if change.key in full and self.answers[place][0] == "ok":
				self.answers[place] = ("refused", full[change.key], "CapacityFull")

	# ------------------------------------------------------------ writing

	def write(self) -> None:
		self.after = {key: cell for key, cell in self.after.items() if cell != self.before.get(key, Cell())}
		pasts = history.histories(self.after)
		self.events: list[tuple] = []
		for key, row in self.rows.items():
			if key in self.after:
				self._note_earlier(key, row, pasts[key])
		self._write_rows()
		history.insert_events(self.events)
		planning.changed(
			planning.change_of(
				self.enrolments[key[0]], key[1], key[2], (self.before.get(key) or Cell()).status, cell.status
			)
			for key, cell in self.after.items()
		)

	def _note_earlier(self, key: Key, row: Any, past) -> None:
		"""A change at the Desk that no device has asked about yet becomes part of the history first."""
		past.planned = bool(row.planned)
		earlier = history.changed_elsewhere(row, past)
		if earlier:
			self._event(key, earlier, row.name, user=row.ticked_by or row.modified_by)

	def _event(self, key: Key, tick: Tick, attendance: str, user: str | None = None, note: str | None = None):
		self.events.append(
			history.event_row(
				replace(tick, day=key[1], unit=key[2], note=note),
				APPLIED,
				self.now,
				DEVICE,
				user=user,
				enrolment=self.enrolments[key[0]],
				attendance=attendance,
			)
		)

	def _write_rows(self) -> None:
		"""New rows in one statement; rows that become alike are updated together."""
		new, alike = [], defaultdict(list)
		for key, cell in self.after.items():
			values = self._values(cell)
			row = self.rows.get(key)
			name = row.name if row else frappe.generate_hash(length=20)
			if row:
				alike[values].append(name)
			else:
				enrolment = self.enrolments[key[0]]
				new.append(
					(
						name,
						self.now,
						self.now,
						self.user,
						self.user,
						enrolment.name,
						enrolment.person,
						enrolment.family,
						enrolment.activity,
						enrolment.site,
						key[1],
						key[2],
						*values,
					)
				)
			state = State(cell.status, cell.planned, cell.arrival, cell.departure, cell.note or None)
			tick = Tick(frappe.generate_hash(length=20), DESK, self.now, state=state)
			self._event(key, tick, name, note=cell.reason)
		# Below the controller: its rules were applied above, and the history is the trace that it would leave.
		insert_rows("Attendance", (*planning.NEW_ROW, *_STATE), new)
		for values, names in alike.items():
			self._update(values, names)

	def _values(self, cell: Cell) -> tuple:
		minutes = clock.minutes_of(cell.arrival, cell.departure, self.rules.clock_step) or 0
		return (
			cell.status,
			cint(cell.planned),
			cell.reason,
			cell.note,
			clock.shown(cell.arrival),
			clock.shown(cell.departure),
			minutes,
			cell.late,
			# Empty: nobody has touched it, the next forecast decides.
			self.user if cell.by_hand else None,
			self.now if cell.by_hand else None,
		)

	def _update(self, values: tuple, names: list[str]) -> None:
		table = frappe.qb.DocType("Attendance")
		for start in range(0, len(names), 1000):
			query = frappe.qb.update(table).set(table.modified, self.now).set(table.modified_by, self.user)
			for column, value in zip(_STATE, values, strict=True):
				query = query.set(table[column], value)
			query.where(table.name.isin(names[start : start + 1000])).run()
		for name in names:
			# A form that is open in this process must not see the old row.
			frappe.clear_document_cache("Attendance", name)

	# ------------------------------------------------------------ answers

	def results(self) -> list[dict]:
		return [
			{"state": state, "reason": reason, "rule": rule}
			for state, reason, rule in (self.answers[place] for place in range(len(self.changes)))
		]

	def cells(self) -> list[list]:
		"""The cells that were asked about, as they are now: [enrolment, day, cell]."""
		current = history.lock_rows(
			change.key for change in self.changes if change.enrolment in self.enrolments
		)
		return [[key[0], str(key[1]), load.shown(row)] for key, row in current.items()]


def cell_of(row: Any) -> Cell:
	return Cell(
		row.status,
		bool(row.planned),
		row.reason or None,
		row.note or None,
		clock.time_of(row.arrival),
		clock.time_of(row.departure),
		row.late_change or "",
		bool(row.ticked_by),
	)
