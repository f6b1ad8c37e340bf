"""What a kitchen is told: who eats what, when the order is made, and what has changed since (R27, R41).

Pure: it counts, compares and finds the moment of the cut-off. Who is expected is the caller's business.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

ONE_DAY = timedelta(days=1)
LONGEST_WAIT = 60  # days back in which a working day is looked for


@dataclass(frozen=True, slots=True)
class AgeClass:
	"""A size of portion: the levels of school that get it, the ages (both included), or adults."""

	label: str
	levels: tuple[str, ...] = ()
	age_from: int = 0
	age_to: int = 0  # 0: no upper bound
	adults: bool = False

	def holds_level(self, school_class: str) -> bool:
		words = _words(school_class)
		return any(level.upper() in words for level in self.levels)

	def holds_age(self, age: int) -> bool:
		return self.age_from <= age and (not self.age_to or age <= self.age_to)


@dataclass(frozen=True, slots=True, order=True)
class Plate:
	"""What is counted apart in the kitchen. ``diet`` is empty for the ordinary menu."""

	age_class: str
	diet: str = ""
	own_meal: bool = False  # panier repas: a place at the table, and nothing to cook


@dataclass(frozen=True, slots=True)
class Change:
	"""One person whose meal is no longer what was ordered."""

	person: str
	before: Plate | None
	after: Plate | None


def _words(school_class: str) -> set[str]:
	"""“CE1-CE2 Mme Petit” → {"CE1", "CE2", …}: a level is a word, so that PS is not found in TPS."""
	return set("".join(c if c.isalnum() else " " for c in school_class.upper()).split())


def age_class_of(
	classes: Iterable[AgeClass], school_class: str | None, age: int | None, adult: bool
) -> AgeClass | None:
	"""The first class that fits: adults by what they are, children by their level, else by their age.

	A child of whom neither is known gets the last class for children, the largest portion: nobody goes hungry
	because a date is missing. None only if there is no class at all that could be meant.
	"""
	classes = tuple(classes)
	for_them = [one for one in classes if one.adults == adult]
	if adult or not for_them:
		return for_them[0] if for_them else (classes[-1] if classes else None)
	by_level = [one for one in for_them if school_class and one.holds_level(school_class)]
	by_age = [one for one in for_them if age is not None and one.holds_age(age)]
	return (by_level or by_age or for_them[-1:])[0]


def count(plates: Iterable[Plate], extra: Mapping[Plate, int] | None = None) -> dict[Plate, int]:
	"""How many of each, in order; ``extra`` are portions without a name (colleagues who eat along)."""
	found = Counter(plates)
	for plate, number in (extra or {}).items():
		if number < 0:
			raise ValueError(f"{number} portions can't be ordered")
		found[plate] += number
	return {plate: found[plate] for plate in sorted(found) if found[plate]}


def total(counts: Mapping[Plate, int]) -> int:
	"""Meals to cook."""
	return sum(number for plate, number in counts.items() if not plate.own_meal)


def difference(before: Mapping[Plate, int], after: Mapping[Plate, int]) -> dict[Plate, int]:
	"""What to add or take away, for each plate that differs."""
	changed = {plate: after.get(plate, 0) - before.get(plate, 0) for plate in {*before, *after}}
	return {plate: changed[plate] for plate in sorted(changed) if changed[plate]}


def changes(before: Mapping[str, Plate], after: Mapping[str, Plate]) -> list[Change]:
	"""Whose meal is new, gone or another one, by person."""
	return [
		Change(person, before.get(person), after.get(person))
		for person in sorted({*before, *after})
		if before.get(person) != after.get(person)
	]


def cut_off(
	day: date, days_before: int, at: time, is_working: Callable[[date], bool] | None = None
) -> datetime:
	"""When the order of a day is made: so many days before, at an hour.

	With ``is_working`` only working days are counted, so that a meal of Monday is ordered on Friday. Raises
	ValueError for a number below 0, and where no working day is found.
	"""
	if days_before < 0:
		raise ValueError("an order can't be made after the meal")
	moment = day
	for _count in range(days_before):
		moment -= ONE_DAY
		while is_working and not is_working(moment):
			moment -= ONE_DAY
			if (day - moment).days > LONGEST_WAIT:
				raise ValueError(f"no working day in the {LONGEST_WAIT} days before {day}")
	return datetime.combine(moment, at)
