"""How much two persons, or two dossiers, look like the same: a score from 0 to 100 and the reasons for it (R12).

Pure functions over plain rows. The points are few and told to the user, so that a clerk sees why a question is
asked; nothing is decided here, people decide.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from concerto_education.families import keys

# From this score on the question is asked when a record is saved; the report begins higher, where chance ends.
ASK = 55
REPORT = 70
# Two persons count as one when their dossiers are compared.
CERTAIN = 80

NAME_SAME = "Name"
NAME_NEAR = "Similar Name"
FIRST_NAME = "First Name"
LAST_NAME = "Family Name"
BIRTH = "Birth Date"
BIRTH_NEAR = "Similar Birth Date"
PHONE = "Phone"
EMAIL = "E-mail"
NUMBER = "Beneficiary Number"
ADDRESS = "Address"
CHILDREN = "Children"
ADULTS = "Adults"

POINTS = {
	NAME_SAME: 55,
	NAME_NEAR: 42,
	FIRST_NAME: 25,
	LAST_NAME: 10,
	BIRTH: 40,  # half of that without the whole name: in 20,000 families several Léas are born on each day
	BIRTH_NEAR: 15,
	PHONE: 35,
	EMAIL: 40,
}
OTHER_BIRTH = -40
OTHER_SEX = -35
OTHER_CONTACT = -10
_NEAR = 80
_SAME = 97


@dataclass(frozen=True, slots=True)
class Likeness:
	score: int
	reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Human:
	"""What of a Person is compared, already plain. Made once, compared many times."""

	name: str | None
	last_names: tuple[str, ...]
	first_name: str
	birth_date: date | None
	sex: str
	phones: frozenset[str]
	emails: frozenset[str]

	@classmethod
	def of(cls, row: Any) -> Human:
		lasts = (keys.plain(row.get(field)) for field in ("last_name", "usage_name", "spouse_name"))
		return cls(
			name=row.get("name"),
			last_names=tuple(dict.fromkeys(filter(None, lasts))),
			first_name=keys.plain(row.get("first_name")),
			birth_date=_date(row.get("birth_date")),
			sex=row.get("sex") or "",
			phones=frozenset(filter(None, (keys.phone(row.get(field)) for field in ("phone", "phone_2")))),
			emails=frozenset(filter(None, (keys.email(row.get("email")),))),
		)


def persons(one: Human, other: Human) -> Likeness:
	"""Whether two Persons are the same human."""
	score, reasons = _names(one, other)
	if one.birth_date and other.birth_date:
		if one.birth_date == other.birth_date:
			whole = reasons in ([NAME_SAME], [NAME_NEAR])
			score, reasons = score + (POINTS[BIRTH] if whole else POINTS[BIRTH] // 2), [*reasons, BIRTH]
		elif _dates_are_near(one.birth_date, other.birth_date):
			score, reasons = score + POINTS[BIRTH_NEAR], [*reasons, BIRTH_NEAR]
		else:
			score += OTHER_BIRTH
	if one.sex and other.sex and one.sex != other.sex:
		score += OTHER_SEX  # Louis and Louise are twins, not a slip of the finger
	for reason, mine, theirs in ((PHONE, one.phones, other.phones), (EMAIL, one.emails, other.emails)):
		if mine & theirs:
			score, reasons = score + POINTS[reason], [*reasons, reason]
		elif mine and theirs and BIRTH not in reasons:
			score += OTHER_CONTACT
	return Likeness(max(0, min(100, score)), tuple(reasons))


def _names(one: Human, other: Human) -> tuple[int, list[str]]:
	last = max((_ratio(a, b) for a in one.last_names for b in other.last_names), default=0)
	first = _first_names(one.first_name, other.first_name)
	if last >= _SAME and first >= _SAME:
		return POINTS[NAME_SAME], [NAME_SAME]
	swapped = one.first_name in other.last_names and other.first_name in one.last_names
	if swapped or (last >= _NEAR and first >= _NEAR):
		return POINTS[NAME_NEAR], [NAME_NEAR]
	if first >= _NEAR:
		return POINTS[FIRST_NAME], [FIRST_NAME]
	if last >= _NEAR:
		return POINTS[LAST_NAME], [LAST_NAME]
	return 0, []


# The report compares a few thousand names again and again.
@lru_cache(maxsize=200_000)
def _ratio(one: str, other: str) -> float:
	"""Likeness of two names in percent; one slip of the finger in a short name still counts as near."""
	if one == other:
		return 100
	if not one or not other:
		return 0
	if min(len(one), len(other)) >= 4 and (
		OSA.distance(one, other, score_cutoff=1) <= 1 or keys.sound(one) == keys.sound(other) != ""
	):
		return max(_NEAR + 5, fuzz.ratio(one, other)) if one[0] == other[0] else _NEAR
	return min(fuzz.ratio(one, other), _SAME - 1)


@lru_cache(maxsize=200_000)
def _first_names(one: str, other: str) -> float:
	"""``Jean`` and ``Jean-Marc`` may be one person; ``Lea`` and ``Leo`` are not."""
	ratio = _ratio(one, other)
	shorter, longer = sorted((one, other), key=len)
	if len(shorter) >= 4 and longer.startswith(shorter):
		return max(ratio, _NEAR)
	return ratio


def _dates_are_near(one: date, other: date) -> bool:
	"""Day and month exchanged, or one of day, month and year mistyped."""
	if one.year == other.year and (one.day, one.month) == (other.month, other.day):
		return True
	same = (one.day == other.day) + (one.month == other.month) + (one.year == other.year)
	return same == 2 and OSA.distance(one.isoformat(), other.isoformat()) == 1


def _date(value: Any) -> date | None:
	if not value:
		return None
	return value if isinstance(value, date) else date.fromisoformat(str(value)[:10])


# ---------------------------------------------------------------- dossiers


@dataclass(frozen=True, slots=True)
class Household:
	"""What of a Family is compared. ``children`` and ``adults`` are names of Persons."""

	name: str | None
	family_name: str
	number: str
	phones: frozenset[str]
	emails: frozenset[str]
	address: str
	children: frozenset[str]
	adults: frozenset[str]

	@classmethod
	def of(cls, row: Any, members: list) -> Household:
		return cls(
			name=row.get("name"),
			family_name=keys.plain(row.get("family_name")),
			number=keys.beneficiary(row.get("beneficiary_number")),
			phones=frozenset(filter(None, (keys.phone(row.get("phone")),))),
			emails=frozenset(filter(None, (keys.email(row.get("email")),))),
			address=" ".join(keys.place_words(row.get("address_line1"), row.get("postcode"))),
			children=frozenset(member.person for member in members if member.role == "Child"),
			adults=frozenset(member.person for member in members if member.role.startswith("Representative")),
		)


def families(one: Household, other: Household, alike: dict[frozenset[str], int] | None = None) -> Likeness:
	"""Whether two dossiers are of one family. ``alike`` holds scores of pairs of Persons that look the same."""
	alike = alike or {}
	score, reasons = 0, []
	children = _shared(one.children, other.children, alike)
	adults = _shared(one.adults, other.adults, alike)
	if one.number and one.number == other.number:
		score, reasons = score + 60, [*reasons, NUMBER]
	if children:
		score, reasons = score + 55, [*reasons, CHILDREN]
	if adults:
		# One adult in two dossiers is common (R18): a second reason is needed.
		score, reasons = score + 45, [*reasons, ADULTS]
	named = _ratio(one.family_name, other.family_name) >= _NEAR
	if named:
		score, reasons = score + 15, [*reasons, LAST_NAME]
	if one.phones & other.phones:
		score, reasons = score + (35 if named else 15), [*reasons, PHONE]
	if one.emails & other.emails:
		score, reasons = score + 40, [*reasons, EMAIL]
	if one.address and one.address == other.address:
		score, reasons = score + 20, [*reasons, ADDRESS]
	return Likeness(min(100, score), tuple(reasons))


def _shared(mine: frozenset[str], theirs: frozenset[str], alike: dict[frozenset[str], int]) -> bool:
	return bool(mine & theirs) or any(
		alike.get(frozenset((a, b)), 0) >= CERTAIN for a in mine for b in theirs
	)
