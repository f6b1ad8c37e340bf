"""No duplicate slips in (R12): what a new person or dossier looks like, and the refusal that asks for an answer.

A new record that looks like others is saved only with an answer: the field ``different_from`` names each of those
that the user has seen and declared different. The list is made anew by the server, so nobody says so blindly.
``flags.duplicates_checked`` skips all that. Flags come from code of the server only, never from a request: the
demo writes people who look alike on purpose, tests have their own, and who sets it says why.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import frappe
from frappe import _
from frappe.utils import cint, getdate, today

from concerto_education.families import decisions, keys, likeness
from concerto_education.families.errors import LikelyDuplicates
from concerto_education.families.likeness import Household, Human
from concerto_education.families.overview import age_text
from concerto_education.families.search_index import BIRTH, EMAIL, FIRST_NAME, KEY, NAME, NUMBER, PHONE

PERSON, FAMILY = "Person", "Family"
SHOWN = 10
PERSON_FIELDS = (
	"name",
	"full_name",
	"last_name",
	"usage_name",
	"spouse_name",
	"first_name",
	"birth_date",
	"sex",
	"phone",
	"phone_2",
	"email",
)
FAMILY_FIELDS = (
	"name",
	"family_name",
	"people",
	"status",
	"beneficiary_number",
	"phone",
	"email",
	"address_line1",
	"postcode",
	"town",
)


@dataclass(frozen=True, slots=True)
class Duplicate:
	"""One record that looks like the new one."""

	name: str
	title: str
	score: int
	reasons: tuple[str, ...]


# ---------------------------------------------------------------- saving a new record


def check_new(doc, method: str | None = None) -> None:
	"""Refuse a new record that looks like others, unless each of them was declared different."""
	declared = set(re.findall(r"[\w-]+", doc.get("different_from") or ""))
	doc.different_from = None
	if not doc.is_new() or doc.flags.duplicates_checked:
		return
	found = likely(doc)
	unseen = [one for one in found if one.name not in declared]
	if unseen:
		frappe.local.response["likely_duplicates"] = [
			{"doctype": doc.doctype, "name": one.name, "score": one.score} for one in unseen
		]
		frappe.throw(_refusal(doc, unseen), LikelyDuplicates, title=_("Possible Duplicate"))
	doc.flags.declared_different = [one for one in found if one.name in declared]


def remember_declared(doc, method: str | None = None) -> None:
	"""The record has its name now: keep what the user said about it."""
	for one in doc.flags.declared_different or ():
		decisions.record(doc.doctype, doc.name, one.name, one.score, one.reasons)


def _refusal(doc, unseen: list[Duplicate]) -> str:
	listed = "; ".join(
		f"{one.title} ({one.name}, {one.score} %: {', '.join(in_words(one.reasons))})" for one in unseen
	)
	if doc.doctype == PERSON:
		return _(
			"This person may be there already: {0}. Use that one, or declare them different (R12)"
		).format(listed)
	return _("This family may have a dossier already: {0}. Use it, or declare them different (R12)").format(
		listed
	)


def likely(doc) -> list[Duplicate]:
	"""Records that look like this one, most alike first. Whatever the user may read: the rule is for all."""
	return persons_like(doc) if doc.doctype == PERSON else families_like(doc)


# ---------------------------------------------------------------- persons


def persons_like(row: Any, least: int = likeness.ASK) -> list[Duplicate]:
	"""Persons like a Person, document or row."""
	human = Human.of(row)
	names = _persons_worth_comparing(human) - {human.name}
	different = decisions.different(PERSON, human.name) if human.name else set()
	found = []
	for other in _rows(PERSON, PERSON_FIELDS, names):
		like = likeness.persons(human, Human.of(other))
		if like.score >= least and frozenset((human.name, other.name)) not in different:
			found.append(Duplicate(other.name, other.full_name, like.score, like.reasons))
	return _best(found)


def _persons_worth_comparing(human: Human) -> set[str]:
	"""By index: born on the same day, same telephone or e-mail, or both names the same or sounding so."""
	names = _owners("person", BIRTH, [human.birth_date.isoformat()] if human.birth_date else [])
	names |= _owners("person", PHONE, human.phones) | _owners("person", EMAIL, human.emails)
	last, first = frappe.qb.DocType(KEY).as_("last"), frappe.qb.DocType(KEY).as_("first")
	if human.last_names and human.first_name:
		query = (
			frappe.qb.from_(last)
			.join(first)
			.on(first.person == last.person)
			.select(last.person)
			.distinct()
			.where(last.kind == NAME)
			.where(first.kind == FIRST_NAME)
			.where(_same_or_sounding(last, human.last_names))
			.where(_same_or_sounding(first, [human.first_name]))
		)
		names |= {row[0] for row in query.run()}
	return names


def _same_or_sounding(key, words: Iterable[str]):
	words = list(words)
	sounds = [sound for sound in map(keys.sound, words) if sound]
	return key.word.isin(words) | key.sound.isin(sounds) if sounds else key.word.isin(words)


def _owners(column: str, kind: str, words: Iterable[str]) -> set[str]:
	words = list(words)
	if not words:
		return set()
	key = frappe.qb.DocType(KEY)
	query = frappe.qb.from_(key).select(key[column]).where(key.kind == kind).where(key.word.isin(words))
	return {row[0] for row in query.run() if row[0]}


# ---------------------------------------------------------------- dossiers


def families_like(doc, least: int = likeness.ASK) -> list[Duplicate]:
	"""Dossiers like a Family document."""
	members = list(doc.members or [])
	alike = _persons_alike([row.person for row in members])
	mine = Household.of(doc, members)
	names = _families_of({row.person for row in members} | {name for pair in alike for name in pair})
	names |= _owners("family", NUMBER, [mine.number] if mine.number else [])
	names |= _owners("family", PHONE, mine.phones) | _owners("family", EMAIL, mine.emails)
	names -= {doc.name}
	different = decisions.different(FAMILY, doc.name) if not doc.is_new() else set()
	found = []
	for other, household in households(names):
		like = likeness.families(mine, household, alike)
		if like.score >= least and frozenset((doc.name, other.name)) not in different:
			title = f"{other.family_name} · {other.people}" if other.people else other.family_name
			found.append(Duplicate(other.name, title, like.score, like.reasons))
	return _best(found)


def households(names: Iterable[str]) -> list[tuple[Any, Household]]:
	"""Families with what of them is compared."""
	rows = _rows(FAMILY, FAMILY_FIELDS, names)
	members: dict[str, list] = {row.name: [] for row in rows}
	# Members of any dossier: two dossiers are compared whatever the user may read.
	for member in frappe.get_all(
		"Family Member",
		filters={"parent": ("in", list(members)), "parenttype": FAMILY},
		fields=["parent", "person", "role"],
	):
		members[member.parent].append(member)
	return [(row, Household.of(row, members[row.name])) for row in rows]


def _persons_alike(names: list[str]) -> dict[frozenset[str], int]:
	"""Persons who are nearly certainly the same as these."""
	return {
		frozenset((row.name, one.name)): one.score
		for row in _rows(PERSON, PERSON_FIELDS, names)
		for one in persons_like(row, likeness.CERTAIN)
	}


def _families_of(persons: set[str]) -> set[str]:
	if not persons:
		return set()
	# See `households`.
	return set(
		frappe.get_all(
			"Family Member", filters={"person": ("in", list(persons)), "parenttype": FAMILY}, pluck="parent"
		)
	)


def _rows(doctype: str, fields: Iterable[str], names: Iterable[str]) -> list:
	names = [name for name in names if name]
	if not names:
		return []
	# Compared whatever the user may read; who shows them checks.
	return frappe.get_all(doctype, filters={"name": ("in", names)}, fields=list(fields))


def _best(found: list[Duplicate]) -> list[Duplicate]:
	return sorted(found, key=lambda one: (-one.score, one.title or ""))[:SHOWN]


# ---------------------------------------------------------------- shown to the user


def in_words(reasons: Iterable[str]) -> list[str]:
	"""What matches, in the language of the reader."""
	known = {
		likeness.NAME_SAME: _("Name"),
		likeness.NAME_NEAR: _("Similar Name"),
		likeness.FIRST_NAME: _("First Name"),
		likeness.LAST_NAME: _("Family Name"),
		likeness.BIRTH: _("Birth Date"),
		likeness.BIRTH_NEAR: _("Similar Birth Date"),
		likeness.PHONE: _("Phone"),
		likeness.EMAIL: _("E-mail"),
		likeness.NUMBER: _("Beneficiary Number"),
		likeness.ADDRESS: _("Address"),
		likeness.CHILDREN: _("Children"),
		likeness.ADULTS: _("Adults"),
	}
	return [known[reason] for reason in reasons]


def describe(doctype: str, found: list[Duplicate]) -> list[dict[str, Any]]:
	"""What the dialog shows of each: who it is, where, and what matches. Explicit fields only."""
	if doctype == PERSON:
		return _describe_persons(found)
	rows = {row.name: row for row in _rows(FAMILY, FAMILY_FIELDS, [one.name for one in found])}
	return [
		{
			**_head(one),
			"details": [
				text
				for text in (
					" ".join(filter(None, (rows[one.name].address_line1, rows[one.name].town))),
					rows[one.name].beneficiary_number,
				)
				if text
			],
			"phone": rows[one.name].phone,
			"families": [{"family": one.name, "title": one.title, "forbidden": 0}],
		}
		for one in found
	]


def _describe_persons(found: list[Duplicate]) -> list[dict[str, Any]]:
	names = [one.name for one in found]
	rows = {row.name: row for row in _rows(PERSON, PERSON_FIELDS, names)}
	member, family = frappe.qb.DocType("Family Member"), frappe.qb.DocType(FAMILY)
	dossiers: dict[str, list] = {name: [] for name in names}
	if names:
		query = (
			frappe.qb.from_(member)
			.join(family)
			.on(family.name == member.parent)
			.select(
				member.person, member.role, member.forbidden, family.name, family.family_name, family.town
			)
			.where(member.person.isin(names))
		)
		for row in query.run(as_dict=True):
			dossiers[row.person].append(
				{
					"family": row.name,
					"title": " · ".join(filter(None, (row.family_name, row.town))),
					"role": row.role,
					"forbidden": cint(row.forbidden),
				}
			)
	now = getdate(today())
	return [
		{
			**_head(one),
			"details": [
				text for text in (_born(rows[one.name].birth_date, now), rows[one.name].email) if text
			],
			"phone": rows[one.name].phone,
			"families": dossiers[one.name],
		}
		for one in found
	]


def _head(one: Duplicate) -> dict[str, Any]:
	return {
		"name": one.name,
		"title": one.title,
		"score": one.score,
		"reasons": in_words(one.reasons),
	}


def _born(birth_date, now) -> str:
	if not birth_date:
		return ""
	return _("born on {0} ({1})").format(frappe.format(birth_date, "Date"), age_text(birth_date, now))
