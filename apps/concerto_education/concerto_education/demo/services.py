"""One service for each way of pricing, beside the canteen of R26: started half-hours, months, combinations of units,
a stay, and a nursery by the national scale (R1, R26, R36). Records like all others, to change at will."""

from __future__ import annotations

from datetime import date

import frappe

from concerto_education.attendance.service import JUSTIFIED, PRESENT
from concerto_education.demo import world
from concerto_education.demo.scenarios.presence import MEDICAL

NOON_CARE = "Garderie du mercredi midi"
SHUTTLE = "Navette du mercredi"
HOLIDAYS = "Accueil de loisirs des vacances"
NURSERY = "Accueil collectif Les Petits Pas"
CAMP_NUMBER, CAMP_PLACE = "1", "Saint-Aurèle-des-Bois"
CAMP_START, CAMP_END = date(2026, 10, 19), date(2026, 10, 23)
MORNING, MEAL, AFTERNOON, CARE_HOURS = "matin", "repas", "apres-midi", "heures"
_WEEK = {"monday": 1, "tuesday": 1, "wednesday": 1, "thursday": 1, "friday": 1}
_WEDNESDAY = {**dict.fromkeys(_WEEK, 0), "wednesday": 1, "in_school_time": 0, "on_wednesdays": 1}
_HOLIDAYS = {**_WEEK, "in_school_time": 0, "in_small_holidays": 1, "in_summer": 1}
_CHILDREN = [{"category": world.CHILD}]

ACTIVITIES = (
	{
		"activity_name": NOON_CARE,
		"kind": "Périscolaire Care",
		"billing_rule": "Present",
		"imputation": "7067-288",
		"clock_mode": 1,
		**_WEDNESDAY,
		"units": [{"unit": "midi", "label": "Midi", "starts_at": "11:45:00", "ends_at": "13:30:00"}],
		"sites": [{"site": world.SCHOOL_1, "capacity": 40}],
	},
	{
		"activity_name": SHUTTLE,
		"kind": "Transport, Wednesday",
		"billing_rule": "Present",
		"imputation": "7067-81",
		**_WEDNESDAY,
		"units": [{"unit": "aller", "label": "Aller"}],
		"sites": [{"site": world.SCHOOL_1}],
	},
	{
		"activity_name": HOLIDAYS,
		"kind": "Leisure Centre, Holidays",
		"billing_rule": "Planned Unless Justified",
		"needs_forecast": 1,
		"imputation": "7063-331",
		**_HOLIDAYS,
		"units": [
			{"unit": MORNING, "label": "Matin", "starts_at": "07:30:00", "ends_at": "12:00:00"},
			{"unit": MEAL, "label": "Repas", "starts_at": "12:00:00", "ends_at": "13:30:00"},
			{"unit": AFTERNOON, "label": "Après-midi", "starts_at": "13:30:00", "ends_at": "18:30:00"},
		],
		"sites": [{"site": world.LEISURE_CENTRE, "capacity": 90}],
	},
	{
		"kind": "Camp",
		"billing_rule": "Planned Unless Justified",
		"imputation": "7063-332",
		"camp_number": CAMP_NUMBER,
		"camp_place": CAMP_PLACE,
		"valid_from": CAMP_START,
		"valid_to": CAMP_END,
		**_HOLIDAYS,
		"units": [{"unit": world.DAY, "label": "Journée"}],
		"sites": [{"site": world.LEISURE_CENTRE, "capacity": 24}],
	},
	{
		"activity_name": NURSERY,
		"kind": "Nursery, Contract",
		"billing_rule": "Hours",
		"imputation": "7066-4221",
		"clock_mode": 1,
		"clock_step": 30,
		**_WEEK,
		"in_school_time": 1,
		"on_wednesdays": 1,
		"in_small_holidays": 1,
		"units": [{"unit": CARE_HOURS, "label": "Heures"}],
		"sites": [{"site": world.NURSERY, "capacity": 16}],
	},
)


def _bands(units: str, *prices: str) -> list[dict]:
	"""One combination at four quotients."""
	edges = ("0", "350", "700", "1000", None)
	return [
		{"units": units, "quotient_from": low, "quotient_below": high, "price": price}
		for low, high, price in zip(edges, edges[1:], prices, strict=False)
	]


def _tariffs(camp: str) -> tuple[dict, ...]:
	return (
		{
			"label": "Garderie du mercredi, la demi-heure",
			"activity": NOON_CARE,
			"method": "Per Duration",
			"price": "0.60",
			"slice_minutes": 30,
			"missing_hours": "Hours of the Service",
		},
		{"label": "Navette, le mois", "activity": SHUTTLE, "method": "Per Month", "price": "12.00"},
		{
			"label": "Vacances, journée, demi-journée, repas",
			"activity": HOLIDAYS,
			"method": "Unit Combination",
			"combinations": [
				*_bands(f"{MORNING} + {MEAL} + {AFTERNOON}", "7.00", "10.00", "12.50", "15.50"),
				*_bands(f"{MORNING} + {AFTERNOON}", "5.00", "7.50", "9.80", "12.40"),
				*_bands(f"{MORNING} + {MEAL}", "4.60", "6.40", "7.90", "9.60"),
				*_bands(MORNING, "2.60", "3.90", "5.00", "6.30"),
				*_bands(AFTERNOON, "2.60", "3.90", "5.00", "6.30"),
				{"units": MEAL, "price": "3.50"},
			],
			"sibling_rates": [{"rank_from": 2, "percent": 90}, {"rank_from": 3, "percent": 80}],
			"non_resident_full_price": 1,
		},
		{
			"label": "Séjour, selon le quotient",
			"activity": camp,
			"method": "Per Stay",
			"price_basis": "QF Linear",
			"linear_by": "Two Points",
			"quotient_low": 350,
			"price_low": "90.00",
			"quotient_high": 1200,
			"price_high": "260.00",
		},
		{
			"label": "Accueil collectif, taux d'effort",
			"activity": NURSERY,
			"method": "Effort Rate",
			"care_type": "Collective",
			"decimals": "2",
		},
	)


def camp_name() -> str:
	return frappe.db.get_value(
		"Activity", {"kind": "Camp", "camp_number": CAMP_NUMBER, "camp_place": CAMP_PLACE}
	)


def make() -> None:
	"""Make what is missing of these services and of their tariffs."""
	for fields in ACTIVITIES:
		name = fields.get("activity_name") or camp_name()
		if not (name and frappe.db.exists("Activity", name)):
			frappe.get_doc({"doctype": "Activity", "categories": _CHILDREN, **fields}).insert()
	for fields in _tariffs(camp_name()):
		if not frappe.db.exists("Tariff", {"activity": fields["activity"]}):
			frappe.get_doc({"doctype": "Tariff", "valid_from": world.YEAR_START, **fields}).insert()


# ---------------------------------------------------------------- times, after the days were ticked

# Departures of the five Wednesdays of September: 1, 2, 3, 4 and 1 started half-hours.
_WEDNESDAYS = {2: "12:10", 9: "12:16", 16: "13:00", 23: "13:30", 30: "12:15"}
_LATE_AT_THE_NURSERY = date(2026, 9, 22)
_ILL = (date(2026, 9, 10), date(2026, 9, 11), date(2026, 9, 14), date(2026, 9, 15))


def note_times(scenarios: dict[str, str]) -> None:
	"""Arrivals and departures of the families that these services are shown with, and an illness in a nursery."""
	for row in _rows(scenarios["garderie_by_the_half_hour"], NOON_CARE):
		until = _WEDNESDAYS[row.day.day] if row.day.month == 9 else "12:30"
		_set(row.name, arrival="11:45", departure=until)
	for row in _rows(scenarios["nursery_contract"], NURSERY):
		if row.day in _ILL:
			_set(row.name, status=JUSTIFIED, reason=MEDICAL)
		else:
			_set(row.name, arrival="09:00", departure="17:45" if row.day == _LATE_AT_THE_NURSERY else "17:30")
	for row in _rows(scenarios["nursery_occasional"], NURSERY):
		_set(row.name, booked_from="09:00", booked_to="12:00", arrival="09:10", departure="11:55")


def _rows(family: str, activity: str) -> list:
	# The loader's own rows.
	return frappe.get_all(
		"Attendance",
		filters={"family": family, "activity": activity, "status": PRESENT},
		fields=["name", "attendance_date as day"],
	)


def _set(name: str, **values) -> None:
	doc = frappe.get_doc("Attendance", name)
	doc.update(values).save()
