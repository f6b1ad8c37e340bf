"""How many people each building holds, all its activities together: read for ``engine/building.py`` (R2, R40).

``Site.capacity`` is a rule of safety: children of all activities, at the same time of the day. Left out are adults, and
what happens elsewhere: transport and camps. A unit without hours counts for the whole day.

Counting is done in two steps. A first query counts by unit and day, for all days asked for. Who it is, is read for the few
days on which the building may be full.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

import frappe
from frappe.query_builder import DocType
from frappe.query_builder.functions import Count
from frappe.utils import get_time, getdate

from concerto_education.activities.capacity import locking
from concerto_education.activities.capacity.places import OFFERED, TAKING
from concerto_education.engine.building import WHOLE_DAY, Building, Hours, Place, UnitHours, crowded
from concerto_education.engine.capacity import Shortfall, Slot
from concerto_education.engine.ranges import DateRange

ELSEWHERE = ("Transport, Wednesday", "Transport, Holidays", "Camp")


def of(
	wanted: Sequence[Slot], *, without_entry: str | None = None, latest: bool = False, everyone: bool = False
) -> Building:
	"""Who is in the buildings of these slots, on the days on which there may be no room left.

	``everyone``: on all their days, for a screen. ``latest``: as in ``locking.rows``.
	"""
	limits = locking.buildings(slot.site for slot in wanted)
	asked = [slot for slot in wanted if slot.site in limits]
	if not asked:
		return Building({}, {})
	hours = unit_hours()
	reading = _Reading(sorted(limits), hours, without_entry, latest)
	if everyone:
		places = {(slot.site, slot.day) for slot in asked}
	else:
		span = DateRange(min(slot.day for slot in asked), max(slot.day for slot in asked))
		places = crowded(limits, hours, reading.counts(span), asked)
	return _building(reading, limits, hours, places)


def over_full(site: str, span: DateRange) -> list[Shortfall]:
	"""Days of a site on which more children are expected than the building holds."""
	limits = locking.buildings([site])
	if not limits:
		return []
	hours = unit_hours()
	reading = _Reading([site], hours, None, latest=False)
	return _building(reading, limits, hours, crowded(limits, hours, reading.counts(span))).over_full()


def _building(reading: _Reading, limits: dict[str, int], hours: UnitHours, places: set[Place]) -> Building:
	here = reading.persons(places) if places else []
	return Building({place: limits[place[0]] for place in places}, hours, here)


def unit_hours() -> UnitHours:
	"""Hours of the units of all activities that take place in their building."""
	Activity, Unit = DocType("Activity"), DocType("Activity Unit")
	rows = (
		frappe.qb.from_(Unit)
		.join(Activity)
		.on((Unit.parent == Activity.name) & (Unit.parenttype == "Activity"))
		.select(Unit.parent, Unit.unit, Unit.starts_at, Unit.ends_at)
		.where(Activity.kind.notin(ELSEWHERE))
	).run()
	return {(activity, unit): _span(start, end) for activity, unit, start, end in rows}


def _span(start: str | None, end: str | None) -> Hours:
	if not start or not end:
		return WHOLE_DAY
	first, last = get_time(start), get_time(end)
	return Hours(first.hour * 60 + first.minute, last.hour * 60 + last.minute)


class _Reading:
	"""The queries: attendance, and the places that an offer holds."""

	def __init__(self, sites: list[str], hours: UnitHours, without: str | None, latest: bool) -> None:
		self._sites, self._without, self._latest = sites, without, latest
		self._activities = sorted({activity for activity, _unit in hours}) or [""]
		self._adults = _adults(sites) or [""]

	def counts(self, span: DateRange) -> Counter[Slot]:
		found: Counter[Slot] = Counter()
		for query, place, _person in self._queries(lambda column: column[span.start : span.last]):
			query = query.select(*place, Count("*")).groupby(*place)
			for activity, site, day, unit, number in locking.rows(query, self._latest):
				found[Slot(activity, site, getdate(day), unit)] += number
		return found

	def persons(self, places: set[Place]) -> list[Slot]:
		days = sorted({day for _site, day in places})
		found = []
		for query, place, person in self._queries(lambda column: column.isin(days)):
			query = query.select(*place, person)
			for activity, site, day, unit, who in locking.rows(query, self._latest):
				if (site, day) in places:
					found.append(Slot(activity, site, day, unit, person=who))
		return found

	def _queries(self, on_days: Callable):
		"""Attendance, then offers: each without what it selects, the columns that say where, and the one that says who."""
		Attendance = DocType("Attendance")
		# The activities are named, all of them, because the index of attendance goes by site, activity and day: a
		# locking read must not lock the past years of the site.
		yield (
			frappe.qb.from_(Attendance).where(
				Attendance.site.isin(self._sites)
				& Attendance.activity.isin(self._activities)
				& on_days(Attendance.attendance_date)
				& Attendance.status.isin(TAKING)
				& Attendance.enrolment.notin(self._adults)
			),
			(Attendance.activity, Attendance.site, Attendance.attendance_date, Attendance.unit),
			Attendance.person,
		)
		Entry, Day = DocType("Waiting List Entry"), DocType("Waiting List Day")
		yield (
			frappe.qb.from_(Entry)
			.join(Day)
			.on((Day.parent == Entry.name) & (Day.parenttype == "Waiting List Entry"))
			.where(
				(Entry.status == OFFERED)
				& Entry.site.isin(self._sites)
				& on_days(Day.attendance_date)
				& Entry.enrolment.notin(self._adults)
				& (Entry.name != (self._without or ""))
			),
			(Entry.activity, Entry.site, Day.attendance_date, Day.unit),
			Entry.person,
		)


def _adults(sites: list[str]) -> list[str]:
	"""Enrolments of adults there. Read without a lock: nobody becomes an adult between two clicks."""
	Enrolment, Category = DocType("Enrolment"), DocType("Enrolment Category")
	rows = (
		frappe.qb.from_(Enrolment)
		.join(Category)
		.on(Category.name == Enrolment.category)
		.select(Enrolment.name)
		.where(Enrolment.site.isin(sites) & (Category.audience == "Adults"))
	).run()
	return [name for (name,) in rows]
