"""Common French first names and surnames, put together by chance: the people of the demo exist nowhere.

The lists (``data/*.csv``) are written with their accents; what is stored has none, by the rule of R13, which
the loader applies with the very function that the forms use.
"""

from __future__ import annotations

import csv
import unicodedata
from functools import cache
from pathlib import Path
from random import Random

FOLDER = Path(__file__).parent / "data"


@cache
def surnames() -> tuple[str, ...]:
	return tuple(row["name"] for row in _rows("surnames"))


@cache
def streets() -> tuple[str, ...]:
	return tuple(row["name"] for row in _rows("streets"))


@cache
def first_names(sex: str, generation: str) -> tuple[str, ...]:
	"""Names of one generation: ``child``, ``adult`` or ``older``."""
	return tuple(
		row["name"] for row in _rows("first_names") if row["sex"] == sex and row["generation"] == generation
	)


def _rows(name: str) -> list[dict[str, str]]:
	with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
		return list(csv.DictReader(file))


def first_name(rng: Random, sex: str, generation: str, taken: set[str]) -> str:
	"""A first name that nobody of the family bears yet."""
	choice = rng.choice([name for name in first_names(sex, generation) if name not in taken])
	taken.add(choice)
	return choice


def street_address(rng: Random) -> str:
	return f"{rng.randint(1, 89)} {rng.choice(streets())}"


def letters(text: str) -> str:
	"""What an e-mail address takes of a name: ``D'Angélo`` gives ``dangelo``."""
	decomposed = unicodedata.normalize("NFD", text)
	return "".join(char for char in decomposed if char.isascii() and char.isalpha()).lower()
