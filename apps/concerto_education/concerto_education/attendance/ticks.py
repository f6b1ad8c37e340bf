"""A tick as a device sends it, and what a row of attendance becomes by its ticks. No database here.

A row is the fold of its history: the ticks that were not refused, in the order in which they *happened*, whatever
the order in which they arrived. So two devices that were offline end in the same state as if they had not been,
and a tick that arrives twice changes nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

from concerto_education.attendance import clock
from concerto_education.attendance.service import ABSENT, CANCELLED, JUSTIFIED, PLANNED, PRESENT
from concerto_education.engine.hours import minute_of

# What a device may send …
PRESENCE, UNDO, CLOCK, ARRIVAL, DEPARTURE, NOTE = "Present", "Undo", "Clock", "Arrival", "Departure", "Note"
ADDED, WITHDRAWN = "Added", "Withdrawn"
# … and what is found when somebody changed the row elsewhere: a state as a whole.
DESK = "Desk Change"
COMES = frozenset({PRESENCE, CLOCK, ARRIVAL, DEPARTURE})  # says that the child is there
SENT = COMES | {UNDO, NOTE, ADDED, WITHDRAWN}

APPLIED, SUPERSEDED, REFUSED = "Applied", "Superseded", "Refused"

LONGEST = {"child_name": 120, "school_class": 60, "note": 500, "unit": 60, "site": 140, "activity": 140}
SAME_TOUCH = 5  # minutes
SLIP = timedelta(minutes=1)  # how wrong a measured difference of clocks may be; more is a clock that was set
_FINGERPRINT = re.compile(r"[0-9a-f]{64}")
_IDENTIFIER = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_CENTURY = timedelta(days=36500) // timedelta(milliseconds=1)


class Malformed(ValueError):
	"""A tick that no device of ours sends."""


class Refused(Exception):
	"""A tick that a rule refuses: the rule's name, and the reason for people."""

	def __init__(self, rule: str, reason: str):
		self.rule, self.reason = rule, reason
		super().__init__(reason)


@dataclass(frozen=True, slots=True)
class Tick:
	client_id: str
	action: str
	at: datetime  # when it happened: the device's time, corrected; in the time zone of the site
	device_time: datetime | None = None
	offset: int = 0  # seconds: server minus device
	enrolment: str | None = None
	day: date | None = None
	unit: str | None = None
	clock_time: time | None = None
	note: str | None = None
	# Somebody who has no enrolment (R31)
	person: str | None = None
	child_name: str | None = None
	school_class: str | None = None
	site: str | None = None
	activity: str | None = None
	task: str | None = None
	badge: str | None = None  # fingerprint of the badge that was scanned, if one was (R32)
	state: State | None = None  # of DESK

	@property
	def stamp(self) -> tuple[datetime, str]:
		"""Orders ticks; two at the same instant by their identifiers, the same way everywhere."""
		return (self.at, self.client_id)


@dataclass(frozen=True, slots=True)
class State:
	"""What is known of one row."""

	status: str = CANCELLED
	planned: bool = False
	arrival: time | None = None
	departure: time | None = None
	note: str | None = None


# ---------------------------------------------------------------- from the device


def identifier_of(raw) -> str:
	value = raw.get("id") if isinstance(raw, dict) else None
	if not isinstance(value, str) or not _IDENTIFIER.fullmatch(value):
		raise Malformed("id")
	return value


def parse(raw: dict, device_offset: int, now: datetime, zone: str, place: int = 0) -> Tick:
	"""A tick from what a device sent. ``device_offset``: milliseconds, server minus device, measured now.

	A tick may name the offset that was measured when it was made, as the clock may have been set since: where that
	can't be, the one of now counts. No tick is later than now, whatever the device believes; those cut down to now
	keep their order by ``place``. A slip of the measurement is cut down and never measured anew: that would bring the
	tick before an earlier one of the same device.
	Raises Malformed with the name of the field.
	"""
	action = raw.get("action")
	if not isinstance(action, str) or action not in SENT:
		raise Malformed("action")
	wall = _whole(raw, "time")
	offset = _whole(raw, "offset") if raw.get("offset") is not None else device_offset
	if _moment(wall + offset, zone) - now > SLIP:
		offset = device_offset
	at = _moment(wall + offset, zone)
	if at > now:
		at = now + timedelta(microseconds=place)
	task = _text(raw, "task")
	tick = Tick(
		client_id=identifier_of(raw),
		action=action,
		at=at,
		device_time=_moment(wall, zone),
		offset=round(offset / 1000),
		day=_day(raw),
		unit=_text(raw, "unit"),
		enrolment=None if task or action == ADDED else _text(raw, "enrolment"),
		clock_time=_clock_time(raw, action, at),
		note=_text(raw, "note") or "" if action == NOTE else _text(raw, "note"),
		person=_text(raw, "person"),
		child_name=_text(raw, "child_name"),
		school_class=_text(raw, "school_class"),
		site=_text(raw, "site"),
		activity=_text(raw, "activity"),
		task=task,
		badge=_text(raw, "badge"),
	)
	_require_target(tick)
	return tick


def _require_target(tick: Tick) -> None:
	if tick.day is None or not tick.unit:
		raise Malformed("day")
	if tick.action == ADDED:
		if not (tick.site and tick.activity and (tick.person or tick.child_name)):
			raise Malformed("child_name")
	elif not (tick.enrolment or tick.task):
		raise Malformed("enrolment")
	elif tick.task and not _IDENTIFIER.fullmatch(tick.task):
		raise Malformed("task")
	if tick.badge and not _FINGERPRINT.fullmatch(tick.badge):
		raise Malformed("badge")


def _whole(raw: dict, name: str) -> int:
	value = raw.get(name)
	if isinstance(value, bool) or not isinstance(value, int) or abs(value) > _CENTURY:
		raise Malformed(name)
	return value


def _text(raw: dict, name: str) -> str | None:
	value = raw.get(name)
	if value in (None, ""):
		return None
	if not isinstance(value, str) or len(value) > LONGEST.get(name, 140) or "\x00" in value:
		raise Malformed(name)
	return value.strip() or None


def _day(raw: dict) -> date | None:
	value = _text(raw, "day")
	try:
		return date.fromisoformat(value) if value else None
	except ValueError as error:
		raise Malformed("day") from error


def _clock_time(raw: dict, action: str, at: datetime) -> time | None:
	if action not in (CLOCK, ARRIVAL, DEPARTURE, ADDED):
		return None
	try:
		given = clock.time_of(_text(raw, "clock_time"))
	except ValueError as error:
		raise Malformed("clock_time") from error
	if given or action == ADDED:
		return given
	return clock.time_of(at.time())


def _moment(milliseconds: int, zone: str) -> datetime:
	"""Milliseconds of the epoch as the database keeps moments: without a zone, in that of the site."""
	moment = datetime(1970, 1, 1, tzinfo=timezone.utc) + timedelta(milliseconds=milliseconds)
	return moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


# ---------------------------------------------------------------- what a row becomes


@dataclass(slots=True)
class History:
	"""One row: how it was planned, and its ticks that were not refused."""

	planned: bool = False
	ticks: dict[str, Tick] = field(default_factory=dict)

	def add(self, tick: Tick) -> None:
		self.ticks[tick.client_id] = tick

	def in_order(self) -> list[Tick]:
		return sorted(self.ticks.values(), key=lambda tick: tick.stamp)

	def state(self) -> State:
		state = State(PLANNED if self.planned else CANCELLED, self.planned)
		for tick in self.in_order():
			state = after(state, tick)
		return state

	def last_of_status(self) -> datetime | None:
		"""When the status was last said, for the column "ticked at"."""
		return max((tick.at for tick in self.ticks.values() if tick.action != NOTE), default=None)

	def is_superseded(self, tick: Tick) -> bool:
		"""Whether a later tick has already said something else about the same thing."""
		later = (other.action for other in self.ticks.values() if other.stamp > tick.stamp)
		return bool(_OVERRULED_BY[tick.action].intersection(later))


_OVERRULED_BY = {
	PRESENCE: COMES | {UNDO, DESK},
	UNDO: COMES | {UNDO, DESK},
	CLOCK: frozenset({UNDO, DESK}),  # an earlier time of arrival counts also if it arrives late
	ARRIVAL: frozenset({ARRIVAL, UNDO, DESK}),
	DEPARTURE: frozenset({DEPARTURE, CLOCK, UNDO, DESK}),
	NOTE: frozenset({NOTE, DESK}),
}


def after(state: State, tick: Tick) -> State:
	"""The state after one more tick."""
	if tick.action == DESK:
		return tick.state
	if tick.action == NOTE:
		return replace(state, note=tick.note or None)
	if tick.action == UNDO:
		if state.status in (ABSENT, JUSTIFIED):
			return state  # a decision, not a presence
		status = PLANNED if state.planned else CANCELLED
		return replace(state, status=status, arrival=None, departure=None)
	if state.status != PRESENT:
		state = replace(state, status=PRESENT, arrival=None, departure=None)
	if tick.action == ARRIVAL or (tick.action == CLOCK and state.arrival is None):
		return replace(state, arrival=tick.clock_time)
	if tick.action == DEPARTURE or (
		tick.action == CLOCK and not _is_same_touch(state.arrival, tick.clock_time)
	):
		return replace(state, departure=tick.clock_time)
	return state


def _is_same_touch(arrival: time, moment: time) -> bool:
	"""Whether two devices, or a trembling finger, noted one arrival twice: nobody leaves after a minute."""
	return abs(minute_of(moment) - minute_of(arrival)) < SAME_TOUCH


def times_in_order(history: History, tick: Tick) -> bool:
	"""Whether arrival and departure make sense once this tick is part of the history."""
	known = History(history.planned, dict(history.ticks))
	known.add(tick)
	state = known.state()
	return clock.in_order(state.arrival, state.departure)
