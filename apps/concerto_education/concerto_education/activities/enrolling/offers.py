"""Who of a family may be enrolled where, and in words why not: a constant number of queries for a family."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

import frappe
from frappe import _
from frappe.utils import cint, formatdate, getdate

from concerto_education.activities import ages, enrolment_ages
from concerto_education.activities.calendars import Calendars, calendars
from concerto_education.activities.catalogue import opening_of, weekdays_of
from concerto_education.activities.enrolments import CANCELLED, CHILD, default_period
from concerto_education.engine.ranges import DateRange
from concerto_education.families.rights import require


def choices(family: str, start: date | None = None, end: date | None = None) -> dict:
	"""All that the screen needs: people, payers, activities, and for each pair whether it is possible."""
	require("Family", "read", family)
	require("Enrolment", "create")
	year = default_period(getdate())
	span = DateRange(start or year.start, end or year.end)
	sites = _sites()
	# What takes place at none of the user's sites is somebody else's to enrol in.
	activities = [row for row in _activities() if sites.intersection(at.site for at in row.sites)]
	people = _people(family)
	already = _already([person["person"] for person in people], span)
	books = calendars(span)
	return {
		"family": family,
		"family_name": frappe.db.get_value("Family", family, "family_name"),
		"start": span.start,
		"end": span.end,
		"may_override": enrolment_ages.may_override(),
		"people": people,
		"payers": _payers(family),
		"activities": [_shown(activity) for activity in activities],
		"offers": {
			person["person"]: {
				activity.name: _offer(activity, person, span, already, books, sites)
				for activity in activities
			}
			for person in people
		},
	}


# ---------------------------------------------------------------- what there is


def _people(family: str) -> list[dict]:
	"""Members of the dossier, children first. Forbidden contacts are not enrolled from it."""
	# The dossier was just opened to the user; its members are part of it.
	rows = frappe.get_all(
		"Family Member",
		filters={"parent": family, "parenttype": "Family", "forbidden": 0},
		fields=["person", "role"],
		order_by="idx",
	)
	persons = {
		row.name: row
		for row in frappe.get_all(
			"Person",
			filters={"name": ("in", [row.person for row in rows])},
			fields=["name", "last_name", "usage_name", "first_name", "birth_date", "school", "school_class"],
		)
	}
	found = [
		{
			"person": row.person,
			"role": row.role,
			"child": row.role == CHILD,
			"last_name": persons[row.person].usage_name or persons[row.person].last_name,
			"first_name": persons[row.person].first_name,
			"birth_date": persons[row.person].birth_date,
			"school": persons[row.person].school,
			"class": persons[row.person].school_class or "",
			"age": _age(persons[row.person].birth_date),
		}
		for row in rows
		if row.person in persons
	]
	return sorted(found, key=lambda person: not person["child"])


def _age(birth_date: date | None) -> str:
	return enrolment_ages.spoken(ages.months_on(getdate(birth_date), getdate())) if birth_date else ""


def _payers(family: str) -> list[dict]:
	# Payers of the dossier that the user has open.
	return frappe.get_all(
		"Payer",
		filters={"family": family, "active": 1},
		fields=["name as payer", "recipient"],
		order_by="creation",
	)


def _activities() -> list[Any]:
	# What is on offer is no secret to whoever enrols.
	names = frappe.get_all("Activity", filters={"active": 1}, pluck="name", order_by="kind, activity_name")
	return [frappe.get_cached_doc("Activity", name) for name in names]


def _sites() -> set[str]:
	"""Sites that the user may see: nobody is enrolled elsewhere."""
	return {row.name for row in frappe.get_list("Site", filters={"active": 1}, limit=0)}


def _already(persons: list[str], span: DateRange) -> dict[tuple[str, str], list]:
	"""Enrolments that hold within the span, by person and activity, whoever made them."""
	found = defaultdict(list)
	for row in frappe.get_all(
		"Enrolment",
		filters={
			"person": ("in", persons),
			"status": ("!=", CANCELLED),
			"valid_from": ("<=", span.last),
			"valid_to": (">=", span.start),
		},
		fields=["person", "activity", "site", "valid_from", "valid_to"],
		order_by="valid_from",
	):
		found[row.person, row.activity].append(row)
	return found


def _shown(activity: Any) -> dict:
	return {
		"activity": activity.name,
		"kind": activity.kind,
		"needs_forecast": cint(activity.needs_forecast),
		"ages": ages.age_text(activity),
		"units": [{"unit": row.unit, "label": row.label} for row in activity.units],
		"weekdays": sorted(weekdays_of(activity)),
	}


# ---------------------------------------------------------------- one person, one activity


def period_of(activity: Any, span: DateRange) -> DateRange | None:
	"""The period of the pass as far as the activity takes place: a séjour is a week of the school year."""
	start = max(span.start, getdate(activity.get("valid_from") or span.start))
	end = min(span.last, getdate(activity.get("valid_to") or span.last))
	return DateRange(start, end) if start <= end else None


def _offer(
	activity: Any, person: dict, span: DateRange, already: dict, books: Calendars, visible: set[str]
) -> dict:
	"""Sites and categories to choose from; ``why`` says in words what is against it."""
	period = period_of(activity, span)
	categories = _categories(activity, person["child"])
	enrolled = {row.site for row in already.get((person["person"], activity.name), ())}
	sites = [row.site for row in activity.sites if row.site in visible]
	free = [site for site in sites if site not in enrolled]
	why = (
		_already_words(already[person["person"], activity.name])
		if not free
		else _("only for children")
		if not categories and not person["child"]
		else _("only for adults")
		if not categories
		else _never_open(activity, period, books, free)
	)
	against_age = period and person["child"] and _why_not_age(activity, person, period)
	offer = {
		"sites": free,
		"site": person["school"] if person["school"] in free else free[0] if len(free) == 1 else "",
		"categories": categories,
		"from": period.start if period else None,
		"to": period.end if period else None,
		"why": why or against_age or "",
		# Two sites are two enrolments (R25): the other one stays open.
		"note": ""
		if why or not enrolled
		else _("already enrolled at {0}").format(", ".join(sorted(enrolled))),
		"by_age": bool(against_age and not why),
	}
	return offer


def _why_not_age(activity: Any, person: dict, period: DateRange) -> str | None:
	"""Short: the row names the activity already."""
	if not enrolment_ages.why_not(activity, person["birth_date"], period.start):
		return None
	if not person["birth_date"]:
		return _("date of birth missing")
	return _("{0}, not {1}").format(
		ages.age_text(activity),
		enrolment_ages.spoken(ages.months_on(getdate(person["birth_date"]), period.start)),
	)


def _categories(activity: Any, child: bool) -> list[str]:
	barred = "Adults" if child else "Children"
	return [
		row.category
		for row in activity.categories
		if frappe.get_cached_value("Enrolment Category", row.category, "audience") != barred
	]


def _already_words(rows: list) -> str:
	return _("already enrolled from {0} to {1}").format(
		formatdate(rows[0].valid_from), formatdate(rows[0].valid_to)
	)


def _never_open(activity: Any, period: DateRange | None, books: Calendars, sites: list[str]) -> str | None:
	if period is None:
		return _("does not take place in this period")
	opening = opening_of(activity)
	for site in sites:
		calendar = books.of(site)
		if any(day in calendar.years and calendar.is_open(day, opening) for day in period.days()):
			return None
	return _("not open in this period")
