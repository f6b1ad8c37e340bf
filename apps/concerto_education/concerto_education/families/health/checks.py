"""What a health record completes by itself, and what it refuses (R23)."""

from __future__ import annotations

from datetime import date

import frappe
from frappe import _
from frappe.utils import add_years, formatdate, getdate, today

from concerto_education.engine.ranges import DateRange
from concerto_education.families.health import errors
from concerto_education.families.health.allergens import ALLERGENS, ALLERGY, NAMED, SEVERITIES

EARLIEST = date(1900, 1, 1)


def complete(record) -> None:
	"""Fill what follows from the rest: the name, the review of a PAI one year after it."""
	record.person_name = frappe.db.get_value("Person", record.person, "full_name")
	for row in record.allergies or []:
		row.other = (row.other or "").strip() if row.allergen in NAMED else None
		row.severity = row.severity or ALLERGY
	for row in record.plans or []:
		if row.signed_on and not row.review_on:
			row.review_on = add_years(getdate(row.signed_on), 1)


def check(record) -> None:
	"""Throw the first rule that the record breaks."""
	_check_person(record)
	_check_allergies(record.allergies or [])
	_check_diets(record.diets or [])
	_check_plans(record.plans or [])
	_check_medical(record.medicines or [], record.vaccinations or [])


def _check_person(record) -> None:
	other = frappe.db.get_value(
		"Health Record", {"person": record.person, "name": ("!=", record.name or "")}, "name"
	)
	if other:
		frappe.throw(
			_("Person: {0} already has the health record {1}. Complete that one").format(
				record.person_name or record.person, other
			),
			errors.SecondHealthRecord,
		)


def _check_allergies(rows: list) -> None:
	for row in rows:
		if row.allergen not in (*ALLERGENS, *NAMED):
			frappe.throw(
				_(
					"Allergies, row {0}: “{1}” is not an allergen of the list. Choose “{2}” and write its name"
				).format(row.idx, row.allergen or "", _("Other Food")),
				errors.UnknownAllergen,
			)
		if row.allergen in NAMED and not row.other:
			frappe.throw(
				_("Allergies, row {0}: write which one, in the field “{1}”").format(row.idx, _("Which One")),
				errors.AllergenNotNamed,
			)
		if row.severity not in SEVERITIES:
			frappe.throw(
				_("Allergies, row {0}: “{1}” is not a severity of the list").format(row.idx, row.severity),
				errors.UnknownSeverity,
			)
		_check_span(row, _("Allergies"))
	_check_once(rows, lambda row: (row.allergen, (row.other or "").casefold()), errors.SameAllergyTwice)


def _check_diets(rows: list) -> None:
	for row in rows:
		_check_span(row, _("Diets and Food Habits"))
	_check_once(rows, lambda row: row.diet, errors.SameDietTwice)


def _check_plans(rows: list) -> None:
	for row in rows:
		if not row.signed_on:
			continue  # the framework asks for it
		for field in ("review_on", "ends_on"):
			if row.get(field) and getdate(row.get(field)) < getdate(row.signed_on):
				frappe.throw(
					_("PAI, row {0}: “{1}” ({2}) is before the date of the PAI ({3})").format(
						row.idx,
						_(row.meta.get_label(field)),
						formatdate(row.get(field)),
						formatdate(row.signed_on),
					),
					errors.ReviewBeforePlan,
				)


def _check_medical(medicines: list, vaccinations: list) -> None:
	for row in medicines:
		_check_span(row, _("Medicines"))
	for row in vaccinations:
		_check_span(row, _("Vaccinations"), "given_on")
		if row.given_on and getdate(row.given_on) > getdate(today()):
			frappe.throw(
				_("Vaccinations, row {0}: the date is in the future").format(row.idx),
				errors.VaccinationInFuture,
			)


def _check_span(row, table: str, start: str = "valid_from") -> None:
	if row.get(start) and row.valid_to and getdate(row.valid_to) < getdate(row.get(start)):
		frappe.throw(
			_("{0}, row {1}: “{2}” ({3}) is before “{4}” ({5})").format(
				table,
				row.idx,
				_(row.meta.get_label("valid_to")),
				formatdate(row.valid_to),
				_(row.meta.get_label(start)),
				formatdate(row.get(start)),
			),
			errors.HealthEndsBeforeStart,
		)


def _check_once(rows: list, key, error: type[Exception]) -> None:
	seen: dict = {}
	for row in rows:
		for other in seen.setdefault(key(row), []):
			if span_of(row).overlaps(span_of(other)):
				frappe.throw(
					_("Rows {0} and {1} say the same thing for the same time. Keep one of them").format(
						other.idx, row.idx
					),
					error,
				)
		seen[key(row)].append(row)


def span_of(row) -> DateRange:
	"""When a row holds; without dates: always."""
	return DateRange(
		getdate(row.valid_from) if row.valid_from else EARLIEST,
		getdate(row.valid_to) if row.valid_to else None,
	)
