"""What is known of places, many at a time: limits, places taken, places held by an offer (R40).

Everything here is a constant number of queries, whatever the number of children and days.

| limit            | from                                                                     |
|------------------|--------------------------------------------------------------------------|
| of a group       | row of the activity's groups; the one that names site and unit wins      |
| of the whole site| capacity of the site in the activity                                     |
| of some days     | Capacity Period, which goes before both; 0 there is "closed"             |
| of the building  | capacity of the Site, all activities together: ``building.py``           |
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date

import frappe
from frappe.query_builder import DocType
from frappe.query_builder.functions import Count
from frappe.utils import cint, getdate

from concerto_education.activities.capacity import locking
from concerto_education.activities.capacity.locking import Pair
from concerto_education.engine.capacity import Slot
from concerto_education.engine.ranges import DateRange

# Who takes a place: expected, there, or absent without having said so in time. A justified absence frees it.
TAKING = ("Planned", "Present", "Absent")
OFFERED = "Offered"


# ---------------------------------------------------------------- limits


class Limits:
	"""Limits of some activities, in three queries; asked slot by slot."""

	def __init__(self, activities: Iterable[str]) -> None:
		names = list(dict.fromkeys(activities))
		self._whole: dict[Pair, int] = {}
		self._groups: dict[tuple[str, str], list] = defaultdict(list)
		self._periods: dict[tuple[str, str, str], list] = defaultdict(list)
		if not names:
			return
		# Limits hold for everybody, whatever the user may read.
		for row in frappe.get_all(
			"Activity Site", filters={"parent": ("in", names)}, fields=["parent", "site", "capacity"]
		):
			if cint(row.capacity):
				self._whole[row.parent, row.site] = cint(row.capacity)
		for row in frappe.get_all(
			"Activity Group",
			filters={"parent": ("in", names), "capacity": (">", 0)},
			fields=["parent", "group_name", "site", "unit", "capacity"],
		):
			self._groups[row.parent, row.group_name].append(row)
		for row in frappe.get_all(
			"Capacity Period",
			filters={"activity": ("in", names)},
			fields=["activity", "site", "activity_group", "unit", "valid_from", "valid_to", "capacity"],
		):
			self._periods[row.activity, row.site, row.activity_group or ""].append(row)

	def of(self, slot: Slot) -> int | None:
		"""The limit of a slot; None is no limit."""
		period = self._period(slot)
		if period is not None:
			return period
		if not slot.group:
			return self._whole.get((slot.activity, slot.site))
		rows = [
			row
			for row in self._groups.get((slot.activity, slot.group), ())
			if (row.site or slot.site) == slot.site and (row.unit or slot.unit) == slot.unit
		]
		return max(rows, key=lambda row: (bool(row.site), bool(row.unit))).capacity if rows else None

	def _period(self, slot: Slot) -> int | None:
		rows = [
			row
			for row in self._periods.get((slot.activity, slot.site, slot.group), ())
			if (row.unit or slot.unit) == slot.unit and row.valid_from <= slot.day <= row.valid_to
		]
		if not rows:
			return None
		named = [row for row in rows if row.unit] or rows
		return min(cint(row.capacity) for row in named)

	def limited(self, activity: str, site: str) -> bool:
		"""Whether anything at all is limited there: most activities need no lock and no counting."""
		return (
			(activity, site) in self._whole
			or any(key[:2] == (activity, site) for key in self._periods)
			or any(
				(row.site or site) == site
				for key, rows in self._groups.items()
				if key[0] == activity
				for row in rows
			)
		)

	def for_slots(self, slots: Iterable[Slot]) -> dict[Slot, int]:
		"""Limits of these slots and of their whole sites; what has none is left out."""
		wanted = {level for slot in slots for level in (slot, slot.whole)}
		found = {slot: self.of(slot) for slot in wanted}
		return {slot: limit for slot, limit in found.items() if limit is not None}


# ---------------------------------------------------------------- taken


def taken(
	pairs: Iterable[Pair], span: DateRange, *, without_entry: str | None = None, latest: bool = False
) -> Counter[Slot]:
	"""Places taken and held, by slot with its group. ``latest`` reads past what this transaction saw first."""
	wanted = sorted(set(pairs))
	if not wanted:
		return Counter()
	count: Counter[Slot] = Counter()
	for query in (_attended(wanted, span), _held(wanted, span, without_entry)):
		for activity, site, day, unit, group, number in locking.rows(query, latest):
			count[Slot(activity, site, getdate(day), unit, group or "")] += number
	return count


def _attended(pairs: list[Pair], span: DateRange):
	"""From attendance alone: a reader that also locked enrolments would meet whoever is just saving one."""
	Attendance = DocType("Attendance")
	activities, sites = _both(pairs)
	place = (
		Attendance.activity,
		Attendance.site,
		Attendance.attendance_date,
		Attendance.unit,
		Attendance.activity_group,
	)
	return (
		frappe.qb.from_(Attendance)
		.select(*place, Count("*"))
		.where(
			Attendance.site.isin(sites)
			& Attendance.activity.isin(activities)
			& Attendance.attendance_date[span.start : span.last]
			& Attendance.status.isin(TAKING)
		)
		.groupby(*place)
	)


def _held(pairs: list[Pair], span: DateRange, without: str | None):
	return _entries(pairs, span, [OFFERED], without)


def _entries(pairs: list[Pair], span: DateRange, statuses: list[str], without: str | None = None):
	Entry, Day = DocType("Waiting List Entry"), DocType("Waiting List Day")
	activities, sites = _both(pairs)
	query = (
		frappe.qb.from_(Entry)
		.join(Day)
		.on((Day.parent == Entry.name) & (Day.parenttype == "Waiting List Entry"))
		.select(
			Entry.activity,
			Entry.site,
			Day.attendance_date,
			Day.unit,
			Entry.activity_group,
			Count("*"),
		)
		.where(
			Entry.status.isin(statuses)
			& Entry.site.isin(sites)
			& Entry.activity.isin(activities)
			& Day.attendance_date[span.start : span.last]
		)
		.groupby(Entry.activity, Entry.site, Day.attendance_date, Day.unit, Entry.activity_group)
	)
	return query.where(Entry.name != without) if without else query


def waiting(pairs: Iterable[Pair], span: DateRange, statuses: Iterable[str]) -> Counter[Slot]:
	"""How many wait for each slot, by slot with its group."""
	wanted = sorted(set(pairs))
	if not wanted:
		return Counter()
	rows = _entries(wanted, span, list(statuses)).run()
	return Counter(
		{
			Slot(activity, site, getdate(day), unit, group or ""): number
			for activity, site, day, unit, group, number in rows
		}
	)


def _both(pairs: list[Pair]) -> tuple[list[str], list[str]]:
	"""Some combinations too many cost nothing: what is not asked for is not looked at."""
	return sorted({pair[0] for pair in pairs}), sorted({pair[1] for pair in pairs})


def span_of(days: Iterable[date]) -> DateRange:
	known = list(days)
	return DateRange(min(known), max(known))
