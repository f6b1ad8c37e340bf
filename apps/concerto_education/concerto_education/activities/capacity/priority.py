"""Who comes first on a waiting list: criteria with points, set by an administrator, each shown by name (R40)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import frappe
from frappe import _
from frappe.utils import add_months, cint, getdate

from concerto_education.engine.ranges import DateRange
from concerto_education.families.names import without_accents
from concerto_education.families.placement.days import placed_days


@dataclass(frozen=True, slots=True)
class Priority:
	points: int
	text: str


def of(enrolment) -> Priority:
	"""Points of an enrolment by the criteria of the settings, and each criterion that holds, in words."""
	found = []
	for row in frappe.get_cached_doc("Waiting List Settings").criteria:
		holds = CRITERIA.get(row.criterion)
		if holds and holds(enrolment):
			found.append(row)
	text = ", ".join(_("{0} (+{1})").format(_(row.criterion), cint(row.points)) for row in found)
	return Priority(sum(cint(row.points) for row in found), text)


def _resident(enrolment) -> bool:
	town = frappe.db.get_value("Family", enrolment.family, "town")
	towns = {_plain(row.town) for row in frappe.get_cached_doc("Authority Settings").towns}
	return bool(town) and _plain(town) in towns


def _sibling(enrolment) -> bool:
	"""Another child of the family has a place there in the same time."""
	return bool(
		frappe.db.exists(
			"Enrolment",
			{
				"family": enrolment.family,
				"person": ("!=", enrolment.person),
				"activity": enrolment.activity,
				"site": enrolment.site,
				"status": "Confirmed",
				"valid_from": ("<=", enrolment.valid_to),
				"valid_to": (">=", enrolment.valid_from),
			},
		)
	)


def _school(enrolment) -> bool:
	return frappe.db.get_value("Person", enrolment.person, "school") == enrolment.site


def _last_year(enrolment) -> bool:
	"""A place in the activity that ended less than a year before the first day."""
	first = getdate(enrolment.valid_from)
	return bool(
		frappe.db.exists(
			"Enrolment",
			{
				"person": enrolment.person,
				"activity": enrolment.activity,
				"status": "Confirmed",
				"valid_to": ("between", (add_months(first, -12), first)),
				"name": ("!=", enrolment.name),
			},
		)
	)


def _placed(enrolment) -> bool:
	span = DateRange(getdate(enrolment.valid_from), getdate(enrolment.valid_to))
	days = placed_days([enrolment.person], span).get(enrolment.person)
	return bool(days and days.ranges)


def _plain(text: str) -> str:
	return without_accents(text or "").casefold().replace("-", " ").strip()


CRITERIA: dict[str, Callable] = {
	"Resident": _resident,
	"Sibling Enrolled": _sibling,
	"School of the Site": _school,
	"Enrolled Last Year": _last_year,
	"Placed by the ASE": _placed,
}


def refresh(entries: Iterable) -> None:
	"""Bring the points of waiting entries up to date: a sibling got a place, a family moved."""
	for entry in entries:
		enrolment = frappe.get_doc("Enrolment", entry.enrolment)
		priority = of(enrolment)
		points = priority.points + cint(entry.extra_points)
		if (points, priority.text) != (cint(entry.points), entry.criteria or ""):
			# Computed values of the record: nothing that a person wrote is touched.
			frappe.db.set_value(
				"Waiting List Entry", entry.name, {"points": points, "criteria": priority.text}
			)
			entry.points, entry.criteria = points, priority.text
