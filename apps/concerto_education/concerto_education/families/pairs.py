"""The duplicates that are there already (R12), and the September check of R7: all likely pairs at once.

Not each with each: records are put into blocks that share something (birth date, telephone, e-mail, the sound of
both names, CAF number, an address), and only those of one block are compared. Blocks that everybody shares, like
the telephone of a children's home, say nothing and are left out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import frappe

from concerto_education.families import decisions, keys, likeness
from concerto_education.families.duplicates import FAMILY, FAMILY_FIELDS, PERSON, PERSON_FIELDS
from concerto_education.families.likeness import Household, Human, Likeness

# More than so many with the same key is chance, or a switchboard.
LARGEST_BLOCK = 60


@dataclass(frozen=True, slots=True)
class Pair:
	first: str
	second: str
	likeness: Likeness


def persons(least: int = likeness.REPORT) -> list[Pair]:
	"""Likely pairs of Persons, most alike first, without those declared different."""
	humans = {row.name: Human.of(row) for row in _all(PERSON, PERSON_FIELDS)}
	blocks: dict[Any, list[str]] = defaultdict(list)
	for human in humans.values():
		for key in _keys_of_person(human):
			blocks[key].append(human.name)
	return _compare(PERSON, blocks.values(), lambda a, b: likeness.persons(humans[a], humans[b]), least)


def _keys_of_person(human: Human) -> Iterator[Any]:
	first = keys.sound(human.first_name) or human.first_name
	if human.birth_date:
		# One of the two names begins right or sounds right; else nobody would take them for one.
		yield human.birth_date, first[:1]
	# A telephone or an e-mail alone is shared by a whole family: only with the first name it is a person's.
	for contact in (*human.phones, *human.emails):
		yield contact, first[:2]
	for last in human.last_names:
		sound = keys.sound(last) or last
		yield sound, first
		if human.birth_date:
			yield human.birth_date, sound, last[:1]


def families(least: int = likeness.REPORT, alike: Iterable[Pair] | None = None) -> list[Pair]:
	"""Likely pairs of dossiers. ``alike`` are pairs of Persons found before; looked for without."""
	households = _households()
	pairs = list(persons(likeness.REPORT) if alike is None else alike)
	scores = {frozenset((pair.first, pair.second)): pair.likeness.score for pair in pairs}
	dossiers: dict[str, list[str]] = defaultdict(list)
	blocks: dict[Any, list[str]] = defaultdict(list)
	for household in households.values():
		for person in household.children | household.adults:
			dossiers[person].append(household.name)
		for key in _keys_of_family(household):
			blocks[key].append(household.name)
	shared = [names for names in dossiers.values() if len(names) > 1]
	shared += [[*dossiers[pair.first], *dossiers[pair.second]] for pair in pairs]
	return _compare(
		FAMILY,
		[*blocks.values(), *shared],
		lambda a, b: likeness.families(households[a], households[b], scores),
		least,
	)


def _keys_of_family(household: Household) -> Iterator[Any]:
	if household.number:
		yield "number", household.number
	for contact in (*household.phones, *household.emails):
		yield "contact", contact
	if household.address:
		yield "address", household.address, keys.sound(household.family_name) or household.family_name


def likeness_of(doctype: str, first: str, second: str) -> Likeness:
	"""How much two stored records look alike."""
	one, other = frappe.get_doc(doctype, first), frappe.get_doc(doctype, second)
	if doctype == PERSON:
		return likeness.persons(Human.of(one), Human.of(other))
	mine, theirs = (Household.of(doc, doc.members) for doc in (one, other))
	alike = {
		frozenset((a, b)): likeness_of(PERSON, a, b).score
		for a in mine.children | mine.adults
		for b in theirs.children | theirs.adults
		if a != b
	}
	return likeness.families(mine, theirs, alike)


def _households() -> dict[str, Household]:
	members: dict[str, list] = defaultdict(list)
	for member in _all("Family Member", ("parent", "parenttype", "person", "role")):
		if member.parenttype == FAMILY:
			members[member.parent].append(member)
	return {row.name: Household.of(row, members[row.name]) for row in _all(FAMILY, FAMILY_FIELDS)}


def _all(doctype: str, fields: Iterable[str]) -> list:
	"""Every record, whatever the user may read: the report is for administrators, and checks that."""
	table = frappe.qb.DocType(doctype)
	return frappe.qb.from_(table).select(*(table[field] for field in fields)).run(as_dict=True)


def _compare(doctype: str, blocks: Iterable[list[str]], likeness_of, least: int) -> list[Pair]:
	different = decisions.different(doctype)
	seen: set[tuple[str, str]] = set()
	found = []
	for block in blocks:
		names = sorted(set(block))
		if len(names) > LARGEST_BLOCK:
			continue
		for pair in combinations(names, 2):
			if pair in seen:
				continue
			seen.add(pair)
			like = likeness_of(*pair)
			if like.score >= least and frozenset(pair) not in different:
				found.append(Pair(*pair, like))
	return sorted(found, key=lambda pair: (-pair.likeness.score, pair.first, pair.second))
