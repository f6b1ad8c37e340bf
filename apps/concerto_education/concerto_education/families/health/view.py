"""The health tab: what there is to know of the members of a dossier, or of one person; each reading is recorded."""

from __future__ import annotations

from datetime import date
from typing import Any

import frappe
from frappe import _
from frappe.utils import add_days, getdate, today

from concerto_education.families.health import access_log, rights
from concerto_education.families.health.allergens import DANGEROUS, SEVERITIES
from concerto_education.families.health.service import RECORD, label_of, marks

# A review is announced this long before its day: the appointment with the doctor takes time.
NOTICE_DAYS = 30


def of_members(family) -> dict[str, Any]:
	"""The children first, then the adults who have a record."""
	children = [row.person for row in family.members if row.role == "Child"]
	adults = rights.readable(row.person for row in family.members if row.role != "Child")
	return of_persons([*children, *adults], "Health Tab")


def of_persons(persons: list[str], source: str) -> dict[str, Any]:
	"""Cards of these persons, in their order; those that the user may not read say so."""
	now = getdate(today())
	seen = rights.readable(persons)
	records = _records(seen)
	# Whether there is one that the user may not see: of those persons, nothing is shown or added here.
	others = set(
		frappe.get_all(RECORD, filters={"person": ("in", persons)}, pluck="person", limit_page_length=0)
	) - set(seen)
	access_log.note(seen, source)
	names = dict(
		frappe.get_list(
			"Person",
			filters={"name": ("in", persons)},
			fields=["name", "full_name"],
			as_list=True,
			limit_page_length=0,
		)
	)
	return {
		"may_write": rights.may_write(),
		"persons": [
			{
				"person": person,
				"full_name": names[person],
				"hidden": person in others,
				**(_card(records[person], now) if person in records else {}),
			}
			for person in persons
			if person in names
		],
	}


def _records(persons: list[str]) -> dict[str, Any]:
	"""Whole records: few persons, many tables. Each was found through the user's own rights."""
	names = frappe.get_all(RECORD, filters={"person": ("in", persons)}, pluck="name")
	records = (frappe.get_doc(RECORD, name) for name in names)
	return {record.person: record for record in records}


def _card(record, now: date) -> dict[str, Any]:
	return {
		"record": record.name,
		"allergies": [
			{
				"label": label_of(row.allergen, row.other),
				"severity": row.severity,
				"severe": row.severity in DANGEROUS,
				"instructions": row.instructions or "",
				"valid_to": row.valid_to,
			}
			for row in sorted(record.allergies, key=lambda row: SEVERITIES.index(row.severity))
			if _holds(row, now)
		],
		"diets": [{"diet": row.diet, "note": row.note or ""} for row in record.diets if _holds(row, now)],
		"plans": [_plan(row, now) for row in record.plans if not row.ends_on or getdate(row.ends_on) >= now],
		"doctor": record.doctor or "",
		"doctor_phone": record.doctor_phone or "",
		"medicines": [
			{
				"medicine": row.medicine,
				"dosage": row.dosage or "",
				"valid_to": row.valid_to,
				"prescription": row.prescription,
			}
			for row in record.medicines
			if not row.valid_to or getdate(row.valid_to) >= now
		],
		"vaccinations": [
			{
				"vaccine": row.vaccine,
				"given_on": row.given_on,
				"valid_to": row.valid_to,
				"expired": bool(row.valid_to and getdate(row.valid_to) < now),
			}
			for row in sorted(record.vaccinations, key=lambda row: str(row.given_on), reverse=True)
		],
		"remarks": record.remarks or "",
	}


def _plan(row, now: date) -> dict[str, Any]:
	return {
		"signed_on": row.signed_on,
		"review_on": row.review_on,
		"review": review_state(row.review_on, now),
		"document": row.document,
		"instructions": row.instructions or "",
		"emergency_kit": row.emergency_kit or "",
	}


def review_state(review_on, now: date) -> str | None:
	""" "late" after the day of review, "soon" in the weeks before it."""
	if not review_on:
		return None
	day = getdate(review_on)
	if day < now:
		return "late"
	return "soon" if day <= getdate(add_days(now, NOTICE_DAYS)) else None


def _holds(row, now: date) -> bool:
	starts_later = row.valid_from and getdate(row.valid_from) > now
	return not starts_later and (not row.valid_to or getdate(row.valid_to) >= now)


# ---------------------------------------------------------------- the overview of the dossier


def short_marks(persons: list[str]) -> dict[str, list[dict[str, str]]]:
	"""Tags beside the names in the dossier's overview, for those whose record the user may read."""
	found = marks(rights.readable(persons), getdate(today()))
	access_log.note(found, "Dossier")
	return {person: list(_tags(mark)) for person, mark in found.items()}


def _tags(mark):
	for one in mark.allergies:
		kind = "is-danger" if one.is_dangerous else "is-warning"
		yield {"text": _("Allergy: {0}").format(one.label), "kind": kind}
	if mark.pai:
		yield {"text": _("PAI"), "kind": "is-health"}
	for diet in mark.diets:
		yield {"text": diet, "kind": ""}
	if mark.packed_lunch:
		yield {"text": _("Own meal"), "kind": ""}
