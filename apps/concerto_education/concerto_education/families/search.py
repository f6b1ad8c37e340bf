"""Search first (R12): one question, the dossiers that answer it, best first.

Candidates come from the index (``search_index.py``): words that begin like what was typed, words that sound
alike, and words that differ by a slip of the finger, found among the distinct words with rapidfuzz. A dossier's
score is the sum over the terms of its best word. What is shown is read afterwards, for some twenty dossiers only,
through the user's own rights.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

import frappe
from pypika.functions import Coalesce
from rapidfuzz import process
from rapidfuzz.distance import OSA

from concerto_education.families import keys
from concerto_education.families.question import Term, parse
from concerto_education.families.search_index import (
	BIRTH,
	EMAIL,
	FIRST_NAME,
	KEY,
	NAME,
	NUMBER,
	PAYER,
	PHONE,
	PLACE,
)

SHOWN = 20
# So many dossiers at most are sorted by name among those of equal score.
SORTED = 400
MOST_WORDS = 300
MOST_HITS = 20_000

EXACT, PREFIX, SOUNDS, SLIP = 100, 80, 76, 70
# A name says more about whom one looks for than a street that bears it.
WEIGHT = {
	NAME: 1.0,
	FIRST_NAME: 0.97,
	PHONE: 1.0,
	EMAIL: 1.0,
	NUMBER: 1.0,
	BIRTH: 1.0,
	PAYER: 0.9,
	PLACE: 0.75,
}
SAME_PERSON = 8
# The dossier's own name comes before the name of somebody in it.
OWN_NAME = 6
_VAGUE = (NAME, FIRST_NAME, PLACE)


@dataclass(slots=True)
class Hit:
	"""One word of a dossier that answers a term; ``person`` is None for a word of the dossier itself."""

	kind: str
	word: str
	person: str | None
	score: float


@dataclass(slots=True)
class Candidate:
	family: str
	score: float = 0
	terms: int = 0
	# Only a part of what was typed is there: somebody else, most likely.
	partial: bool = False
	hits: list[Hit] = field(default_factory=list)


def candidates(text: str) -> list[Candidate]:
	"""Dossiers that answer, best first. Whatever the user may read: who shows them checks."""
	best: dict[str, Candidate] = {}
	for number, reading in enumerate(parse(text)):
		if number and any(not found.partial for found in best.values()):
			break  # "du pont" was found as it was typed
		for found in _answer(reading):
			if found.family not in best or best[found.family].partial:
				best[found.family] = found
	whole = [found for found in best.values() if not found.partial]
	return sorted(whole or best.values(), key=lambda found: (-found.terms, -found.score))


def _answer(terms: list[Term]) -> list[Candidate]:
	by_term = [(term, _hits(term)) for term in terms]
	found: dict[str, Candidate] = {}
	for term, hits in by_term:
		for family, of_family in hits.items():
			candidate = found.setdefault(family, Candidate(family))
			candidate.score += max(hit.score for hit in of_family) * (0.2 if term.optional else 1)
			candidate.terms += not term.optional
			candidate.hits += of_family
	# Whoever answers fewer of the terms is not what was asked for, unless nobody answers more.
	most = max((candidate.terms for candidate in found.values()), default=0)
	answers = [candidate for candidate in found.values() if candidate.terms == most and most]
	wanted = sum(not term.optional for term in terms)
	for candidate in answers:
		candidate.partial = candidate.terms < wanted
		candidate.score += SAME_PERSON * _terms_in_one_person(candidate, by_term)
	return answers


def _terms_in_one_person(candidate: Candidate, by_term: list) -> int:
	"""How many terms beyond the first one person answers: "martin leo" means Léo MARTIN."""
	matched: dict[str, int] = defaultdict(int)
	for _, hits in by_term:
		for person in {hit.person for hit in hits.get(candidate.family, ()) if hit.person}:
			matched[person] += 1
	return max(matched.values(), default=1) - 1


# ---------------------------------------------------------------- the words that answer a term


def _hits(term: Term) -> dict[str, list[Hit]]:
	scores = _words(term)
	if not scores:
		return {}
	hits: dict[str, list[Hit]] = defaultdict(list)
	for family, person, kind, word in _places_of(scores):
		score = scores[kind, word] * WEIGHT[kind] + (OWN_NAME if kind == NAME and not person else 0)
		hits[family].append(Hit(kind, word, person, score))
	return hits


def _words(term: Term) -> dict[tuple[str, str], float]:
	"""Indexed words that answer the term, with how well."""
	scores: dict[tuple[str, str], float] = {}
	if term.optional:
		# "le", "de": no reason to look for all that begins so.
		return dict.fromkeys(_distinct(term, "word", _escaped(term.word)), EXACT)
	for kind, word in _distinct(term, "word", f"{_escaped(term.word)}%"):
		likeness = len(term.word) / len(word)
		scores[kind, word] = EXACT if word == term.word else PREFIX + 18 * likeness
	if NUMBER in term.kinds and term.word.startswith("0"):
		for number in keys.numbers(term.word)[1:]:
			scores[NUMBER, number] = EXACT
	if not term.spoken or len(term.word) < 3:
		# A house number is that number, not one that begins with it.
		return {
			pair: score for pair, score in scores.items() if score == EXACT or not _is_short(term, pair[0])
		}
	sound = keys.sound(term.word)
	if sound:
		for kind, word in _distinct(term, "sound", _escaped(sound)):
			scores.setdefault((kind, word), SOUNDS)
	if EXACT not in scores.values():
		for kind, word, slips in _slips(term.word):
			scores.setdefault((kind, word), SLIP - 10 * slips)
	return scores


def _is_short(term: Term, kind: str) -> bool:
	return len(term.word) < 4 and not term.spoken and kind in (PLACE, NUMBER)


def _escaped(word: str) -> str:
	return word.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")


def _distinct(term: Term, column: str, pattern: str) -> list[tuple[str, str]]:
	key = frappe.qb.DocType(KEY)
	query = frappe.qb.from_(key).select(key.kind, key.word).distinct()
	return (query.where(key.kind.isin(term.kinds)).where(key[column].like(pattern)).limit(MOST_WORDS)).run()


def _slips(word: str) -> list[tuple[str, str, int]]:
	"""Words one slip away (two or three for long ones): a letter more, less, other, or two exchanged."""
	allowed = 0 if len(word) < 4 else 1 if len(word) < 6 else 2 if len(word) < 10 else 3
	if not allowed:
		return []
	key = frappe.qb.DocType(KEY)
	known = defaultdict(list)
	for kind in _VAGUE:
		# One kind at a time: MariaDB then reads the index in its order, and sorts nothing.
		for (other,) in frappe.qb.from_(key).select(key.word).distinct().where(key.kind == kind).run():
			if abs(len(other) - len(word)) <= allowed:
				known[other].append(kind)
	close = process.extract(word, list(known), scorer=OSA.distance, score_cutoff=allowed, limit=40)
	return [(kind, other, int(slips)) for other, slips, _ in close for kind in known[other]]


def _places_of(scores: dict[tuple[str, str], float]) -> list[tuple]:
	"""Where the words are: family, person, kind, word; the best words first, in case they are too many."""
	key, member = frappe.qb.DocType(KEY), frappe.qb.DocType("Family Member")
	by_kind: dict[str, list[str]] = defaultdict(list)
	for kind, word in sorted(scores, key=scores.get, reverse=True):
		by_kind[kind].append(word)
	rows: list[tuple] = []
	for kind, words in sorted(by_kind.items(), key=lambda item: -WEIGHT[item[0]]):
		query = (
			frappe.qb.from_(key)
			.left_join(member)
			.on((member.person == key.person) & (member.parenttype == "Family"))
			.select(Coalesce(key.family, member.parent), key.person, key.kind, key.word)
			.where(key.kind == kind)
			.where(key.word.isin(words))
			.limit(MOST_HITS)
		)
		# Somebody who is in no dossier yet can't be shown as one.
		rows += [row for row in query.run() if row[0]]
	return rows
