"""Hours of nurseries: done and billed, by enrolment and month, for billing and for the statement to the CAF.

Under a contract a month is one sum of hours; without one (occasional care) each day stands for itself. What was
booked on a day is, in this order: the hours written on the attendance, those of the contract for that weekday, the
hours of the unit that was planned. The rules are the engine's (`engine/nursery.py`, `engine/hours.py`); the waiting
days of an absence are a setting of its reason, the tolerance one of the activity.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import frappe
from frappe.query_builder import DocType
from frappe.utils import cint

from concerto_education.activities.nursery.contracts import contracts_of
from concerto_education.attendance import clock
from concerto_education.engine.errors import BackwardHours
from concerto_education.engine.hours import Slot, care_time
from concerto_education.engine.nursery import CareDay, CareMonth, Contract, care_month, deducted_days
from concerto_education.engine.ranges import DateRange, DateSet

# Days before the window that are looked at, because the waiting days of an illness run from its first day.
LOOK_BACK = timedelta(days=45)
JUSTIFIED, PRESENT = "Justified", "Present"
COUNTED = ("Planned", PRESENT, "Absent", JUSTIFIED)


@dataclass(frozen=True, slots=True)
class ContractMonth:
	"""A month under a contract. ``day`` is the first day of the contract in it: its price is that day's."""

	enrolment: str
	day: date
	care: CareMonth


@dataclass(frozen=True, slots=True)
class OccasionalDay:
	"""A day without a contract. ``billed`` is None where neither booked hours nor times are known."""

	row: Any
	billed: int | None
	done: int
	deducted: bool


@dataclass(frozen=True, slots=True)
class _Rules:
	step: int
	tolerance: int


class NurseryHours:
	"""All that is known of some enrolments over a window, in a constant number of queries.

	``enrolments``: rows with name, activity, site, valid_from, valid_to.
	"""

	def __init__(self, enrolments: Iterable[Any], window: DateRange) -> None:
		self.window = window
		self.enrolments = {row.name: row for row in enrolments}
		self._contracts: Mapping[str, list[Contract]] = contracts_of(self.enrolments)
		self._rows = _rows(self.enrolments, DateRange(window.start - LOOK_BACK, window.end))
		activities = {row.activity for row in self.enrolments.values()}
		self._rules = _rules(activities)
		self._units = unit_slots(activities)
		self._reasons = _reasons()
		self._closures = _closures({row.site for row in self.enrolments.values()}, window)

	def contract_months(self, enrolment: str) -> list[ContractMonth]:
		"""The months of the window under a contract, in order."""
		found = []
		rules = self._rules[self.enrolments[enrolment].activity]
		closed = self._closures.get(self.enrolments[enrolment].site, DateSet())
		for contract in self._contracts.get(enrolment, ()):
			days = [self._care_day(row, contract) for row in self._rows.get(enrolment, ())]
			for month in self.window.months():
				held = contract.span.intersection(month)
				if held is None:
					continue
				closures = [day for span in closed for day in _within(span, held)]
				inside = [day for day in days if day.day <= held.last and day.day in contract.span]
				care = care_month(contract, inside, held, rules.step, rules.tolerance, closures)
				found.append(ContractMonth(enrolment, held.start, care))
		return found

	def occasional_days(self, enrolment: str) -> list[OccasionalDay]:
		"""The days of the window that no contract covers, in order."""
		rules = self._rules[self.enrolments[enrolment].activity]
		contracts = self._contracts.get(enrolment, ())
		rows = [
			row
			for row in self._rows.get(enrolment, ())
			if not any(row.attendance_date in contract.span for contract in contracts)
		]
		days = [self._care_day(row, None) for row in rows]
		deducted = deducted_days(days)
		found = []
		for row, day in zip(rows, days, strict=True):
			if day.day not in self.window:
				continue
			known = day.booked or day.actual
			care = care_time(day.booked, day.actual if day.came else None, rules.step, rules.tolerance)
			found.append(OccasionalDay(row, care.billed if known else None, care.done, day.day in deducted))
		return found

	def _care_day(self, row, contract: Contract | None) -> CareDay:
		booked = _slot(row.booked_from, row.booked_to)
		if booked is None and contract is not None:
			booked = contract.booked(row.attendance_date)
		elif booked is None and row.planned:
			booked = self._units.get((self.enrolments[row.enrolment].activity, row.unit))
		return CareDay(
			row.attendance_date,
			booked,
			_slot(row.arrival, row.departure),
			row.status == PRESENT,
			self._reasons.get(row.reason) if row.status == JUSTIFIED else None,
			row.reason,
		)


def _within(span: DateRange, held: DateRange) -> Iterable[date]:
	common = span.intersection(held)
	return common.days() if common else ()


def _slot(start: Any, end: Any) -> Slot | None:
	"""Two times, if both are there and in order."""
	first, last = clock.time_of(start), clock.time_of(end)
	if first is None or last is None:
		return None
	try:
		return Slot(first, last)
	except BackwardHours:
		return None


def _rows(enrolments: Mapping[str, Any], span: DateRange) -> dict[str, list]:
	found = defaultdict(list)
	if not enrolments:
		return found
	Attendance = DocType("Attendance")
	rows = (
		frappe.qb.from_(Attendance)
		.select(
			Attendance.name,
			Attendance.enrolment,
			Attendance.attendance_date,
			Attendance.unit,
			Attendance.status,
			Attendance.site,
			Attendance.planned,
			Attendance.reason,
			Attendance.arrival,
			Attendance.departure,
			Attendance.booked_from,
			Attendance.booked_to,
		)
		.where(
			Attendance.enrolment.isin(list(enrolments))
			& Attendance.attendance_date[span.start : span.end]
			& Attendance.status.isin(COUNTED)
		)
		.orderby(Attendance.enrolment, Attendance.attendance_date, Attendance.unit)
	).run(as_dict=True)
	for row in rows:
		enrolment = enrolments[row.enrolment]
		# What is left of a forecast outside the dates of its enrolment counts for nothing; whoever came counts.
		if row.status == PRESENT or enrolment.valid_from <= row.attendance_date <= enrolment.valid_to:
			found[row.enrolment].append(row)
	return found


def _rules(activities: set[str]) -> dict[str, _Rules]:
	# Settings, whoever asks.
	return {
		row.name: _Rules(cint(row.clock_step) or 30, cint(row.hours_tolerance))
		for row in frappe.get_all(
			"Activity",
			filters={"name": ("in", sorted(activities) or [""])},
			fields=["name", "clock_step", "hours_tolerance"],
		)
	}


def unit_slots(activities: Iterable[str]) -> dict[tuple[str, str], Slot]:
	"""Opening hours of the units that have some, by activity and unit."""
	found = {}
	# Settings, whoever asks.
	for row in frappe.get_all(
		"Activity Unit",
		filters={"parenttype": "Activity", "parent": ("in", sorted(activities) or [""])},
		fields=["parent", "unit", "starts_at", "ends_at"],
	):
		slot = _slot(row.starts_at, row.ends_at)
		if slot:
			found[row.parent, row.unit] = slot
	return found


def _reasons() -> dict[str, int]:
	"""Waiting days of the reasons for which booked hours are deducted."""
	# Settings, whoever asks.
	return {
		row.name: cint(row.nursery_waiting_days)
		for row in frappe.get_all(
			"Absence Reason",
			filters={"nursery_deducted": 1},
			fields=["name", "nursery_waiting_days"],
		)
	}


def _closures(sites: set[str], window: DateRange) -> dict[str, DateSet]:
	"""Closures that nobody had announced: the hours booked on these days are not billed."""
	spans = defaultdict(list)
	# Settings, whoever asks.
	for row in frappe.get_all(
		"Site Closure",
		filters={
			"parenttype": "Site",
			"parent": ("in", sorted(sites) or [""]),
			"deducts_hours": 1,
			"starts_on": ("<=", window.end),
			"ends_on": (">=", window.start),
		},
		fields=["parent", "starts_on", "ends_on"],
	):
		spans[row.parent].append(DateRange(row.starts_on, row.ends_on))
	return {site: DateSet(ranges) for site, ranges in spans.items()}
