"""What the search shows of a dossier: who is in it, how to reach them, and what matched. Explicit fields only."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import frappe
from frappe.utils import cint, getdate, today

from concerto_education.families import keys, question, quotients
from concerto_education.families.overview import age_text
from concerto_education.families.search import SHOWN, SORTED, Candidate, candidates
from concerto_education.families.search_index import BIRTH, EMAIL, NUMBER, PAYER, PHONE, PLACE

_FAMILY = (
	"name",
	"family_name",
	"people",
	"status",
	"beneficiary_number",
	"address_line1",
	"address_line2",
	"postcode",
	"town",
	"former_town",
	"phone",
	"email",
)
_PERSON = ("name", "full_name", "birth_date", "phone", "phone_2", "email")


def search(text: str, limit: int = SHOWN) -> dict[str, Any]:
	"""Dossiers that the user may read and that answer ``text``, best first."""
	found = candidates(text)
	shown, total = _readable(found, min(max(cint(limit), 1), 50))
	return {
		"text": text,
		"results": describe(shown),
		"total": total,
		"partial": bool(shown and shown[0].partial),
		"new": question.new_person(text),
	}


def _readable(found: list[Candidate], limit: int) -> tuple[list[Candidate], int]:
	"""The first few that the user may read; equals are sorted by name, archived dossiers come last."""
	if not found:
		return [], 0
	head = found[:SORTED]
	rows = {
		row.name: row
		for row in frappe.get_list(
			"Family",
			filters={"name": ("in", [candidate.family for candidate in head])},
			fields=["name", "family_name", "people", "status"],
			limit_page_length=0,
		)
	}
	visible = [candidate for candidate in head if candidate.family in rows]

	def order(candidate: Candidate):
		row = rows[candidate.family]
		return (
			-candidate.terms,
			row.status == "Archived",
			-round(candidate.score),
			row.family_name or "",
			row.people or "",
		)

	return sorted(visible, key=order)[:limit], len(visible) + max(0, len(found) - len(head))


def describe(shown: list[Candidate]) -> list[dict[str, Any]]:
	"""What the screen draws, in a constant number of queries."""
	names = [candidate.family for candidate in shown]
	if not names:
		return []
	# These dossiers passed the user's own rights just now; members are part of a dossier.
	families = {
		row.name: row
		for row in frappe.get_all("Family", filters={"name": ("in", names)}, fields=list(_FAMILY))
	}
	members = frappe.get_all(
		"Family Member",
		filters={"parent": ("in", names), "parenttype": "Family"},
		fields=["parent", "person", "role", "relation", "forbidden"],
		order_by="idx asc",
	)
	persons = {
		row.name: row
		for row in frappe.get_all(
			"Person", filters={"name": ("in", [row.person for row in members])}, fields=list(_PERSON)
		)
	}
	of_family = defaultdict(list)
	for row in members:
		of_family[row.parent].append(row)
	histories = quotients.histories(names) if frappe.has_permission("Quotient", "read") else {}
	return [
		_result(candidate, families[candidate.family], of_family[candidate.family], persons, histories)
		for candidate in shown
	]


def _result(candidate: Candidate, family, members, persons, histories) -> dict[str, Any]:
	now = getdate(today())
	quotient = histories[family.name].as_map().get(now) if family.name in histories else None
	shown = []
	for row in members:
		person = persons.get(row.person)
		if person:
			shown.append(
				{
					"person": row.person,
					"full_name": person.full_name,
					"role": row.role,
					"relation": row.relation,
					"age": age_text(person.birth_date, now) if row.role == "Child" else "",
					"forbidden": cint(row.forbidden),
				}
			)
	phones = [family.phone, *(persons[row.person].phone for row in members if row.person in persons)]
	return {
		"family": family.name,
		"family_name": family.family_name,
		"archived": family.status == "Archived",
		"address": " ".join(part for part in (family.address_line1, family.postcode, family.town) if part),
		"town": family.town,
		"phone": next(filter(None, phones), None),
		"quotient": None if quotient is None else float(quotient.value),
		"quotient_unknown": bool(quotient and quotient.is_unknown),
		"may_see_quotient": bool(histories),
		"members": shown,
		"words": sorted({hit.word for hit in candidate.hits}, key=len, reverse=True),
		"matched_persons": sorted({hit.person for hit in candidate.hits if hit.person}),
		"found_by": _found_by(candidate, family, persons),
	}


def _found_by(candidate: Candidate, family, persons) -> list[dict[str, str]]:
	"""What matched and is not a name: telephone, e-mail, number, birth date, organisation, address."""
	found = []
	for hit in candidate.hits:
		owner = persons.get(hit.person) if hit.person else family
		if not owner or hit.kind not in (PHONE, EMAIL, NUMBER, BIRTH, PAYER, PLACE):
			continue
		values = {
			PHONE: [value for value in (owner.phone, owner.get("phone_2")) if keys.phone(value) == hit.word],
			EMAIL: [owner.email if keys.email(owner.email) == hit.word else hit.word],
			NUMBER: [
				next(
					(
						value
						for value in (family.beneficiary_number, family.name)
						if hit.word in keys.numbers(value)
					),
					hit.word,
				)
			],
			BIRTH: [str(owner.get("birth_date"))],
			PAYER: [hit.word],
			PLACE: [
				" ".join(
					part
					for part in (
						family.address_line1,
						family.address_line2,
						family.postcode,
						family.town,
						family.former_town,
					)
					if part
				)
			],
		}[hit.kind]
		for value in values:
			entry = {
				"kind": hit.kind,
				"text": value,
				"who": owner.full_name if hit.person else "",
			}
			if entry not in found:
				found.append(entry)
	return found
