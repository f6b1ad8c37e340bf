"""What other rooms ask about health: many persons on one day, in a constant number of queries (R23).

No permission is checked here: the caller has checked to whom it shows this (whoever ticks at the site receives the
children, whoever may read a Health Record). What a screen asks for is in `api.py`, which does check; marks that are
shown to somebody go through `lists.py`, which records the reading.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import frappe
from frappe import _

from concerto_education.families.health.allergens import (
	ALLERGENS,
	DANGEROUS,
	NAMED,
	NOT_FOOD,
	OTHER_FOOD,
	SEVERITIES,
)

RECORD = "Health Record"
TABLES = {
	"allergies": "Health Allergy",
	"diets": "Health Diet",
	"plans": "Health Plan",
	"vaccinations": "Health Vaccination",
	"medicines": "Health Medicine",
}


@dataclass(frozen=True, slots=True)
class Allergy:
	"""``allergen`` is one of the 14, "Other Food" or "Not Food"; ``label`` is what people read, in their language."""

	allergen: str
	label: str
	severity: str
	instructions: str

	@property
	def is_food(self) -> bool:
		return self.allergen != NOT_FOOD

	@property
	def is_dangerous(self) -> bool:
		return self.severity in DANGEROUS


@dataclass(frozen=True, slots=True)
class Marks:
	"""What whoever receives or feeds a person has to know on a day; the worst allergy first.

	Food habits that mean "the meal comes from home" are ``packed_lunch``, and not among the ``diets``.
	"""

	allergies: tuple[Allergy, ...] = ()
	pai: bool = False
	pai_instructions: str = ""
	diets: tuple[str, ...] = ()
	packed_lunch: bool = False

	@property
	def allergens(self) -> tuple[str, ...]:
		"""Codes, without repetition: "Peanuts", "Other Food"."""
		return tuple(dict.fromkeys(one.allergen for one in self.allergies))

	def __bool__(self) -> bool:
		return bool(self.allergies or self.pai or self.diets or self.packed_lunch)


def label_of(allergen: str, other: str | None = None) -> str:
	return other or _(allergen) if allergen in NAMED else _(allergen)


def marks(persons: Iterable[str], day: date) -> dict[str, Marks]:
	"""What there is to know of these persons on that day; who has nothing is left out. Four queries."""
	persons = sorted(set(filter(None, persons)))
	if not persons:
		return {}
	owners = dict(_rows_of_records(persons))
	if not owners:
		return {}
	records = list(owners)
	allergies = _by_record(
		_holding("Health Allergy", records, day, "allergen", "other", "severity", "instructions")
	)
	diets = _by_record(_holding("Health Diet", records, day, "diet"))
	plans = _by_record(_plans(records, day))
	packed = _packed_lunches()
	found = {}
	for record, person in owners.items():
		names = dict.fromkeys(row.diet for row in diets[record])
		mark = Marks(
			allergies=_allergies(allergies[record]),
			pai=bool(plans[record]),
			pai_instructions="\n".join(filter(None, map(_plan_text, plans[record]))),
			diets=tuple(name for name in names if name not in packed),
			packed_lunch=any(name in packed for name in names),
		)
		if mark:
			found[person] = mark
	return found


def meal_counts(persons: Iterable[str], day: date) -> dict[str, Any]:
	"""For the kitchen: how many, never who. Whoever brings the own meal is counted as that alone."""
	diets: Counter[str] = Counter()
	allergens: Counter[str] = Counter()
	packed = pai = 0
	for mark in marks(persons, day).values():
		if mark.packed_lunch:
			packed += 1
			continue
		diets.update(mark.diets)
		allergens.update(dict.fromkeys((one.label for one in mark.allergies if one.is_food), 1))
		pai += mark.pai
	return {"diets": dict(diets), "allergens": dict(allergens), "packed_lunch": packed, "pai": pai}


def meal_needs(persons: Iterable[str], day: date) -> dict[str, dict[str, Any]]:
	"""What is on the plate of each: diet, own meal, foods to leave out, and a plate of one's own for a PAI."""
	return {
		person: {
			"diet": ", ".join(mark.diets) if not mark.packed_lunch else "",
			"own_meal": mark.packed_lunch,
			"allergies": [one.label for one in mark.allergies if one.is_food],
			"plated": mark.pai and any(one.is_food for one in mark.allergies),
		}
		for person, mark in marks(persons, day).items()
	}


def _rows_of_records(persons: list[str]) -> list[tuple[str, str]]:
	# Below permissions: see the head of this file.
	rows = frappe.get_all(RECORD, filters={"person": ("in", persons)}, fields=["name", "person"])
	return [(row.name, row.person) for row in rows]


def _holding(doctype: str, records: list[str], day: date, *fields: str) -> list:
	"""Rows that hold on the day; no end is the rule (R23)."""
	table = frappe.qb.DocType(doctype)
	return (
		frappe.qb.from_(table)
		.select(table.parent, *(table[field] for field in fields))
		.where((table.parenttype == RECORD) & table.parent.isin(records))
		.where(table.valid_from.isnull() | (table.valid_from <= day))
		.where(table.valid_to.isnull() | (table.valid_to >= day))
		.orderby(table.idx)
	).run(as_dict=True)


def _plans(records: list[str], day: date) -> list:
	"""PAI that hold. One whose review is late still holds: forgetting a child's PAI would be the worse mistake."""
	table = frappe.qb.DocType("Health Plan")
	return (
		frappe.qb.from_(table)
		.select(table.parent, table.signed_on, table.review_on, table.instructions, table.emergency_kit)
		.where((table.parenttype == RECORD) & table.parent.isin(records))
		.where(table.signed_on <= day)
		.where(table.ends_on.isnull() | (table.ends_on >= day))
		.orderby(table.signed_on)
	).run(as_dict=True)


def _plan_text(row) -> str:
	kit = _("Emergency kit: {0}").format(row.emergency_kit) if row.emergency_kit else ""
	return "\n".join(filter(None, (row.instructions, kit)))


def _by_record(rows: list) -> dict[str, list]:
	found: dict[str, list] = defaultdict(list)
	for row in rows:
		found[row.parent].append(row)
	return found


def _allergies(rows: list) -> tuple[Allergy, ...]:
	ordered = sorted(rows, key=lambda row: (SEVERITIES.index(row.severity), _place(row.allergen)))
	return tuple(
		Allergy(row.allergen, label_of(row.allergen, row.other), row.severity, row.instructions or "")
		for row in ordered
	)


def _place(allergen: str) -> int:
	return (*ALLERGENS, OTHER_FOOD, NOT_FOOD).index(allergen)


def _packed_lunches() -> set[str]:
	# Names of diets are no secret.
	return set(frappe.get_all("Diet", filters={"packed_lunch": 1}, pluck="name"))


# ---------------------------------------------------------------- what is forgotten


def forget(person: str) -> None:
	"""Delete the health of a person with all its copies: versions, comments, documents (end of the service, R43)."""
	from concerto_education.families.health import files

	for record in frappe.get_all(RECORD, filters={"person": person}, pluck="name"):
		files.delete_all(record)
		frappe.db.delete("Version", {"ref_doctype": RECORD, "docname": record})
		# Whoever deletes the person, or purges, need not be somebody who may read this.
		frappe.delete_doc(RECORD, record, ignore_permissions=True, delete_permanently=True)


def on_person_trash(doc, method: str | None = None) -> None:
	"""Who deletes a person deletes this too (R8)."""
	forget(doc.name)


def on_person_change(doc, method: str | None = None) -> None:
	"""The name on the record follows."""
	before = doc.get_doc_before_save()
	if before and before.full_name != doc.full_name:
		frappe.db.set_value(RECORD, {"person": doc.name}, "person_name", doc.full_name, update_modified=False)
