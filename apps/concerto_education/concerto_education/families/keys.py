"""What names, telephones, addresses look like to the search: plain words, the same however they were typed.

Pure functions. The index (``search_index.py``), the question (``search.py``) and the search for duplicates
(``likeness.py``) all go through here, so they can't disagree.
"""

from __future__ import annotations

import re
from functools import lru_cache

from concerto_education.families.names import without_accents

WORD_LENGTH = 60
_NO_LETTER = re.compile(r"[^a-z0-9]+")
_SPACES = re.compile(r"[\s\-–—/,;.()]+")
_DIGITS = re.compile(r"\D+")

# Words of addresses and particles of names that nobody should have to type.
_SMALL = (
	"a au aux av ave avenue all allee bd bld boulevard bis ch chemin d de des du et imp impasse l la le les lot"
	" lotissement pl place rte route r rue sq square st ste ter za zac zi"
)
SMALL_WORDS = frozenset(_SMALL.split())


def fold(text: str | None) -> str:
	"""``D’Orméson`` → ``d'ormeson``: lower case, no accents, plain hyphens and apostrophes."""
	return without_accents(str(text or "")).lower()


@lru_cache(maxsize=200_000)
def plain(text: str | None) -> str:
	"""Letters and digits only: ``Le Goff`` → ``legoff``."""
	return _NO_LETTER.sub("", fold(text))[:WORD_LENGTH]


def parts(text: str | None) -> list[str]:
	"""The words of a text, each plain: ``d'Ormesson-Le Goff`` → ``dormesson, le, goff``."""
	return [word for word in (plain(part) for part in _SPACES.split(fold(text))) if word]


def name_words(text: str | None) -> list[str]:
	"""Under which words a name is found: its parts, what follows an apostrophe, and all in one."""
	words = [*parts(text), *_after_apostrophe(text)]
	if len(words) > 1:
		words.append(plain(text))
	return list(dict.fromkeys(word for word in words if word))


def _after_apostrophe(text: str | None) -> list[str]:
	return [
		plain(piece)
		for part in _SPACES.split(fold(text))
		for piece in part.split("'")[1:]
		if len(plain(piece)) > 2
	]


def place_words(*texts: str | None) -> list[str]:
	"""Words of an address worth looking for."""
	words = [word for text in texts for word in (*parts(text), *_after_apostrophe(text))]
	return list(dict.fromkeys(word for word in words if word not in SMALL_WORDS))


def phone(text: str | None) -> str:
	"""``+33 (0)6 12-34.56 78`` → ``0612345678``; a foreign number keeps its country: ``0041…``."""
	stripped = str(text or "").strip()
	digits = _DIGITS.sub("", stripped)
	if stripped.startswith("+"):
		digits = "00" + digits
	if digits.startswith("0033"):
		digits = "0" + digits[4:].lstrip("0")
	elif digits.startswith("33") and len(digits) == 11:
		digits = "0" + digits[2:]
	return digits[:20]


def email(text: str | None) -> str:
	return without_accents(str(text or "")).lower().strip()[:140]


def numbers(text: str | None) -> list[str]:
	"""A CAF or dossier number as written and without what people leave out: ``0123456 A`` → ``0123456a, 123456``."""
	whole = plain(text)
	digits = _DIGITS.sub("", whole).lstrip("0")
	return list(dict.fromkeys(word for word in (whole, digits) if word))


def beneficiary(text: str | None) -> str:
	"""A CAF or MSA number to compare: digits, without zeros in front nor the letter behind."""
	return _DIGITS.sub("", plain(text)).lstrip("0")


# ---------------------------------------------------------------- how a name sounds

# In this order. Not linguistics: French spellings of one sound that clerks hear on the telephone.
_SOUNDS = tuple(
	(re.compile(pattern), sound)
	for pattern, sound in (
		(r"bv", "v"),
		(r"ph", "f"),
		(r"sch|sh|ch", "S"),
		(r"th", "t"),
		(r"h", ""),
		(r"eaux?|aulx?|aux?|ault|aud$|aut$", "o"),
		(r"oeu|eu|oe", "e"),
		(r"ai|ay|ei|ey|et$|er$|ez$", "e"),
		(r"gu(?=[ei])", "g"),
		(r"g(?=[eiy])", "j"),
		(r"gn", "n"),
		(r"qu|q|ck|c(?![eiyS])", "k"),
		(r"c|z", "s"),
		(r"y", "i"),
		(r"w", "v"),
		(r"x", "s"),
		(r"m(?=[bp])", "n"),
		(r"en(?=[^aeiou])", "an"),
		(r"(.)\1+", r"\1"),
		(r"[dtspe]+$", ""),
	)
)


@lru_cache(maxsize=200_000)
def sound(word: str) -> str:
	"""A code that ``dupont`` shares with ``dupond``, ``lefevre`` with ``lefebvre``, ``filipe`` with ``philippe``."""
	text = plain(word)
	if len(text) < 3 or any(char.isdigit() for char in text):
		return ""
	for pattern, replacement in _SOUNDS:
		text = pattern.sub(replacement, text)
	return text.lower() if len(text) > 1 else ""
