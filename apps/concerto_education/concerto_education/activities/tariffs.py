"""From Tariff records to the engine's tariffs, and the checks that refuse a bad one by name (R7, R26)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

import frappe
from frappe import _
from frappe.utils import formatdate, getdate

from concerto_education.activities.errors import (
	InvalidTariff,
	NotOffered,
	TariffsOverlap,
)
from concerto_education.activities.explanations import lines
from concerto_education.authority.money import decimal_of, format_money
from concerto_education.authority.rules import refuse, sentence
from concerto_education.engine import tariffs as engine
from concerto_education.engine.errors import RuleError
from concerto_education.engine.pricing import Situation, needs_quotient, price
from concerto_education.engine.quotient import Quotient
from concerto_education.engine.ranges import DateRange

METHODS = {"Flat": engine.Method.FLAT, "QF Bands": engine.Method.QF_BANDS}

_FIELDS = ["name", "label", "activity", "category", "site", "valid_from", "valid_to", "method", "price"]


def engine_tariff(row, bands: Iterable) -> engine.Tariff:
	"""The engine's tariff of a Tariff record, document or row. Money leaves float here."""
	method = METHODS[row.method]
	return engine.Tariff(
		id=row.name or "",
		label=row.label or "",
		activity=row.activity,
		span=DateRange(getdate(row.valid_from), getdate(row.valid_to) if row.valid_to else None),
		method=method,
		category=row.category or None,
		site=row.site or None,
		price=_price(row.price) if method is engine.Method.FLAT else None,
		bands=tuple(_band(band) for band in bands) if method is engine.Method.QF_BANDS else (),
	)


def _price(value) -> Decimal | None:
	# A price of 0 is a price (panier repas, R26); only an empty field is none.
	return None if value is None or value == "" else decimal_of(value)


def _band(row) -> engine.Band:
	below = decimal_of(row.quotient_below)
	# Frappe stores an empty number as 0: no band ends at 0, so 0 means "no upper limit".
	return engine.Band(decimal_of(row.quotient_from), below or None, decimal_of(row.price))


def tariff_book(activities: Iterable[str] | None = None) -> engine.TariffBook:
	"""All tariffs of the activities (of every activity without names), in two queries."""
	filters = {"activity": ("in", list(activities))} if activities is not None else {}
	# A price must be found whatever the role of whoever triggers the calculation.
	rows = frappe.get_all("Tariff", filters=filters, fields=_FIELDS)
	bands = defaultdict(list)
	if rows:
		for band in frappe.get_all(
			"Tariff Band",
			filters={"parenttype": "Tariff", "parent": ("in", [row.name for row in rows])},
			fields=["parent", "quotient_from", "quotient_below", "price"],
			order_by="parent, idx",
		):
			bands[band.parent].append(band)
	return engine.TariffBook(engine_tariff(row, bands[row.name]) for row in rows)


# ---------------------------------------------------------------- checks of the form


def check_alone(doc) -> None:
	"""Refuse a second tariff for the same activity, category, site and day (R26)."""
	# Also tariffs of sites the user can't read count: the price would be ambiguous for billing.
	others = frappe.get_all(
		"Tariff",
		filters={"activity": doc.activity, "name": ("!=", doc.name or "")},
		fields=["name", "label", "category", "site", "valid_from", "valid_to"],
	)
	span = DateRange(getdate(doc.valid_from), getdate(doc.valid_to) if doc.valid_to else None)
	for other in others:
		if (other.category or None, other.site or None) != (doc.category or None, doc.site or None):
			continue
		other_span = DateRange(getdate(other.valid_from), getdate(other.valid_to) if other.valid_to else None)
		common = span.intersection(other_span)
		if common:
			frappe.throw(
				_(
					"Valid From: {0} ({1}) already holds on {2} for this activity, category and site. End it first (R26)"
				).format(frappe.bold(other.label), other.name, formatdate(common.start)),
				TariffsOverlap,
			)


def check_offered(doc) -> None:
	"""The category and site of a tariff are those of its activity."""
	activity = frappe.get_cached_doc("Activity", doc.activity)
	if doc.category and doc.category not in [row.category for row in activity.categories]:
		frappe.throw(
			_("Category: {0} is not a category of {1} (R26)").format(doc.category, doc.activity), NotOffered
		)
	if doc.site and doc.site not in [row.site for row in activity.sites]:
		frappe.throw(_("Site: {0} does not offer {1}").format(doc.site, doc.activity), NotOffered)


def check_rows(doc) -> None:
	"""Gaps and overlaps of QF bands, missing and negative prices: refused by the engine, by name (R26)."""
	try:
		engine.check(engine_tariff(doc, doc.bands))
	except RuleError as error:
		refuse(error, InvalidTariff)


# ---------------------------------------------------------------- simulator


def simulate(doc, day: date, quotient: Decimal | None) -> dict:
	"""Amount and reasons of one unit under a Tariff, saved or not; or the engine's refusal as ``problem``."""
	try:
		tariff = engine_tariff(doc, doc.bands)
		if day not in tariff.span:
			return {"problem": _("This tariff does not hold on {0}").format(formatdate(day))}
		held = None if quotient is None else Quotient("", quotient, DateRange.day(day), day)
		result = price(tariff, Situation(day=day, quotient=held))
	except RuleError as error:
		return {"problem": sentence(error)}
	return {
		"amount": format_money(result.amount),
		"uses_quotient": needs_quotient(tariff),
		"lines": lines(result.explanation()),
	}
