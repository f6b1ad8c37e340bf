"""Ordered, served, billed: three numbers a day and site, and why they differ (R41).

| number  | what it is                                                                              |
|---------|-----------------------------------------------------------------------------------------|
| ordered | the latest version of the order, own meals left out                                     |
| served  | present at the table with a meal of the kitchen, and the adults without enrolment        |
| billed  | persons with a charge that stands; empty as long as the month was not run               |

Persons are compared with persons, so that each difference has a cause and the causes sum to it.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

import frappe
from frappe import _
from frappe.utils import getdate

from concerto_education.attendance.meals.services import Service
from concerto_education.attendance.service import ABSENT, CANCELLED, JUSTIFIED, PLANNED, PRESENT
from concerto_education.engine.meals import Plate

HOOK = "concerto_meals_billed"


@dataclass
class Day:
	"""A site and a day."""

	site: str
	day: date
	version: int | None = None
	ordered: int | None = None
	adults: int = 0
	eaters: set[str] = field(default_factory=set)  # whose meal was ordered
	present: set[str] = field(default_factory=set)
	own_meal: set[str] = field(default_factory=set)
	status: dict[str, str] = field(default_factory=dict)
	billed: set[str] | None = None

	@property
	def served(self) -> int:
		return len(self.present - self.own_meal) + self.adults

	@property
	def not_ticked(self) -> int:
		return sum(1 for status in self.status.values() if status == PLANNED)

	@property
	def to_pay(self) -> set[str] | None:
		"""Billed persons, those with their own meal left out: they are no meal of the kitchen."""
		return None if self.billed is None else self.billed - self.own_meal


def compare(one: Service, sites: Iterable[str], start: date, end: date) -> list[Day]:
	"""Days with an order or an attendance, in order. Five queries; the caller has checked the sites."""
	sites = list(sites)
	found: dict[tuple[str, date], Day] = {}

	def at(site: str, day: date) -> Day:
		return found.setdefault((site, day), Day(site, day))

	_load_orders(one, sites, start, end, at)
	_load_attendance(one, sites, start, end, at)
	_load_billed(one, sites, start, end, found)
	return [found[key] for key in sorted(found, key=lambda key: (key[1], key[0]))]


def _load_orders(one: Service, sites: list[str], start: date, end: date, at) -> None:
	# The caller has checked who may see these sites.
	for row in frappe.get_all(
		"Meal Order",
		filters={
			"kitchen": one.kitchen,
			"site": ("in", sites),
			"meal_date": ("between", (start, end)),
			"is_latest": 1,
		},
		fields=["site", "meal_date", "version", "total", "extra_adults", "persons"],
	):
		day = at(row.site, getdate(row.meal_date))
		day.version, day.ordered, day.adults = row.version, row.total, row.extra_adults
		for person, plate in json.loads(row.persons or "{}").items():
			(day.own_meal if Plate(*plate).own_meal else day.eaters).add(person)


def _load_attendance(one: Service, sites: list[str], start: date, end: date, at) -> None:
	attendance, enrolment = frappe.qb.DocType("Attendance"), frappe.qb.DocType("Enrolment")
	activities = sorted({row.activity for row in one.served})
	units = {(row.site, row.activity): row.unit for row in one.served}
	rows = (
		frappe.qb.from_(attendance)
		.join(enrolment)
		.on(attendance.enrolment == enrolment.name)
		.select(
			attendance.site,
			attendance.activity,
			attendance.unit,
			attendance.attendance_date,
			attendance.person,
			attendance.status,
			enrolment.category,
		)
		.where(attendance.site.isin(sites) & attendance.activity.isin(activities))
		.where(attendance.attendance_date[start:end])
	).run(as_dict=True)
	for row in rows:
		place = (row.site, row.activity)
		if place not in units or units[place] not in (None, row.unit):
			continue
		day = at(row.site, getdate(row.attendance_date))
		known = day.status.get(row.person)
		if known is None or row.status == PRESENT:
			day.status[row.person] = row.status
		if row.status == PRESENT:
			day.present.add(row.person)
		if row.person not in day.eaters and "panier" in (row.category or "").lower():
			day.own_meal.add(row.person)


def _load_billed(one: Service, sites: list[str], start: date, end: date, found: dict) -> None:
	activities = sorted({row.activity for row in one.served})
	for path in frappe.get_hooks(HOOK):
		for key, persons in frappe.get_attr(path)(activities, sites, start, end).items():
			if key in found:
				found[key].billed = (found[key].billed or set()) | persons


# ---------------------------------------------------------------- why they differ


def causes_of_service(day: Day) -> Counter[str]:
	"""Why served is not ordered: the numbers sum to the difference."""
	causes: Counter[str] = Counter()
	if day.ordered is None:
		return causes
	for person in day.eaters - day.present:
		causes[_not_there(day.status.get(person))] -= 1
	for _person in day.present - day.eaters - day.own_meal:
		causes[_("came without being ordered")] += 1
	return causes


def _not_there(status: str | None) -> str:
	return {
		ABSENT: _("absent (A)"),
		JUSTIFIED: _("justified absence (AJ)"),
		PLANNED: _("not ticked yet"),
		CANCELLED: _("cancelled after the order"),
	}.get(status, _("no longer on the list"))


def causes_of_billing(day: Day) -> Counter[str]:
	"""Why billed is not served: adults without enrolment are never billed here."""
	causes: Counter[str] = Counter()
	if day.to_pay is None:
		return causes
	eating = day.present - day.own_meal
	for person in day.to_pay - eating:
		causes[
			_("absent without justification, billed (A)")
			if day.status.get(person) == ABSENT
			else _("billed without presence: {0}").format(_not_there(day.status.get(person)))
		] += 1
	missing = len(eating - day.to_pay)
	if missing:
		causes[_("present and not billed (free, or not invoiced yet)")] -= missing
	if day.adults:
		causes[_("adults without enrolment")] -= day.adults
	return causes


def in_words(causes: Counter[str]) -> str:
	return ", ".join(f"{number:+d} {cause}" for cause, number in sorted(causes.items()) if number)


def totals(days: Iterable[Day]) -> dict[str, int]:
	"""Sums of a period, for the head of the report."""
	sums: dict[str, int] = defaultdict(int)
	for day in days:
		sums["ordered"] += day.ordered or 0
		sums["served"] += day.served
		sums["billed"] += len(day.to_pay or ())
	return dict(sums)
