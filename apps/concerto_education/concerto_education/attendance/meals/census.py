"""Who eats at a site on a day, as recorded now (R26, R27)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import frappe
from frappe import _

from concerto_education.attendance.meals.needs import NOTHING, Need, needs
from concerto_education.attendance.meals.services import Served, Service
from concerto_education.attendance.service import PLANNED, PRESENT
from concerto_education.engine.meals import Plate, age_class_of, count, total
from concerto_education.families.service import age_on

ADULT_AGE = 18
# Counted apart from every diet: the kitchen makes these plates one by one. Translated where it is shown.
INDIVIDUAL = "Individual Plate"


@dataclass(frozen=True, slots=True)
class Eater:
	"""One person and their plate; when and by whom their row was last changed."""

	person: str
	name: str
	school_class: str
	plate: Plate
	need: Need
	changed_by: str
	changed_at: datetime


@dataclass(frozen=True, slots=True)
class Census:
	"""Everybody who eats at a site on a day. ``extra`` are adults without enrolment, a number."""

	eaters: dict[str, Eater]
	extra: int
	adult_class: str

	@property
	def plates(self) -> dict[str, Plate]:
		return {person: eater.plate for person, eater in self.eaters.items()}

	@property
	def counts(self) -> dict[Plate, int]:
		return count(self.plates.values(), {Plate(self.adult_class): self.extra})

	@property
	def total(self) -> int:
		return total(self.counts)

	@property
	def individual(self) -> list[Eater]:
		"""Plates that are made one by one."""
		found = [
			eater for eater in self.eaters.values() if eater.need.is_individual and not eater.plate.own_meal
		]
		return sorted(found, key=lambda eater: (eater.school_class, eater.name))


def census(one: Service, site: str, day: date, *, as_planned: bool = False) -> Census:
	"""Whoever is expected, or there already. Someone who is at two activities that day eats once.

	``as_planned`` counts who was expected, whatever became of it: what an order of a past day would have said.
	"""
	rows = _rows(one, site, day, as_planned)
	found = needs({row.person for row in rows}, day)
	eaters: dict[str, Eater] = {}
	for row in rows:
		if row.person not in eaters:
			eaters[row.person] = _eater(one, row, found.get(row.person, NOTHING), day)
	adults = age_class_of(one.age_classes, None, None, adult=True)
	return Census(eaters, extra_adults(one, site, day), adults.label if adults else _("Adults"))


def _rows(one: Service, site: str, day: date, as_planned: bool) -> list:
	attendance, enrolment = frappe.qb.DocType("Attendance"), frappe.qb.DocType("Enrolment")
	person, category = frappe.qb.DocType("Person"), frappe.qb.DocType("Enrolment Category")
	query = (
		frappe.qb.from_(attendance)
		.join(enrolment)
		.on(attendance.enrolment == enrolment.name)
		.join(person)
		.on(attendance.person == person.name)
		.left_join(category)
		.on(enrolment.category == category.name)
		.select(
			attendance.person,
			attendance.activity,
			attendance.unit,
			attendance.modified,
			attendance.modified_by,
			enrolment.category,
			category.audience,
			person.full_name,
			person.birth_date,
			person.school_class,
		)
		.where((attendance.site == site) & (attendance.attendance_date == day))
		.orderby(person.last_name, person.first_name, attendance.name)
	)
	served = {row.activity: row.unit for row in one.at(site)}
	if as_planned:
		query = query.where(attendance.planned == 1)
	else:
		query = query.where(attendance.status.isin((PLANNED, PRESENT)))
	return [
		row
		for row in query.run(as_dict=True)
		if row.activity in served and served[row.activity] in (None, row.unit)
	]


def _eater(one: Service, row, need: Need, day: date) -> Eater:
	age = age_on(row.birth_date, day)
	adult = row.audience == "Adults" or (age is not None and age >= ADULT_AGE)
	portion = age_class_of(one.age_classes, row.school_class, age, adult)
	# Categories are the administrator's words: R26 calls this one "panier repas".
	own_meal = need.own_meal or "panier" in (row.category or "").lower()
	diet = INDIVIDUAL if need.is_individual else need.diet
	return Eater(
		row.person,
		row.full_name,
		row.school_class or "",
		Plate(portion.label, "" if own_meal else diet, own_meal),
		need,
		row.modified_by,
		row.modified,
	)


# ---------------------------------------------------------------- adults without enrolment


def extra_adults(one: Service, site: str, day: date) -> int:
	"""The number typed for that day, else the usual one of the kitchen's settings."""
	# Numbers without names, for whoever may make or read the order.
	typed = dict(
		frappe.get_all(
			"Meal Adults",
			filters={"site": site, "meal_date": day},
			fields=["activity", "adults"],
			as_list=True,
		)
	)
	return sum(typed.get(row.activity, row.adults) for row in one.at(site))


def set_extra_adults(served: Served, day: date, adults: int, note: str | None = None):
	"""Type the number for a day. The caller has checked the right."""
	values = {"site": served.site, "activity": served.activity, "meal_date": day}
	name = frappe.db.get_value("Meal Adults", values)
	doc = (
		frappe.get_doc("Meal Adults", name) if name else frappe.get_doc({"doctype": "Meal Adults", **values})
	)
	doc.update({"adults": adults, "note": note or doc.note})
	return doc.save()
