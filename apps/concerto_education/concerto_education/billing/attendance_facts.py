"""From attendance to the engine's facts, for a chunk of families, in a constant number of queries.

**How far around the month.** A week or a stay that crosses the first or the last day of the month is *one* charge.
So for activities with such tariffs the whole week or stay is read, and ``Scope`` says which of their charges belong
to this run: those with a billed day in its window, and those that are recorded already. A day outside the window
never makes a charge by itself: what was before the start of the software is not billed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from decimal import Decimal

import frappe
from frappe.query_builder import DocType

from concerto_education.attendance import clock
from concerto_education.attendance.nursery.hours import JUSTIFIED, NurseryHours, unit_slots
from concerto_education.engine import charges as engine
from concerto_education.engine.errors import RuleError
from concerto_education.engine.hours import Slot, minute_of
from concerto_education.engine.nursery import contract_key
from concerto_education.engine.ranges import DateRange
from concerto_education.engine.tariffs import Method, TariffBook

STATUS = {
	"Planned": engine.AttendanceStatus.PLANNED,
	"Present": engine.AttendanceStatus.PRESENT,
	"Absent": engine.AttendanceStatus.ABSENT,
	"Justified": engine.AttendanceStatus.JUSTIFIED,
	"Cancelled": engine.AttendanceStatus.CANCELLED,
}
ONE = Decimal(1)
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Ways:
	"""How activities are priced, as far as reading attendance depends on it. Once a run."""

	weeks: frozenset[str]
	stays: frozenset[str]
	timed: frozenset[str]
	hours: frozenset[str]
	slots: Mapping[tuple[str, str], Slot]

	@classmethod
	def of(cls, tariffs: TariffBook, terms: Mapping[str, engine.ActivityTerms]) -> Ways:
		def with_method(*methods: Method) -> frozenset[str]:
			return frozenset(tariff.activity for tariff in tariffs.tariffs if tariff.method in methods)

		timed = with_method(Method.PER_DURATION, Method.EFFORT_RATE, Method.SCRIPT)
		return cls(
			weeks=with_method(Method.PER_WEEK),
			stays=with_method(Method.PER_STAY),
			timed=timed,
			hours=frozenset(name for name, term in terms.items() if term.rule is engine.BillingRule.HOURS),
			slots=unit_slots(timed) if timed else {},
		)


@dataclass
class Scope:
	"""Which charges of periods this run may make: see the top of this file."""

	window: DateRange
	periods: set[str] = field(default_factory=set)  # all periods that attendance was read for
	touched: set[str] = field(default_factory=set)  # those with a billed day in the window
	recorded: set[str] = field(default_factory=set)  # keys in the ledger

	def is_period(self, key: str) -> bool:
		"""Whether a charge of the ledger is of one of the periods, or what a third party pays of it."""
		return key in self.periods or key.rpartition("#")[0] in self.periods

	def holds(self, day: date, key: str | None) -> bool:
		return day in self.window or key in self.touched or key in self.recorded


def window_around(window: DateRange, ways: Ways, enrolments: Iterable[frappe._dict]) -> DateRange:
	"""The days for which payers and profiles must be known: the window, with weeks and stays that cross its ends."""
	start, end = window.start, window.end
	for enrolment in enrolments:
		if enrolment.activity in ways.stays:
			start, end = min(start, enrolment.valid_from), max(end, enrolment.valid_to)
		elif enrolment.activity in ways.weeks:
			week = _whole_weeks(window)
			start, end = min(start, week.start), max(end, week.end)
	return DateRange(start, end)


def _whole_weeks(window: DateRange) -> DateRange:
	return DateRange(
		window.start - timedelta(days=window.start.weekday()),
		window.end + timedelta(days=6 - window.end.weekday()),
	)


def load(
	window: DateRange,
	ways: Ways,
	tariffs: TariffBook,
	terms: Mapping[str, engine.ActivityTerms],
	enrolments,
	chunk,
) -> None:
	"""Fill ``chunk.facts``, ``chunk.attendances`` and ``chunk.scope``.

	A cancelled enrolment bills nothing, nor does what is left of a forecast outside the dates of its enrolment;
	whoever came is billed.
	"""
	chunk.scope = Scope(window)
	confirmed = {name: row for name, row in enrolments.items() if row.status == "Confirmed"}
	groups: dict[DateRange, list[str]] = {}
	for name, row in confirmed.items():
		if row.activity in ways.hours:
			continue
		span = window
		if row.activity in ways.stays or row.activity in ways.weeks:
			span = window_around(window, ways, [row])
		groups.setdefault(span, []).append(name)
	for span, names in _joined(groups, window).items():
		for row in _rows(names, span):
			_add(chunk, ways, tariffs, terms, confirmed[row[1]], row)
	_load_nurseries(window, ways, confirmed, chunk)


def _joined(groups: dict[DateRange, list[str]], window: DateRange) -> dict[DateRange, list[str]]:
	"""Stays of every length are read over the longest of them, so the number of queries stays the same."""
	wide = [span for span in groups if span != window]
	if not wide:
		return groups
	longest = DateRange(min(span.start for span in wide), max(span.end for span in wide))
	names = [name for span in wide for name in groups[span]]
	return {**({window: groups[window]} if window in groups else {}), longest: names}


def _rows(names: list[str], span: DateRange):
	Attendance = DocType("Attendance")
	return (
		frappe.qb.from_(Attendance)
		.select(
			Attendance.name,
			Attendance.enrolment,
			Attendance.attendance_date,
			Attendance.unit,
			Attendance.status,
			Attendance.site,
			Attendance.planned,
			Attendance.arrival,
			Attendance.departure,
			Attendance.late_change,
		)
		.where(
			Attendance.enrolment.isin(names)
			& Attendance.attendance_date[span.start : span.end]
			& (
				Attendance.status.isin(("Planned", "Present", "Absent"))
				# Cancelled after the cut-off of an activity where that stays billed (activities/booking).
				| ((Attendance.status == "Cancelled") & (Attendance.late_change == "Cancelled Late"))
			)
		)
		.orderby(Attendance.enrolment, Attendance.attendance_date, Attendance.unit)
	).run()


def _add(chunk, ways: Ways, tariffs: TariffBook, terms, enrolment, row) -> None:
	attendance, name, day, unit, status, site, planned, arrival, departure, late = row
	state, activity = STATUS[status], enrolment.activity
	if late == "Cancelled Late" and status == "Cancelled":
		state, planned = engine.AttendanceStatus.ABSENT, True
	booked = bool(planned) and late != "Booked Late"
	present = state is engine.AttendanceStatus.PRESENT
	if not present and not enrolment.valid_from <= day <= enrolment.valid_to:
		return
	minutes = assumed = None
	if activity in ways.timed:
		minutes, assumed = _minutes(present, arrival, departure, ways.slots.get((activity, unit)))
	key = f"{name}|{day}|{unit}"  # stays the same when an attendance is deleted and planned again
	chunk.attendances[key] = attendance
	fact = engine.Fact(
		key,
		name,
		enrolment.person,
		enrolment.family,
		activity,
		site,
		enrolment.category,
		unit,
		day,
		state,
		ONE,
		minutes,
		booked,
		assumed,
	)
	chunk.facts[enrolment.family].append(fact)
	if activity in ways.weeks or activity in ways.stays:
		_note_period(chunk.scope, tariffs, terms[activity].rule, fact)


def _note_period(scope: Scope, tariffs: TariffBook, rule: engine.BillingRule, fact: engine.Fact) -> None:
	try:
		tariff = tariffs.for_presence(fact.activity, fact.category, fact.site, fact.day, fact.booked)
	except RuleError:
		return  # the engine lists it, if the day is in the window
	key = engine.period_key(tariff.method, rule, fact.enrolment, fact.day, tariff.use)
	if key is not None:
		scope.periods.add(key)
		if fact.day in scope.window and engine.is_billed(rule, fact.status):
			scope.touched.add(key)


def _minutes(present: bool, arrival, departure, slot: Slot | None) -> tuple[int | None, int | None]:
	"""Minutes of one attendance, and what they would be with the service's hours where nobody noted a time.

	Time before the service opens doesn't count. Who was expected and didn't come is billed the whole slot, where
	the activity bills that at all.
	"""
	if not present:
		whole = slot.minutes if slot else None
		return whole, whole
	start, end = clock.time_of(arrival), clock.time_of(departure)
	known = _length(start, end, slot) if start and end else None
	assumed = _length(start or slot.start, end or slot.end, slot) if slot else None
	return known, assumed


def _length(start: time, end: time, slot: Slot | None) -> int:
	if slot:
		start = max(start, slot.start)
	return max(minute_of(end) - minute_of(start), 0)


# ---------------------------------------------------------------- nurseries (R36)


def _load_nurseries(window: DateRange, ways: Ways, confirmed: Mapping[str, frappe._dict], chunk) -> None:
	"""A contract is one fact a month; occasional care one a day, with the minutes that are billed."""
	nurseries = [row for row in confirmed.values() if row.activity in ways.hours]
	if not nurseries:
		return
	known = NurseryHours(nurseries, window)
	for enrolment in nurseries:
		facts = chunk.facts[enrolment.family]
		for month in known.contract_months(enrolment.name):
			hours = month.care.hours
			if hours.contract or hours.billed:
				key = contract_key(enrolment.name, month.day)
				facts.append(
					_nursery_fact(
						enrolment, key, enrolment.site, None, month.day, STATUS["Planned"], hours=hours
					)
				)
		for day in known.occasional_days(enrolment.name):
			row = day.row
			if day.deducted:
				continue
			# A justified absence that is not deducted (yet) is billed as it was booked.
			status = "Absent" if row.status == JUSTIFIED else row.status
			key = f"{enrolment.name}|{row.attendance_date}|{row.unit}"
			chunk.attendances[key] = row.name
			facts.append(
				_nursery_fact(
					enrolment,
					key,
					row.site,
					row.unit,
					row.attendance_date,
					STATUS[status],
					minutes=day.billed,
					booked=bool(row.planned),
				)
			)


def _nursery_fact(
	enrolment, key: str, site: str, unit: str | None, day: date, status, **values
) -> engine.Fact:
	return engine.Fact(
		key,
		enrolment.name,
		enrolment.person,
		enrolment.family,
		enrolment.activity,
		site,
		enrolment.category,
		unit,
		day,
		status,
		**values,
	)
