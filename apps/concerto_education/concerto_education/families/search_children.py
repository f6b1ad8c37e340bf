"""Children by name, for whoever ticks and reads no dossier (R12, R31): the search of the dossiers, names only."""

from __future__ import annotations

from collections import defaultdict

import frappe

from concerto_education.families.names import without_accents
from concerto_education.families.search import Candidate, candidates
from concerto_education.families.search_index import FIRST_NAME, NAME

LEAST_LETTERS = 2
# Dossiers that are looked at: each has a child or two.
DOSSIERS = 100


def children_found(text: str, limit: int) -> list[str]:
	"""Persons, best first. Telephone, e-mail, numbers and addresses find nobody here."""
	if sum(map(str.isalpha, without_accents(text))) < LEAST_LETTERS:
		return []
	found = candidates(text)[:DOSSIERS]
	children = _children_of([candidate.family for candidate in found])
	persons = [
		person for candidate in found for person in _answering(candidate, children.get(candidate.family, []))
	]
	return list(dict.fromkeys(persons))[:limit]


def _children_of(families: list[str]) -> dict[str, list[str]]:
	members: dict[str, list[str]] = defaultdict(list)
	# Whoever ticks reads no dossier, and sees name and class of the children found.
	for row in frappe.get_all(
		"Family Member",
		filters={"parent": ("in", families), "parenttype": "Family", "role": "Child"},
		fields=["parent", "person"],
		order_by="idx asc",
	):
		members[row.parent].append(row.person)
	return members


def _answering(candidate: Candidate, children: list[str]) -> list[str]:
	"""The children of a dossier who answer most of what was typed: of "martin leo", Léo and not his sister."""
	scores = {child: _score(candidate, child) for child in children}
	most = max((kinds for kinds, _score in scores.values()), default=0)
	if not most:
		return []
	best = [child for child in children if scores[child][0] == most]
	return sorted(best, key=lambda child: -scores[child][1])


def _score(candidate: Candidate, child: str) -> tuple[int, float]:
	"""Of how many kinds the words of a child answer, and how well. The dossier's name is every child's name."""
	by_kind: dict[str, float] = {}
	for hit in candidate.hits:
		if hit.kind in (NAME, FIRST_NAME) and hit.person in (child, None):
			by_kind[hit.kind] = max(by_kind.get(hit.kind, 0), hit.score)
	return len(by_kind), sum(by_kind.values())
