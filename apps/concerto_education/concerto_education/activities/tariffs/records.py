"""From Tariff records to the engine's tariffs. Money leaves float here (R7, R26)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

import frappe
from frappe.utils import cint, getdate

from concerto_education.activities.nursery.scale import scales
from concerto_education.activities.tariffs import scripts
from concerto_education.authority.money import decimal_of
from concerto_education.engine import tariffs as engine
from concerto_education.engine.psu import Scale
from concerto_education.engine.ranges import DateRange

METHODS = {
	"Flat": engine.Method.FLAT,
	"QF Bands": engine.Method.QF_BANDS,
	"QF Linear": engine.Method.QF_LINEAR,
	"Effort Rate": engine.Method.EFFORT_RATE,
	"Per Duration": engine.Method.PER_DURATION,
	"Unit Combination": engine.Method.UNIT_COMBINATION,
	"Per Week": engine.Method.PER_WEEK,
	"Per Month": engine.Method.PER_MONTH,
	"Per Stay": engine.Method.PER_STAY,
	"Script": engine.Method.SCRIPT,
}
# Methods whose unit price may be one price, bands or proportional to the QF.
WITH_BASIS = ("Per Duration", "Per Week", "Per Month", "Per Stay")
USES = {
	"Normal": engine.Use.NORMAL,
	"Presence Not Booked": engine.Use.UNBOOKED,
	"Late Pick-up": engine.Use.LATE_PICKUP,
}
SCOPES = {
	"Children in the Same Activity": engine.SiblingScope.ACTIVITY,
	"Children in Any Activity": engine.SiblingScope.ANY_ACTIVITY,
	"All Children of the Dossier": engine.SiblingScope.FAMILY,
}
TWO_POINTS = "Two Points"
WHOLE_SLOT = "Hours of the Service"

CHILD_TABLES = {
	"bands": ("Tariff Band", ("quotient_from", "quotient_below", "price")),
	"combinations": ("Tariff Combination", ("units", "quotient_from", "quotient_below", "price")),
	"sibling_rates": ("Tariff Sibling Rate", ("rank_from", "percent")),
}
_FIELDS = [
	"name",
	"label",
	"activity",
	"category",
	"site",
	"use",
	"valid_from",
	"valid_to",
	"method",
	"price_basis",
	"price",
	"decimals",
	"script",
	"linear_by",
	"linear_percent",
	"linear_base",
	"linear_floor",
	"linear_ceiling",
	"quotient_low",
	"price_low",
	"quotient_high",
	"price_high",
	"slice_minutes",
	"free_minutes",
	"max_slices",
	"missing_hours",
	"care_type",
	"sibling_scope",
	"non_resident_full_price",
	"non_resident_percent",
	"non_resident_surcharge",
	"unbooked_percent",
	"unbooked_surcharge",
	"minimum",
	"maximum",
]

Rows = Mapping[str, Iterable[Any]]
Units = tuple[tuple[str, str], ...]  # code and name, in the order of the day


def basis_of(row) -> str:
	"""How the unit price is found: "One Price", "QF Bands", "QF Linear", or "" where the method says it all."""
	if row.method in WITH_BASIS:
		return row.price_basis or "One Price"
	return {"Flat": "One Price", "QF Bands": "QF Bands", "QF Linear": "QF Linear"}.get(row.method, "")


def of_document(doc) -> engine.Tariff:
	"""The engine's tariff of a form, saved or not."""
	rows = {table: doc.get(table) or () for table in CHILD_TABLES}
	return engine_tariff(doc, rows, scales(), day_units([doc.activity]).get(doc.activity, ()))


def engine_tariff(row, rows: Rows, psu: Mapping[str, Scale], units: Units = ()) -> engine.Tariff:
	"""The engine's tariff of a Tariff record, document or row, with the rows of its tables and its activity's units."""
	basis = basis_of(row)
	return engine.Tariff(
		id=row.name or "",
		label=row.label or "",
		activity=row.activity,
		span=DateRange(getdate(row.valid_from), getdate(row.valid_to) if row.valid_to else None),
		method=METHODS[row.method],
		category=row.category or None,
		site=row.site or None,
		price=_price(row.price) if basis == "One Price" else None,
		bands=tuple(_band(band) for band in rows["bands"]) if basis == "QF Bands" else (),
		linear=_linear(row) if basis == "QF Linear" else None,
		duration=_duration(row),
		combinations=_combinations(rows["combinations"]) if row.method == "Unit Combination" else (),
		scale=psu.get(row.care_type or "Collective") if row.method == "Effort Rate" else None,
		modifiers=_modifiers(row, rows["sibling_rates"]),
		decimals=cint(row.decimals) or 2,
		use=USES[row.use or "Normal"],
		script=scripts.calculator(row.label or "", row.script)
		if row.method == "Script" and row.script
		else None,
		units=units,
	)


def day_units(activities: Iterable[str]) -> dict[str, Units]:
	"""Units of activities in the order of the day: by their hours where all have some, else as in the form."""
	found: dict[str, list] = defaultdict(list)
	# Names of units are no secret.
	for row in frappe.get_all(
		"Activity Unit",
		filters={"parenttype": "Activity", "parent": ("in", sorted(set(activities)) or [""])},
		fields=["parent", "unit", "label", "starts_at"],
		order_by="parent, idx",
	):
		found[row.parent].append(row)
	return {
		activity: tuple((row.unit, row.label or row.unit) for row in _by_hours(rows))
		for activity, rows in found.items()
	}


def _by_hours(rows: list) -> list:
	return (
		sorted(rows, key=lambda row: row.starts_at.zfill(5)) if all(row.starts_at for row in rows) else rows
	)


def tariff_book(activities: Iterable[str] | None = None) -> engine.TariffBook:
	"""All tariffs of the activities (of every activity without names), in a constant number of queries."""
	filters = {"activity": ("in", list(activities))} if activities is not None else {}
	# A price must be found whatever the role of whoever triggers the calculation.
	rows = frappe.get_all("Tariff", filters=filters, fields=_FIELDS)
	names = [row.name for row in rows]
	tables = {table: _children(doctype, names, fields) for table, (doctype, fields) in CHILD_TABLES.items()}
	psu = scales() if any(row.method == "Effort Rate" for row in rows) else {}
	units = day_units(row.activity for row in rows if row.method == "Unit Combination")
	return engine.TariffBook(
		engine_tariff(
			row,
			{table: found[row.name] for table, found in tables.items()},
			psu,
			units.get(row.activity, ()),
		)
		for row in rows
	)


def _children(doctype: str, parents: list[str], fields: tuple[str, ...]) -> dict[str, list]:
	found = defaultdict(list)
	if parents:
		# Rows of the tariffs read above.
		for row in frappe.get_all(
			doctype,
			filters={"parenttype": "Tariff", "parent": ("in", parents)},
			fields=["parent", *fields],
			order_by="parent, idx",
		):
			found[row.parent].append(row)
	return found


# ---------------------------------------------------------------- parts


def _price(value) -> Decimal | None:
	# A price of 0 is a price (panier repas, R26); only an empty field is none.
	return None if value is None or value == "" else decimal_of(value)


def _given(value) -> Decimal | None:
	"""A number that is 0 when nobody filled it in."""
	return decimal_of(value) or None


def _factor(percent) -> Decimal | None:
	number = _given(percent)
	return None if number is None else number / 100


def _band(row) -> engine.Band:
	below = decimal_of(row.quotient_below)
	# Frappe stores an empty number as 0: no band ends at 0, so 0 means "no upper limit".
	return engine.Band(decimal_of(row.quotient_from), below or None, decimal_of(row.price))


def units_of(text: str | None) -> frozenset[str]:
	"""« matin + midi » → its units."""
	return frozenset(unit for part in (text or "").split("+") if (unit := part.strip()))


def _combinations(rows: Iterable[Any]) -> tuple[engine.Combination, ...]:
	"""Rows of the same units are its QF bands; one row without bounds is one price for everybody."""
	grouped: dict[frozenset[str], list] = {}
	for row in rows:
		grouped.setdefault(units_of(row.units), []).append(row)
	found = []
	for units, members in grouped.items():
		first = members[0]
		if len(members) == 1 and not decimal_of(first.quotient_from) and not decimal_of(first.quotient_below):
			found.append(engine.Combination(units, decimal_of(first.price)))
		else:
			bands = sorted((_band(row) for row in members), key=lambda band: band.quotient_from)
			found.append(engine.Combination(units, None, tuple(bands)))
	return tuple(found)


def _linear(row) -> engine.Linear | None:
	if row.linear_by == TWO_POINTS:
		low, high = decimal_of(row.quotient_low), decimal_of(row.quotient_high)
		if low == high:
			return None
		return engine.Linear.between(low, decimal_of(row.price_low), high, decimal_of(row.price_high))
	return engine.Linear(
		rate=decimal_of(row.linear_percent),
		base=decimal_of(row.linear_base),
		floor=decimal_of(row.linear_floor),
		ceiling=_given(row.linear_ceiling),
		per=Decimal(100),
	)


def _duration(row) -> engine.Duration:
	return engine.Duration(
		minutes=max(cint(row.slice_minutes), 0) or 30,
		free=max(cint(row.free_minutes), 0),
		maximum=cint(row.max_slices) or None,
		whole_slot=row.missing_hours == WHOLE_SLOT,
	)


def _modifiers(row, siblings: Iterable[Any]) -> engine.Modifiers:
	return engine.Modifiers(
		siblings=tuple(
			engine.SiblingRate(cint(sibling.rank_from), decimal_of(sibling.percent) / 100)
			for sibling in siblings
		),
		sibling_scope=SCOPES.get(row.sibling_scope, engine.SiblingScope.ACTIVITY),
		non_resident_full_price=bool(row.non_resident_full_price),
		non_resident_factor=_factor(row.non_resident_percent),
		non_resident_surcharge=_given(row.non_resident_surcharge),
		unbooked_factor=_factor(row.unbooked_percent),
		unbooked_surcharge=_given(row.unbooked_surcharge),
		minimum=_given(row.minimum),
		maximum=_given(row.maximum),
	)
