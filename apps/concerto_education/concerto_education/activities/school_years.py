"""School years: filled from the official calendar, offline, then edited by administrators (R7).

Two packages know the dates: ``vacances-scolaires-france`` the school holidays of each zone,
``holidays`` the public holidays of each département.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import frappe
from frappe import _
from frappe.utils import getdate

from concerto_education.activities.errors import OfficialCalendarUnknown
from concerto_education.engine.ranges import DateRange, DateSet

ONE_DAY = timedelta(days=1)
SUMMER = "Summer"
SMALL_HOLIDAYS = "Small Holidays"

# Départements with public holidays of their own, as the package names them.
_SUBDIVISIONS = {"57": "57", "67": "6AE", "68": "6AE"} | {
	code: code for code in ("971", "972", "973", "974", "976")
}


@dataclass(frozen=True, slots=True)
class Holiday:
	label: str
	kind: str
	span: DateRange


def official_holidays(zone: str, year: DateRange) -> tuple[list[Holiday], dict[date, str]]:
	"""School holidays of a zone inside a school year, and its bridges, which close everything.

	A holiday that began before the year is cut at its first day: in the years when school starts on 4
	September, the first three days are still summer. The bridge of Ascension is no holiday period (a
	leisure centre for holidays stays closed), so it comes as single days.
	Raises OfficialCalendarUnknown for a year the package doesn't know.
	"""
	holidays: list[Holiday] = []
	bridges: dict[date, str] = {}
	for label, span in _runs(zone, year):
		if label.startswith("Pont"):
			bridges |= dict.fromkeys(span.days(), label)
		elif "été" in label:
			if span.start == year.start:
				label = f"Fin des {label[0].lower()}{label[1:]}"
			holidays.append(Holiday(label, SUMMER, span))
		else:
			holidays.append(Holiday(label, SMALL_HOLIDAYS, span))
	# The package answers "no holiday" for years it doesn't know; every known year ends in summer.
	if not any(holiday.kind == SUMMER and holiday.span.start > year.start for holiday in holidays):
		frappe.throw(
			_("The official holidays of {0} are not known yet. Enter them by hand.").format(
				f"{year.start.year}-{year.end.year}"
			),
			OfficialCalendarUnknown,
		)
	return holidays, bridges


def _runs(zone: str, year: DateRange) -> Iterator[tuple[str, DateRange]]:
	"""Days in a row that bear one name."""
	from vacances_scolaires_france import SchoolHolidayDates

	source = SchoolHolidayDates()
	known = {}
	for number in range(max(year.start.year, source.min_year), min(year.end.year, source.max_year) + 1):
		known |= source.holidays_for_year_and_zone(number, zone)
	label, start, last = None, None, None
	for day in sorted(day for day in known if day in year):
		name = known[day]["nom_vacances"]
		if name != label or day != last + ONE_DAY:
			if label:
				yield label, DateRange(start, last)
			label, start = name, day
		last = day
	if label:
		yield label, DateRange(start, last)


def official_public_holidays(department: str | None, year: DateRange) -> dict[date, str]:
	"""Public holidays inside a school year, with those of the département."""
	import holidays

	source = holidays.France(
		subdiv=_SUBDIVISIONS.get((department or "").strip()),
		years=range(year.start.year, year.end.year + 1),
		language="fr",
	)
	return {day: name for day, name in sorted(source.items()) if day in year}


def fill(doc) -> None:
	"""Write the official holidays into a School Year; what was there is replaced. Does not save."""
	year = DateRange(getdate(doc.starts_on), getdate(doc.ends_on))
	holidays, bridges = official_holidays(doc.zone, year)
	department = frappe.db.get_single_value("Authority Settings", "department")
	closed_days = bridges | official_public_holidays(department, year)
	doc.set("holidays", [])
	for holiday in holidays:
		doc.append(
			"holidays",
			{
				"label": holiday.label,
				"kind": holiday.kind,
				"starts_on": holiday.span.start,
				"ends_on": holiday.span.end,
			},
		)
	doc.set("public_holidays", [])
	for day in sorted(closed_days):
		doc.append("public_holidays", {"date": day, "label": closed_days[day]})


def default_span(day: date) -> DateRange:
	"""The school year that holds a day: the recorded one, else 1 September to 31 August (R7, R8)."""
	# Dates of school years are no secret: read whatever the user's permissions.
	recorded = frappe.get_all(
		"School Year",
		filters={"starts_on": ("<=", day), "ends_on": (">=", day)},
		fields=["starts_on", "ends_on"],
		limit=1,
	)
	if recorded:
		return DateRange(getdate(recorded[0].starts_on), getdate(recorded[0].ends_on))
	first = day.year if day.month >= 9 else day.year - 1
	return DateRange(date(first, 9, 1), date(first + 1, 8, 31))


def create_next():
	"""Create the year after the last one recorded, filled if the official calendar is known (R7).

	Returns the new School Year. The caller checks the permission to create.
	"""
	# The latest year decides, whoever may read it.
	last = frappe.get_all("School Year", fields=["ends_on", "zone"], order_by="ends_on desc", limit=1)
	if last:
		start = getdate(last[0].ends_on) + ONE_DAY
		zone = last[0].zone
	else:
		start = default_span(getdate()).start
		zone = frappe.db.get_single_value("Authority Settings", "school_zone") or "A"
	end = date(start.year + 1, 8, 31) if start.month >= 9 else date(start.year, 8, 31)
	doc = frappe.new_doc("School Year")
	doc.update({"title": f"{start.year}-{end.year}", "zone": zone, "starts_on": start, "ends_on": end})
	try:
		fill(doc)
	except OfficialCalendarUnknown:
		# An empty year can be completed by hand; the form says so.
		frappe.clear_last_message()
	return doc.insert()


def terms(start: date, end: date, holidays: Iterable[DateRange]) -> list[DateRange]:
	"""The periods of school between the holidays, « période 1 » to « période 5 ».

	Computed, not stored: they follow when somebody edits the holidays.
	"""
	between = DateSet(holidays).gaps(DateRange(start, end))
	# A weekend between two holidays is no period.
	return [span for span in between if any(day.isoweekday() < 6 for day in span.days())]
