"""What is refused when a tariff is saved, by name: overlaps, gaps in bands, missing rows (R7, R26)."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.utils import cint, formatdate, getdate

from concerto_education.activities import errors
from concerto_education.activities.periods import require_order
from concerto_education.activities.tariffs import records, scripts
from concerto_education.authority.money import decimal_of
from concerto_education.authority.rules import refuse
from concerto_education.engine import tariffs as engine
from concerto_education.engine.errors import RuleError
from concerto_education.engine.ranges import DateRange

DURATIONS = ("Per Duration", "Effort Rate")
NUMBERS = [
	"linear_percent",
	"linear_base",
	"linear_floor",
	"linear_ceiling",
	"quotient_low",
	"price_low",
	"quotient_high",
	"price_high",
]


def validate(doc) -> None:
	require_order(doc.valid_from, doc.valid_to, errors.PeriodEndsBeforeStart, _("Valid To"))
	_set_defaults(doc)
	_keep_rows_of_method(doc)
	_check_offered(doc)
	_check_fields(doc)
	_check_script(doc)
	_check_rows(doc)
	_check_alone(doc)


def _set_defaults(doc) -> None:
	doc.use = doc.use or "Normal"
	doc.decimals = doc.decimals or "2"
	doc.sibling_scope = doc.sibling_scope or "Children in the Same Activity"
	if doc.method in records.WITH_BASIS:
		doc.price_basis = doc.price_basis or "One Price"
	if doc.method in DURATIONS and not cint(doc.slice_minutes):
		doc.slice_minutes = 30


def _keep_rows_of_method(doc) -> None:
	"""What another method left behind would mislead whoever reads the record."""
	basis = records.basis_of(doc)
	if basis != "One Price":
		doc.price = 0
	elif doc.price is None or doc.price == "":
		frappe.throw(_("Price: enter it, 0 if the service is free (R26)"), errors.InvalidTariff)
	if basis != "QF Bands":
		doc.set("bands", [])
	if basis != "QF Linear":
		for name in NUMBERS:
			doc.set(name, 0)
	if doc.method != "Unit Combination":
		doc.set("combinations", [])
	if doc.method != "Script":
		doc.script = None
	if doc.use == "Late Pick-up":
		doc.set("sibling_rates", [])
		for name in (
			"non_resident_full_price",
			"non_resident_percent",
			"non_resident_surcharge",
			"minimum",
			"maximum",
		):
			doc.set(name, 0)
	if doc.use != "Normal":
		doc.unbooked_percent = doc.unbooked_surcharge = 0


def _check_offered(doc) -> None:
	"""The category, site and units of a tariff are those of its activity."""
	activity = frappe.get_cached_doc("Activity", doc.activity)
	if doc.category and doc.category not in [row.category for row in activity.categories]:
		frappe.throw(
			_("Category: {0} is not a category of {1} (R26)").format(doc.category, doc.activity),
			errors.NotOffered,
		)
	if doc.site and doc.site not in [row.site for row in activity.sites]:
		frappe.throw(_("Site: {0} does not offer {1}").format(doc.site, doc.activity), errors.NotOffered)
	known = [row.unit for row in activity.units]
	for row in doc.combinations:
		units = records.units_of(row.units)
		for unit in sorted(units - set(known)):
			frappe.throw(
				_("Combinations, row {0}: {1} has no unit {2}. Its units are {3}").format(
					row.idx, doc.activity, unit, ", ".join(known)
				),
				errors.NotOffered,
			)
		# One way of writing them, in the order of the day.
		row.units = " + ".join(unit for unit in known if unit in units)


def _check_fields(doc) -> None:
	"""What the engine can't know: numbers of the form that stand for nothing."""
	ranks = [cint(row.rank_from) for row in doc.sibling_rates]
	for row in doc.sibling_rates:
		if cint(row.rank_from) < 1 or ranks.count(cint(row.rank_from)) > 1 or decimal_of(row.percent) < 0:
			frappe.throw(
				_(
					"Siblings, row {0}: name each child number once, from 1 on, with a percentage of 0 or more"
				).format(row.idx),
				errors.InvalidTariff,
			)
	if records.basis_of(doc) != "QF Linear":
		return
	if doc.linear_by == records.TWO_POINTS:
		if decimal_of(doc.quotient_high) <= decimal_of(doc.quotient_low):
			frappe.throw(_("Upper Quotient: it must be above the lower quotient"), errors.InvalidTariff)
	elif not decimal_of(doc.linear_percent):
		frappe.throw(_("Rate (% of the Quotient): enter it"), errors.InvalidTariff)


def _check_script(doc) -> None:
	"""A tariff by script is only made where scripts are allowed; one that is there may still be ended."""
	if doc.method != "Script":
		return
	before = doc.get_doc_before_save()
	if before and before.method == "Script" and before.script == doc.script:
		return
	if not scripts.allowed():
		frappe.throw(
			_(
				"Method: this site does not allow scripts. Whoever runs the server allows them with the setting server_script_enabled"
			),
			errors.ScriptsNotAllowed,
		)
	if doc.script and frappe.db.get_value("Server Script", doc.script, "script_type") != "API":
		frappe.throw(_("Script: choose a server script of the type “API”"), errors.InvalidTariff)


def _check_rows(doc) -> None:
	"""Gaps and overlaps of QF bands, missing and negative prices: refused by the engine, by name (R26)."""
	try:
		engine.check(records.of_document(doc))
	except RuleError as error:
		refuse(error, errors.InvalidTariff)


def _check_alone(doc) -> None:
	"""Refuse a second tariff for the same activity, category, site, use and day (R26)."""
	# Also tariffs of sites the user can't read count: the price would be ambiguous for billing.
	others = frappe.get_all(
		"Tariff",
		filters={"activity": doc.activity, "use": doc.use, "name": ("!=", doc.name or "")},
		fields=["name", "label", "category", "site", "valid_from", "valid_to"],
	)
	span = _span(doc)
	for other in others:
		if (other.category or None, other.site or None) != (doc.category or None, doc.site or None):
			continue
		common = span.intersection(_span(other))
		if common:
			frappe.throw(
				_(
					"Valid From: {0} ({1}) already holds on {2} for this activity, category and site. End it first (R26)"
				).format(frappe.bold(other.label), other.name, formatdate(common.start)),
				errors.TariffsOverlap,
			)


def _span(row) -> DateRange:
	return DateRange(getdate(row.valid_from), getdate(row.valid_to) if row.valid_to else None)
