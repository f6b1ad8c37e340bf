"""The weekly table of incomplete dossiers (R24): whose children come where, and what each dossier still lacks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import frappe

from concerto_education import permissions
from concerto_education.families.documents import missing, reminders
from concerto_education.families.documents.missing import Missing

CHUNK = 1000


@dataclass(frozen=True, slots=True)
class Filters:
	site: str | None = None
	activity: str | None = None
	# Data, Document, Authorisation, Mandate.
	kind: str | None = None
	# One type of document or authorisation, or one field of the data.
	code: str | None = None
	# Also dossiers without an enrolment.
	everybody: bool = False


def lacking(filters: Filters, day: date, user: str | None = None) -> dict[str, tuple[Missing, ...]]:
	"""Incomplete dossiers by family, with everything they lack; ``kind`` and ``code`` choose among the dossiers.

	The sites of the user narrow the families, as they narrow enrolments everywhere else.
	"""
	found: dict[str, tuple[Missing, ...]] = {}
	for chunk in _chunks(families(filters, day, user)):
		for family, items in missing.for_families(chunk, day).items():
			if any(_wanted(item, filters) for item in items):
				found[family] = items
	return found


def _wanted(item: Missing, filters: Filters) -> bool:
	return (not filters.kind or item.kind == filters.kind) and (not filters.code or item.code == filters.code)


def _chunks(names: list[str]) -> Iterable[list[str]]:
	for start in range(0, len(names), CHUNK):
		yield names[start : start + CHUNK]


def families(filters: Filters, day: date, user: str | None = None) -> list[str]:
	"""Active families with a child who is enrolled on ``day`` or later, by name."""
	family, enrolment = frappe.qb.DocType("Family"), frappe.qb.DocType("Enrolment")
	query = frappe.qb.from_(family).select(family.name).where(family.status == "Active")
	scope = permissions.criterion("Site", user)
	if not filters.everybody or filters.site or filters.activity or scope:
		query = (
			query.join(enrolment)
			.on(enrolment.family == family.name)
			.where(enrolment.status != "Cancelled")
			.where(enrolment.valid_to >= day)
			.distinct()
		)
		if filters.site:
			query = query.where(enrolment.site == filters.site)
		if filters.activity:
			query = query.where(enrolment.activity == filters.activity)
		if scope:
			query = query.where(enrolment.site.isin(sorted(scope.values) or [""]))
	return query.select(family.family_name).orderby(family.family_name, family.name).run(pluck=True)


# ---------------------------------------------------------------- rows for the screen


def rows(found: dict[str, tuple[Missing, ...]], may_read_health: bool) -> list[dict]:
	"""One row for each family, in a constant number of queries."""
	names = list(found)
	if not names:
		return []
	# Families that `lacking` has found within the user's sites; the page asked for the right to read dossiers.
	known = {
		row.name: row
		for row in frappe.get_all(
			"Family", filters={"name": ("in", names)}, fields=["name", "family_name", "people"]
		)
	}
	emails, last = reminders.addresses(names), reminders.last_of(names)
	return [
		{
			"family": name,
			"family_name": known[name].family_name,
			"people": known[name].people or "",
			"email": bool(emails[name]),
			"items": [missing.visible(item, may_read_health) for item in items],
			"last": last.get(name),
		}
		for name, items in found.items()
	]


def choices(found: dict[str, tuple[Missing, ...]], may_read_health: bool) -> list[dict]:
	"""What is missing, most often first: the figures above the table, and the choices of its filter."""
	counts: dict[tuple[str, str], int] = {}
	words: dict[tuple[str, str], str] = {}
	for items in found.values():
		for key in {(item.kind, item.code) for item in items if may_read_health or not item.health}:
			counts[key] = counts.get(key, 0) + 1
		for item in items:
			words[item.kind, item.code] = missing.label(item)
	ordered = sorted(counts, key=lambda key: (-counts[key], key))
	return [
		{"kind": kind, "code": code, "label": words[kind, code], "count": counts[kind, code]}
		for kind, code in ordered
	]
