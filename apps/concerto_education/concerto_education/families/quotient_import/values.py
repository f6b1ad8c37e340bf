"""Numbers and dates as people and programs write them in lists. No database."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal, InvalidOperation

from concerto_education.engine.quotient import UNKNOWN

# Beyond it a cell holds a number of another column: a telephone, a beneficiary.
LARGEST = Decimal(100_000)
_NOISE = re.compile(r"[\s\u00a0\u202f€]|EUR", re.IGNORECASE)
_DAY = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})")
_MONTH = re.compile(r"(\d{1,2})[/.\-](\d{4})")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T].*)?")
_PACKED = re.compile(r"(\d{4})(\d{2})(\d{2})?")


class BadValue(ValueError):
	"""The cell holds no quotient; ``reason`` is a code."""

	def __init__(self, reason: str):
		super().__init__(reason)
		self.reason = reason


def quotient(text: str) -> Decimal:
	"""``1 234,56 €`` → 1234.56. Raises BadValue for what is no quotient, also for 9999, which means unknown."""
	plain = _NOISE.sub("", text or "")
	if not plain:
		raise BadValue("empty")
	if "," in plain and "." in plain:
		# The last of the two signs is that of the cents.
		thousands = "," if plain.rindex(".") > plain.rindex(",") else "."
		plain = plain.replace(thousands, "")
	try:
		value = Decimal(plain.replace(",", "."))
	except InvalidOperation as error:
		raise BadValue("no_number") from error
	if not value.is_finite():
		raise BadValue("no_number")
	if value < 0:
		raise BadValue("negative")
	if value != round(value, 2):
		raise BadValue("decimals")
	if value == UNKNOWN:
		raise BadValue("unknown")
	if value >= LARGEST:
		raise BadValue("too_large")
	return value


def day(text: str) -> date | None:
	"""``01/09/2026``, ``2026-09-01``, ``20260901``, ``09/2026`` (its first day); None for an empty cell.

	Raises ValueError for anything else.
	"""
	plain = (text or "").strip()
	if not plain:
		return None
	if found := _DAY.fullmatch(plain):
		number, month, year = map(int, found.groups())
		return date(year, month, number)
	if found := _ISO.fullmatch(plain):
		return date(*map(int, found.groups()))
	if found := _MONTH.fullmatch(plain):
		return date(int(found[2]), int(found[1]), 1)
	if found := _PACKED.fullmatch(plain):
		return date(int(found[1]), int(found[2]), int(found[3] or 1))
	raise ValueError(plain)


def source(text: str, default: str) -> str:
	"""CAF or MSA, as the line says it."""
	word = (text or "").strip().upper()
	if "MSA" in word or "AGRICOLE" in word:
		return "MSA"
	if "CAF" in word or "CNAF" in word or "GÉNÉRAL" in word or "GENERAL" in word:
		return "CDAP (CAF)"
	return default
