"""From the records of school years and sites to the engine's calendar (R7).

Always four queries, whatever the number of sites and years: forecasts for a whole authority use it.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date

import frappe
from frappe.utils import getdate

from concerto_education.activities.school_years import SUMMER
from concerto_education.engine.calendar import (
	HolidayKind,
	HolidayPeriod,
	SchoolCalendar,
)
from concerto_education.engine.ranges import DateMap, DateRange, DateSet


class Calendars:
	"""The calendar of the authority and, by adding its closures, that of each site."""

	def __init__(self, general: SchoolCalendar, closures: dict[str, DateSet]) -> None:
		self.general = general
		self._closures = closures
		self._sites: dict[str, SchoolCalendar] = {}

	def of(self, site: str | None) -> SchoolCalendar:
		"""Calendar of a site; of the authority without one. The same object each time: it remembers."""
		if site not in self._closures:
			return self.general
		if site not in self._sites:
			self._sites[site] = self.general.with_closures(self._closures[site])
		return self._sites[site]


def calendars(span: DateRange) -> Calendars:
	"""Calendars that know the days of ``span``, as far as school years are recorded."""
	# Dates are no secret and every rule needs all of them: permissions are skipped on purpose.
	years = frappe.get_all(
		"School Year",
		filters={"starts_on": ("<=", span.last), "ends_on": (">=", span.start)},
		fields=["name", "starts_on", "ends_on"],
	)
	names = [year.name for year in years]
	general = SchoolCalendar(
		DateSet(_span(year) for year in years),
		DateMap(
			(
				_span(row),
				HolidayPeriod(row.label, HolidayKind.SUMMER if row.kind == SUMMER else HolidayKind.SMALL),
			)
			for row in _children("School Holiday", names, ["label", "kind", "starts_on", "ends_on"])
		),
		{getdate(row.date): row.label for row in _children("Public Holiday", names, ["date", "label"])},
	)
	closures = defaultdict(list)
	for row in frappe.get_all(
		"Site Closure",
		filters={"parenttype": "Site", "starts_on": ("<=", span.last), "ends_on": (">=", span.start)},
		fields=["parent", "starts_on", "ends_on"],
	):
		closures[row.parent].append(_span(row))
	return Calendars(general, {site: DateSet(spans) for site, spans in closures.items()})


def school_calendar(span: DateRange, site: str | None = None) -> SchoolCalendar:
	"""The engine's calendar for ``span``, with the closures of one site."""
	return calendars(span).of(site)


def last_open_day(opening, site: str, day: date, calendar: SchoolCalendar | None = None) -> date | None:
	"""The latest day up to ``day`` on which an activity is open at a site, within the last ten weeks."""
	span = DateRange(date.fromordinal(day.toordinal() - 70), day)
	calendar = calendar or school_calendar(span, site)
	for ordinal in range(day.toordinal(), span.start.toordinal() - 1, -1):
		candidate = date.fromordinal(ordinal)
		if candidate in calendar.years and calendar.is_open(candidate, opening):
			return candidate
	return None


def _children(doctype: str, parents: list[str], fields: list[str]):
	if not parents:
		return []
	return frappe.get_all(
		doctype,
		filters={"parenttype": "School Year", "parent": ("in", parents)},
		fields=fields,
		order_by="idx",
	)


def _span(row) -> DateRange:
	return DateRange(getdate(row.starts_on), getdate(row.ends_on))
