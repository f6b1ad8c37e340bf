"""A CSV file as it comes from the CAF, the MSA or a spreadsheet, made into lines. No database.

The encoding is found out, not asked: UTF-8, with or without a mark, else Windows-1252 as Excel writes it. A line whose
bytes are broken is told and left out; the others are still good.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, field

from concerto_education.families.keys import plain

SEPARATORS = ";\t,|"
MAX_BYTES = 10 * 1024 * 1024
MAX_LINES = 20_000

NUMBER, LAST_NAME, FIRST_NAME, BIRTH_DATE = "Beneficiary Number", "Family Name", "First Name", "Birth Date"
QUOTIENT, VALID_FROM, VALID_TO, SCHEME = "Quotient", "Valid From", "Valid To", "Scheme"

# Headings as lists of the field write them, plain: no accents, no signs.
HEADINGS = {
	NUMBER: "numeroallocataire nallocataire noallocataire numallocataire numalloc matricule numerocaf ncaf"
	" numeromsa numerodallocataire numeroallocatairecaf matriculeallocataire allocataire",
	LAST_NAME: "nom nomdefamille nomallocataire nomdelallocataire nomfamille nomnaissance nomdusage nomresponsable",
	FIRST_NAME: "prenom prenomallocataire prenomdelallocataire prenomresponsable",
	BIRTH_DATE: "datedenaissance datenaissance neele datedenaissanceallocataire datenaissanceallocataire ddn",
	QUOTIENT: "qf quotient quotientfamilial montantqf montantduqf qfcnaf quotientfamilialcaf qfcaf qfmsa valeurqf",
	VALID_FROM: "datedebut datededebut datedeffet dateeffet dateqf datedudroit moisqf moisdereference valablede"
	" valabledu debut du apartirdu",
	VALID_TO: "datefin datedefin fin au valablejusquau datefindevalidite",
	SCHEME: "regime organisme caisse source fournisseur",
}


class UnreadableFile(ValueError):
	"""The file as a whole can't be read; ``reason`` is a code, and ``params`` what it names."""

	def __init__(self, reason: str, **params):
		super().__init__(reason)
		self.reason, self.params = reason, params


@dataclass(frozen=True, slots=True)
class Line:
	"""One line of data. ``number`` is that of the file, the heading being 1; ``problem`` a code or empty."""

	number: int
	cells: tuple[str, ...]
	problem: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
	encoding: str
	separator: str
	headings: tuple[str, ...]
	lines: tuple[Line, ...] = field(default=())

	def example(self, place: int) -> str:
		"""The first value of a column, to recognise it by."""
		return next((line.cells[place] for line in self.lines if not line.problem and line.cells[place]), "")


def read(content: bytes) -> Sheet:
	"""Raises UnreadableFile for what is no CSV with a heading and at least one line."""
	if len(content) > MAX_BYTES:
		raise UnreadableFile("too_large")
	text, encoding = decode(content)
	if not text.strip():
		raise UnreadableFile("empty")
	separator = _separator(text)
	try:
		rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=False))
	except csv.Error as error:
		raise UnreadableFile("no_csv") from error
	first = next((place for place, row in enumerate(rows) if any(cell.strip() for cell in row)), None)
	if first is None:
		raise UnreadableFile("empty")
	headings = tuple(cell.strip() for cell in rows[first])
	if len(headings) < 2:
		raise UnreadableFile("one_column")
	lines = tuple(
		_line(place + 1, row, len(headings))
		for place, row in enumerate(rows[first + 1 :], first + 1)
		if any(cell.strip() for cell in row)
	)
	if not lines:
		raise UnreadableFile("no_line")
	if len(lines) > MAX_LINES:
		raise UnreadableFile("too_long", limit=MAX_LINES)
	return Sheet(encoding, separator, headings, lines)


def _line(number: int, row: Sequence[str], width: int) -> Line:
	cells = tuple(cell.strip() for cell in row)
	if _is_broken("".join(cells)):
		return Line(number, tuple(map(_shown, cells)), "Broken Encoding")
	# Empty cells too many at the end are a habit of spreadsheets.
	while len(cells) > width and not cells[-1]:
		cells = cells[:-1]
	return Line(number, cells, "" if len(cells) == width else "Wrong Columns")


# ---------------------------------------------------------------- encoding


def decode(content: bytes) -> tuple[str, str]:
	"""Text and name of its encoding; bytes that are none of it stay as surrogates, so that their line is known."""
	if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
		raise UnreadableFile("spreadsheet")
	if content.startswith((b"\xff\xfe", b"\xfe\xff")):
		return content.decode("utf-16", "replace").removeprefix("\ufeff"), "UTF-16"
	if b"\x00" in content:
		raise UnreadableFile("binary")
	content = content.removeprefix(b"\xef\xbb\xbf")
	utf8 = broken = 0
	for line in content.splitlines():
		if line.isascii():
			continue
		try:
			line.decode("utf-8")
			utf8 += 1
		except UnicodeDecodeError:
			broken += 1
	# More good lines than broken ones: the file is UTF-8, and those lines were spoilt on the way.
	if broken and broken >= utf8:
		return content.decode("cp1252", "surrogateescape"), "Windows-1252"
	return content.decode("utf-8", "surrogateescape"), "UTF-8"


def _is_broken(text: str) -> bool:
	# The replacement sign was put there by a program that had lost the letter.
	return "\ufffd" in text or any("\udc80" <= char <= "\udcff" for char in text)


def _shown(text: str) -> str:
	return "".join("�" if "\udc80" <= char <= "\udcff" else char for char in text)


# ---------------------------------------------------------------- separator, columns


def _separator(text: str) -> str:
	"""The sign that the heading has most of; a comma within numbers doesn't count, as headings have none."""
	head = next(line for line in text.splitlines() if line.strip())
	return max(SEPARATORS, key=lambda sign: (head.count(sign), -SEPARATORS.index(sign)))


def meanings(headings: Sequence[str]) -> list[str]:
	"""What each column means, found by its heading; empty where nothing is known, each meaning once."""
	known = {word: meaning for meaning, words in HEADINGS.items() for word in words.split()}
	found: list[str] = []
	for heading in headings:
		meaning = known.get(plain(heading), "")
		found.append("" if meaning in found else meaning)
	return found


def missing(found: Sequence[str]) -> list[str]:
	"""Columns without which nothing can be done: the quotient, and a number or the person's name and birth."""
	lacking = [] if QUOTIENT in found else [QUOTIENT]
	person = [name for name in (LAST_NAME, FIRST_NAME, BIRTH_DATE) if name not in found]
	if NUMBER not in found and person:
		lacking.append(NUMBER)
	return lacking
