"""Orders and corrections: each is made once and never changed, and says what differs from the one before (R27, R41).

An order is made per kitchen, site and day. ``make`` locks the day of a kitchen and site by its unique version:
of two that are made at once one is refused by the database.
"""

from __future__ import annotations

import json
from dataclasses import astuple
from datetime import date

import frappe
from frappe import _
from frappe.utils import formatdate, getdate, now_datetime

from concerto_education.attendance import errors
from concerto_education.attendance.meals.census import Census, census
from concerto_education.attendance.meals.services import Days, Service
from concerto_education.engine.meals import Plate, changes, count, difference, total
from concerto_education.engine.ranges import DateRange

CUT_OFF, BY_HAND, LATE = "At the Cut-off", "By Hand", "After Late Changes"


def latest(kitchen: str, site: str, day: date):
	"""The version that holds; None before the first."""
	# Callers have checked the right on the site, or are the scheduler.
	name = frappe.db.get_value(
		"Meal Order",
		{"kitchen": kitchen, "site": site, "meal_date": day},
		order_by="version desc",
	)
	return frappe.get_doc("Meal Order", name) if name else None


def ordered(doc) -> dict[Plate, int]:
	"""Plates of a version."""
	if doc is None:
		return {}
	return {
		Plate(row.age_class, row.diet or "", bool(row.own_meal)): row.quantity
		for row in doc.lines
		if row.quantity
	}


def persons_of(doc) -> dict[str, Plate]:
	"""Whose plates these are."""
	if doc is None:
		return {}
	return {person: Plate(*plate) for person, plate in json.loads(doc.persons or "{}").items()}


def differs(one: Service, before, now: Census) -> bool:
	"""Whether the kitchen would cook something else, or plate something else one by one."""
	if before is None or ordered(before) != now.counts:
		return True
	old, new = json.loads(before.plates or "[]"), _plates(now, one.show_names)
	if not all("name" in plate for plate in (*old, *new)):
		# Names were not shown then, or are not now: that alone is no other meal.
		old, new = _nameless(old), _nameless(new)
	return old != new


def _nameless(plates: list[dict]) -> list[dict]:
	found = [{key: value for key, value in plate.items() if key != "name"} for plate in plates]
	return sorted(found, key=str)


def make(one: Service, site: str, day: date, origin: str, days: Days | None = None):
	"""The order of a site and day, or a correction of it. None if nothing has changed.

	The caller has checked the right. Throws OrderTooLate, NothingToOrder.
	"""
	if day < getdate():
		frappe.throw(
			_("Day: {0} is over, nothing can be ordered for it").format(formatdate(day)), errors.OrderTooLate
		)
	days = days or Days(one, DateRange(day, day))
	before = latest(one.kitchen, site, day)
	if not before and not days.is_open(site, day):
		frappe.throw(
			_("Day: no meal is served at {0} on {1}").format(site, formatdate(day)), errors.NothingToOrder
		)
	now = census(one, site, day)
	if before and not differs(one, before, now):
		return None
	doc = document(one, site, day, origin, before, now)
	doc.cut_off = days.cut_off(site, day)
	# Nobody has the right to create one from a form: an order is what the list says, not what is typed.
	doc.insert(ignore_permissions=True)
	if before:
		# The only thing that changes on a version: that it is no longer the latest.
		frappe.db.set_value("Meal Order", before.name, "is_latest", 0, update_modified=False)
	return doc


def document(one: Service, site: str, day: date, origin: str, before, now: Census):
	"""The version after ``before`` for a census, not inserted."""
	old, new = ordered(before), now.counts
	step = difference(old, new)
	doc = frappe.new_doc("Meal Order")
	doc.update(
		{
			"kitchen": one.kitchen,
			"site": site,
			"meal_date": day,
			"version": before.version + 1 if before else 0,
			"origin": origin,
			"is_latest": 1,
			"total": now.total,
			"difference": now.total - total(old) if before else 0,
			"own_meals": sum(number for plate, number in new.items() if plate.own_meal),
			"extra_adults": now.extra,
			"ordered_at": now_datetime(),
			"ordered_by": frappe.session.user,
			"plates": json.dumps(_plates(now, one.show_names), ensure_ascii=False),
			"changes": json.dumps(_changes(before, now), ensure_ascii=False),
			"persons": json.dumps({key: astuple(plate) for key, plate in sorted(now.plates.items())}),
		}
	)
	for plate in sorted({*old, *new}):
		doc.append(
			"lines",
			{
				"age_class": plate.age_class,
				"diet": plate.diet,
				"own_meal": int(plate.own_meal),
				"quantity": new.get(plate, 0),
				"previous": old.get(plate, 0),
				"difference": step.get(plate, 0) if before else 0,
			},
		)
	return doc


def _plates(now: Census, show_names: bool) -> list[dict]:
	"""Individual plates as the kitchen needs them: with a name only where the setting says so."""
	return [
		{
			**({"name": eater.name} if show_names else {}),
			"class": eater.school_class,
			"age_class": eater.plate.age_class,
			"diet": eater.need.diet,
			"leave_out": list(eater.need.leave_out),
			"pai": eater.need.has_pai,
		}
		for eater in now.individual
	]


def _changes(before, now: Census) -> list[dict]:
	"""Whose meal changed after the version before, and who changed it: for the coordinator, not for the kitchen."""
	if before is None:
		return []
	old = persons_of(before)
	found = []
	for change in changes(old, now.plates):
		who = now.eaters.get(change.person)
		changed = (who.changed_by, str(who.changed_at)) if who else _who_cancelled(change.person, before)
		found.append(
			{
				"person": change.person,
				"name": who.name if who else frappe.db.get_value("Person", change.person, "full_name"),
				"before": astuple(change.before) if change.before else None,
				"after": astuple(change.after) if change.after else None,
				"by": changed[0],
				"at": changed[1],
			}
		)
	step = now.extra - (before.extra_adults or 0)
	if step:
		# The number is the place's, not a person's: who typed it is enough.
		typed = frappe.db.get_value(
			"Meal Adults", {"site": before.site, "meal_date": before.meal_date}, ["modified_by", "modified"]
		)
		by, at = typed or (frappe.session.user, now_datetime())
		found.append({"person": None, "name": None, "extra": step, "by": by, "at": str(at)})
	return found


def _who_cancelled(person: str, before) -> tuple[str | None, str | None]:
	"""Who changed the row of somebody who no longer eats."""
	row = frappe.db.get_value(
		"Attendance",
		{"person": person, "site": before.site, "attendance_date": before.meal_date},
		["modified_by", "modified"],
		order_by="modified desc",
	)
	return (row[0], str(row[1])) if row else (None, None)


def counts_of(docs) -> dict[Plate, int]:
	"""Plates of several orders together: a day of a kitchen."""
	plates: dict[Plate, int] = {}
	for doc in docs:
		for plate, number in ordered(doc).items():
			plates[plate] = plates.get(plate, 0) + number
	return count((), plates)
