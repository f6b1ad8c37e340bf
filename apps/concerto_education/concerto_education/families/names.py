"""Names as they are stored (R13): without accents, family names upper-case, first names title-case.

Hyphens and apostrophes are kept, because they are part of the name.
"""

from __future__ import annotations

import re
import unicodedata

# What decomposition leaves alone.
_LETTERS = str.maketrans(
	{
		"œ": "oe",
		"Œ": "OE",
		"æ": "ae",
		"Æ": "AE",
		"ø": "o",
		"Ø": "O",
		"ł": "l",
		"Ł": "L",
		"đ": "d",
		"Đ": "D",
		"ı": "i",
		"’": "'",
		"‘": "'",
		"´": "'",
		"`": "'",
		"‐": "-",
		"‑": "-",
		"–": "-",
		"—": "-",
	}
)
_AROUND_JOINER = re.compile(r"\s*([-'])\s*")
_WORD = re.compile(r"[^\W\d_]+")


def without_accents(text: str | None) -> str:
	"""``text`` in plain letters, with single spaces."""
	decomposed = unicodedata.normalize("NFKD", (text or "").translate(_LETTERS))
	plain = "".join(char for char in decomposed if not unicodedata.combining(char))
	return _AROUND_JOINER.sub(r"\1", " ".join(plain.split()))


def family_name(text: str | None) -> str:
	"""``Lefèvre – d’Ormesson`` → ``LEFEVRE-D'ORMESSON``."""
	return without_accents(text).upper()


def first_name(text: str | None) -> str:
	"""``jean-françois`` → ``Jean-Francois``."""
	return _WORD.sub(lambda word: word[0].capitalize(), without_accents(text))


def is_name(text: str) -> bool:
	"""At least one letter, and no digit."""
	return any(char.isalpha() for char in text) and not any(char.isdigit() for char in text)


def full_name(last: str, first: str, usage: str | None = None) -> str:
	"""``DUPONT Claire``, or ``DUPONT (MARTIN) Claire`` where a usage name differs (R16)."""
	shown = f"{last} ({usage})" if usage and usage != last else last
	return f"{shown} {first}".strip()
