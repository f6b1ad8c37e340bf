"""What somebody typed into the search box, understood: names, a telephone number, an e-mail, a date, a number.

Pure functions: ``parse("dupont leo 06 12 34")`` gives three terms, each with the kinds of words it may be found
under.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from concerto_education.families import keys
from concerto_education.families.names import first_name, without_accents
from concerto_education.families.search_index import (
	BIRTH,
	EMAIL,
	FIRST_NAME,
	NAME,
	NUMBER,
	PAYER,
	PHONE,
	PLACE,
)

LONGEST = 140
MOST_TERMS = 8
WORDS = (NAME, FIRST_NAME, PLACE, PAYER)
_DATE = re.compile(r"\b(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})\b")
_DIGITS = re.compile(r"^\+?[\d().]+$")
_SEPARATORS = re.compile(r"[\s,;/]+")


@dataclass(frozen=True, slots=True)
class Term:
	"""One thing to look for. ``spoken`` words may be misheard or mistyped; numbers may not."""

	word: str
	kinds: tuple[str, ...]
	spoken: bool = False
	optional: bool = False


def parse(text: str) -> list[list[Term]]:
	"""The ways to read the question, the most literal first; each is a list of terms that all should match."""
	text = (text or "")[:LONGEST]
	dates, text = _dates(text)
	plain = _terms(text)
	if all(term.optional for term in plain):
		# Somebody may be called LE: then that is all there is to go by.
		plain = [replace(term, optional=len(term.word) < 2) for term in plain]
	readings = [dates + plain]
	spoken = [position for position, term in enumerate(plain) if term.spoken]
	for left, right in pairwise(spoken):
		# "du pont" may be DUPONT.
		if right == left + 1 and len(plain) <= 4:
			joined = Term(plain[left].word + plain[right].word, WORDS, spoken=True)
			readings.append([*dates, *plain[:left], joined, *plain[right + 1 :]])
	return [reading[:MOST_TERMS] for reading in readings if any(not term.optional for term in reading)]


def _dates(text: str) -> tuple[list[Term], str]:
	found = []

	def take(match: re.Match) -> str:
		day, month, year = (int(group) for group in match.groups())
		try:
			found.append(Term(date(year, month, day).isoformat(), (BIRTH,)))
		except ValueError:
			return match.group()
		return " "

	return found, _DATE.sub(take, text)


def _terms(text: str) -> list[Term]:
	terms: list[Term] = []
	number = ""
	for token in (*_SEPARATORS.split(keys.fold(text)), ""):
		if token and _DIGITS.match(token.replace("-", "")):
			# "06 12 34": the pairs of a telephone number belong together.
			number += token.replace("-", "")
			continue
		if number:
			terms.append(_number(number))
			number = ""
		if "@" in token:
			terms.append(Term(keys.email(token), (EMAIL,)))
		elif any(char.isdigit() for char in token):
			terms += [Term(word, (NUMBER, PLACE, EMAIL)) for word in [keys.plain(token)] if word]
		else:
			terms += [_word(word) for word in keys.parts(token)]
	return list(dict.fromkeys(terms))


def _number(typed: str) -> Term:
	digits = keys.phone(typed)
	if len(digits) <= 3:
		return Term(digits, (PLACE, NUMBER))
	if len(digits) == 5:
		return Term(digits, (PLACE, NUMBER, PHONE))
	# A dossier or CAF number is found with or without the zeros in front.
	return Term(digits, (PHONE, NUMBER))


def _word(word: str) -> Term:
	optional = len(word) < 2 or word in keys.SMALL_WORDS
	return Term(word, WORDS, spoken=True, optional=optional)


def new_person(text: str) -> dict[str, str]:
	"""What of the question may become a name, to fill the form of a new dossier: last name, then first name."""
	words = [
		word
		for word in without_accents(text or "").split()
		if word.replace("-", "").replace("'", "").isalpha()
	]
	if not words:
		return {}
	particles = 0
	while particles < len(words) - 1 and words[particles].lower() in (
		"le",
		"la",
		"de",
		"du",
		"des",
		"van",
		"el",
	):
		particles += 1
	names = {"last_name": " ".join(words[: particles + 1]).upper()}
	if words[particles + 1 :]:
		names["first_name"] = first_name(" ".join(words[particles + 1 :]))
	return names
