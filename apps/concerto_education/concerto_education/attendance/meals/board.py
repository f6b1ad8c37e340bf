"""What the page "Meals", the printed page and the table of a day show: orders, and forecasts where there is none yet."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import frappe
from frappe import _
from frappe.utils import getdate, now_datetime

from concerto_education.attendance import rights
from concerto_education.attendance.meals import orders
from concerto_education.attendance.meals.census import INDIVIDUAL, Census, census
from concerto_education.attendance.meals.services import Days, Service, services
from concerto_education.engine.meals import Plate, count, total
from concerto_education.engine.ranges import DateRange
from concerto_education.permissions import criterion

ORDERED, FORECAST, CLOSED = "Ordered", "Forecast", "Closed"
WORKDAYS = 5


# ---------------------------------------------------------------- who sees what


def sites_shown(one: Service) -> tuple[str, ...]:
	"""Sites of a kitchen whose orders the session user may see: all of them in that kitchen, else the user's own."""
	if not frappe.has_permission("Meal Order", "read"):
		return ()
	rule = criterion("Meal Order")
	if rule is None or rule.holds(one.kitchen):
		return one.sites
	return tuple(site for site in one.sites if rule.holds(site))


def require(kitchen: str) -> Service:
	"""The kitchen, for whoever sees at least one of its sites."""
	shown = [one for one in services() if one.kitchen == kitchen and sites_shown(one)]
	if not shown:
		frappe.throw(_("You may not see the meals of {0}").format(kitchen), frappe.PermissionError)
	return shown[0]


def may_order(site: str) -> bool:
	"""Whoever decides on absences at a site answers for its meals too."""
	return rights.may_judge(site)


def kitchens() -> list[dict]:
	"""The kitchens that the user sees something of."""
	found = []
	for one in services():
		sites = sites_shown(one)
		if sites:
			found.append({"kitchen": one.kitchen, "sites": list(sites), "emails": len(one.emails)})
	if not found and not frappe.has_permission("Meal Order", "read"):
		frappe.throw(_("You may not see meal orders"), frappe.PermissionError)
	return found


# ---------------------------------------------------------------- a day


def day_board(one: Service, day: date, days: Days | None = None) -> dict[str, Any]:
	"""All sites of a kitchen that the user may see, on a day, and their sum."""
	days = days or Days(one, DateRange(day, day))
	entries = [_site(one, site, day, days) for site in sites_shown(one)]
	plates: dict[Plate, int] = {}
	for entry in entries:
		for plate, number in entry["plates"].items():
			plates[plate] = plates.get(plate, 0) + number
	plates = count((), plates)
	labels = [entry.label for entry in one.age_classes]
	return {
		"kitchen": one.kitchen,
		"day": day,
		"sites": [_shown(entry, labels) for entry in entries],
		"rows": _rows(plates, labels),
		"total": total(plates),
		"own_meals": _own(plates),
		"ordered": all(entry["state"] != FORECAST for entry in entries),
		"open": any(entry["state"] != CLOSED for entry in entries),
	}


def week_board(one: Service, day: date) -> list[dict[str, Any]]:
	"""Monday to Friday, and the weekend where something is open."""
	monday = day - timedelta(days=day.weekday())
	days = Days(one, DateRange(monday, monday + timedelta(days=6)))
	boards = [day_board(one, monday + timedelta(days=step), days) for step in range(7)]
	return [board for place, board in enumerate(boards) if place < WORKDAYS or board["open"]]


def _site(one: Service, site: str, day: date, days: Days) -> dict[str, Any]:
	doc = orders.latest(one.kitchen, site, day)
	entry: dict[str, Any] = {"site": site, "may_order": may_order(site) and day >= getdate(), "order": None}
	if doc:
		entry.update(_of_order(doc), state=ORDERED, plates=orders.ordered(doc))
	elif days.is_open(site, day):
		now = census(one, site, day)
		entry.update(_of_census(now), state=FORECAST, plates=now.counts)
	else:
		entry.update(state=CLOSED, plates={}, individual=[], extra_adults=0)
		entry["may_order"] = False
	if entry["state"] != CLOSED:
		entry["cut_off"] = days.cut_off(site, day)
		entry["late"] = entry["cut_off"] <= now_datetime()
	if doc and entry["may_order"]:
		now = census(one, site, day)
		entry["pending"] = now.total - doc.total
		entry["changed"] = orders.differs(one, doc, now)
		entry["extra_adults"] = now.extra  # the number typed last; the order below has its own
	return entry


def _of_order(doc) -> dict[str, Any]:
	return {
		"order": doc.name,
		"version": doc.version,
		"ordered_at": doc.ordered_at,
		"origin": doc.origin,
		"difference": doc.difference,
		"sent_at": doc.sent_at,
		"extra_adults": doc.extra_adults,
		"steps": {
			(row.age_class, row.diet or "", bool(row.own_meal)): row.difference
			for row in doc.lines
			if row.difference
		},
		"individual": json.loads(doc.plates or "[]") if _may_see_plates() else [],
	}


def _of_census(now: Census) -> dict[str, Any]:
	"""Of a forecast no individual plate is shown: it may still change, and nobody cooks it yet."""
	return {"individual": [], "extra_adults": now.extra}


def _may_see_plates() -> bool:
	return 2 in frappe.get_meta("Meal Order").get_permlevel_access("read")


def _shown(entry: dict, labels: list[str]) -> dict:
	plates, steps = entry.pop("plates"), entry.pop("steps", {})
	gone = [Plate(*key) for key in steps if Plate(*key) not in plates]
	return {
		**entry,
		"rows": _rows({**plates, **dict.fromkeys(gone, 0)}, labels, steps),
		"total": total(plates),
		"own_meals": _own(plates),
	}


def _own(plates: dict[Plate, int]) -> int:
	return sum(number for plate, number in plates.items() if plate.own_meal)


def _rows(plates: dict[Plate, int], labels: list[str], steps: dict | None = None) -> list[dict]:
	"""Plates in the order of the kitchen's portions; the ordinary menu first, individual plates and own meals last."""

	def place(plate: Plate) -> tuple:
		known = labels.index(plate.age_class) if plate.age_class in labels else len(labels)
		return (known, plate.own_meal, plate.diet == INDIVIDUAL, plate.diet)

	return [
		{
			"age_class": plate.age_class,
			"diet": plate.diet,
			"label": diet_label(plate),
			"own_meal": plate.own_meal,
			"quantity": plates[plate],
			"difference": (steps or {}).get((plate.age_class, plate.diet, plate.own_meal), 0),
		}
		for plate in sorted(plates, key=place)
	]


def diet_label(plate: Plate) -> str:
	"""What stands above the column."""
	if plate.own_meal:
		return _("Own meal")
	if plate.diet == INDIVIDUAL:
		return _("Individual plate")
	return plate.diet or _("Ordinary menu")


# ---------------------------------------------------------------- versions


def versions(one: Service, site: str, day: date, with_changes: bool) -> list[dict[str, Any]]:
	"""Order and corrections, the latest first. The caller has checked who sees them."""
	found = frappe.get_all(
		"Meal Order",
		filters={"kitchen": one.kitchen, "site": site, "meal_date": day},
		fields=[
			"name",
			"version",
			"origin",
			"total",
			"difference",
			"ordered_at",
			"ordered_by",
			"sent_at",
			"changes",
		],
		order_by="version desc",
	)
	people = _names({row.ordered_by for row in found})
	for row in found:
		changes = json.loads(row.pop("changes") or "[]")
		row.ordered_by = people.get(row.ordered_by, row.ordered_by)
		row.changes = [_change(change) for change in changes] if with_changes else []
	return found


def _change(change: dict) -> dict:
	who = _names({change["by"]} if change["by"] else set())
	return {
		"name": change["name"] or _("Adults without enrolment"),
		"before": _plate_text(change.get("before")),
		"after": _plate_text(change.get("after")),
		"extra": change.get("extra"),
		"by": who.get(change["by"], change["by"]),
		"at": change["at"],
	}


def _plate_text(plate: list | None) -> str:
	if not plate:
		return _("no meal")
	one = Plate(*plate)
	return f"{one.age_class} · {diet_label(one)}"


def _names(users: set[str]) -> dict[str, str]:
	# Names of colleagues, for whoever may see the order.
	rows = frappe.get_all("User", filters={"name": ("in", list(users))}, fields=["name", "full_name"])
	return {row.name: row.full_name for row in rows}
