"""The national scale of nurseries as records: effort rates and bounds of resources, dated (R36).

Both are ordinary records that an administrator changes each January; nothing of them is in the code. A row holds
until its last day, or until the next one begins.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path

import frappe
from frappe import _
from frappe.utils import cint, formatdate, getdate

from concerto_education.activities import errors
from concerto_education.activities.periods import require_order
from concerto_education.authority.money import decimal_of
from concerto_education.engine.psu import BoundsRow, RateColumn, RateRow, Scale
from concerto_education.engine.ranges import DateRange

SEED = Path(__file__).parent / "seed"
COLLECTIVE = "Collective"
OTHER = "Micro-Crèche, Family or Parental"


def scales() -> dict[str, Scale]:
	"""The scale of each kind of care. Three queries."""
	# A price must be found whatever the role of whoever triggers the calculation.
	tables = frappe.get_all(
		"Effort Rate",
		fields=["name", "care_type", "valid_from", "valid_to"],
		order_by="valid_from asc, creation asc",
	)
	columns = defaultdict(list)
	for row in frappe.get_all(
		"Effort Rate Column",
		filters={"parenttype": "Effort Rate"},
		fields=["parent", "children_from", "percent"],
	):
		columns[row.parent].append(RateColumn(row.children_from, decimal_of(row.percent)))
	bounds = [
		BoundsRow(_span(row), decimal_of(row.floor), decimal_of(row.ceiling))
		for row in frappe.get_all(
			"Resource Bounds",
			fields=["valid_from", "valid_to", "floor", "ceiling"],
			order_by="valid_from asc, creation asc",
		)
	]
	return {
		care: Scale(
			[
				RateRow(_span(table), tuple(columns[table.name]))
				for table in tables
				if table.care_type == care
			],
			bounds,
		)
		for care in (COLLECTIVE, OTHER)
	}


def _span(row) -> DateRange:
	return DateRange(getdate(row.valid_from), getdate(row.valid_to) if row.valid_to else None)


# ---------------------------------------------------------------- checks of the forms


def check_rates(doc) -> None:
	"""Rates from one child on, each once, and one table at a time for a kind of care."""
	require_order(doc.valid_from, doc.valid_to, errors.PeriodEndsBeforeStart, _("Valid To"))
	seen = set()
	for row in doc.rates:
		row.children_from = cint(row.children_from)
		if row.children_from < 1 or row.children_from in seen:
			frappe.throw(
				_("Rates, row {0}: each number of children from 1 on is there once").format(row.idx),
				errors.InvalidScale,
			)
		if decimal_of(row.percent) <= 0:
			frappe.throw(_("Rates, row {0}: the rate must be above 0").format(row.idx), errors.InvalidScale)
		seen.add(row.children_from)
	if 1 not in seen:
		frappe.throw(_("Rates: the rate of one child is missing (R36)"), errors.InvalidScale)
	_check_alone(doc, {"care_type": doc.care_type})


def check_bounds(doc) -> None:
	require_order(doc.valid_from, doc.valid_to, errors.PeriodEndsBeforeStart, _("Valid To"))
	floor, ceiling = decimal_of(doc.floor), decimal_of(doc.ceiling)
	if not 0 < floor <= ceiling:
		frappe.throw(
			_("Ceiling of Resources: it must not be under the floor, and the floor must be above 0 (R36)"),
			errors.InvalidScale,
		)
	_check_alone(doc, {})


def _check_alone(doc, filters: dict) -> None:
	"""Two rows may not both say what holds on a day, unless the later one begins where the other has no end."""
	others = frappe.get_all(
		doc.doctype,
		filters={**filters, "name": ("!=", doc.name or "")},
		fields=["name", "valid_from", "valid_to"],
	)
	mine = _span(doc)
	for other in others:
		theirs = _span(other)
		open_end = (theirs.end is None and theirs.start < mine.start) or (
			mine.end is None and mine.start < theirs.start
		)
		common = mine.intersection(theirs)
		if common and not open_end:
			frappe.throw(
				_("Valid From: {0} already holds on {1}. End it first (R36)").format(
					other.name, formatdate(common.start)
				),
				errors.ScalesOverlap,
			)


# ---------------------------------------------------------------- seeds


def seed() -> None:
	"""The tables of the circulars known when the app was made, where there is none yet. From then on they belong to
	the administrator."""
	if not frappe.db.count("Effort Rate"):
		for (care, start, end), rows in _rate_tables().items():
			frappe.get_doc(
				{
					"doctype": "Effort Rate",
					"care_type": care,
					"valid_from": start,
					"valid_to": end or None,
					"rates": [
						{"children_from": row["children_from"], "percent": row["percent"]} for row in rows
					],
					"source": rows[0]["source"],
				}
			).insert()
	if not frappe.db.count("Resource Bounds"):
		for row in _read("resource_bounds.csv"):
			frappe.get_doc(
				{"doctype": "Resource Bounds", **{name: value or None for name, value in row.items()}}
			).insert()


def _rate_tables() -> dict[tuple[str, str, str], list[dict]]:
	tables = defaultdict(list)
	for row in _read("effort_rates.csv"):
		tables[(row["care_type"], row["valid_from"], row["valid_to"])].append(row)
	return tables


def _read(name: str) -> list[dict]:
	with (SEED / name).open(encoding="utf-8", newline="") as file:
		return list(csv.DictReader(file))
