"""How many people are in a building at once, all its activities together (R2, R40).

Places of an activity are counted by unit. A building holds so many persons *at a moment*: a child who has lunch while the
leisure centre is open is there once, and the canteen of noon doesn't stand in the way of the garderie of the evening.
So units are compared by their hours. The number of persons only grows when a unit begins: those moments are enough.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from .capacity import Shortfall, Slot

DAY_MINUTES = 24 * 60


@dataclass(frozen=True, slots=True)
class Hours:
	"""From … to, in minutes after midnight; the end is not in it."""

	start: int
	end: int

	def __contains__(self, moment: int) -> bool:
		return self.start <= moment < self.end


# A unit whose hours nobody has entered: it counts the whole day, because it may be any part of it.
WHOLE_DAY = Hours(0, DAY_MINUTES)
Place = tuple[str, date]  # site and day
UnitHours = Mapping[tuple[str, str], Hours]  # by activity and unit; what happens elsewhere isn't in it


def crowded(
	limits: Mapping[str, int],
	hours: UnitHours,
	counts: Mapping[Slot, int],
	wanted: Iterable[Slot] | None = None,
) -> set[Place]:
	"""Days on which a building would be too full with those wanted: only there one has to look who is there.

	Days on which nobody is wanted are left out, unless ``wanted`` is None. ``counts`` are persons by slot. Somebody who is in two activities at once is counted twice here, so no day is missed.
	"""
	by_moment: Counter[tuple[str, date, int]] = Counter()
	moments = _moments(hours)
	asked = list(wanted or ())
	for slot, number in [*counts.items(), *((slot, 1) for slot in asked)]:
		for moment in _covered(slot, hours, moments):
			by_moment[slot.site, slot.day, moment] += number
	places = {(slot.site, slot.day) for slot in (counts if wanted is None else asked)}
	return {
		(site, day)
		for (site, day, _moment), number in by_moment.items()
		if (site, day) in places and site in limits and number > limits[site]
	}


class Building:
	"""Who is in some buildings on some days; asked whether somebody more may come.

	Days that are not in ``limits`` are known to have room. A slot without a person asks for no place in the building.
	"""

	def __init__(self, limits: Mapping[Place, int], hours: UnitHours, here: Iterable[Slot] = ()) -> None:
		self._limits, self._hours, self._moments = limits, hours, _moments(hours)
		self._here: dict[tuple[str, date, int], set[str]] = defaultdict(set)
		for slot in here:
			self.take(slot)

	def take(self, slot: Slot) -> None:
		for key in self._keys(slot) if slot.person else ():
			self._here[key].add(slot.person)

	def fits(self, slot: Slot) -> bool:
		"""Whether there is room for this person. Who is there anyway at that time takes no further place."""
		limit = self._limits.get((slot.site, slot.day))
		return (
			limit is None
			or not slot.person
			or all(slot.person in self._here[key] or len(self._here[key]) < limit for key in self._keys(slot))
		)

	def shortfalls(self, wanted: Iterable[Slot]) -> list[Shortfall]:
		"""Days on which the building would hold more than its limit, each at its fullest moment."""
		new: dict[tuple[str, date, int], set[str]] = defaultdict(set)
		for slot in wanted:
			for key in self._keys(slot) if slot.person else ():
				if slot.person not in self._here[key]:
					new[key].add(slot.person)
		worst: dict[Place, Shortfall] = {}
		for (site, day, moment), persons in sorted(new.items()):
			limit = self._limits[site, day]
			here = len(self._here[site, day, moment])
			short = Shortfall(moment_slot(site, day, moment), limit, here, len(persons))
			known = worst.get((site, day))
			if short.over > 0 and (known is None or short.over > known.over):
				worst[site, day] = short
		return [worst[place] for place in sorted(worst)]

	def over_full(self) -> list[Shortfall]:
		"""Days that hold more than their limit already, each at its fullest moment."""
		worst: dict[Place, Shortfall] = {}
		for (site, day, moment), persons in sorted(self._here.items()):
			short = Shortfall(moment_slot(site, day, moment), self._limits[site, day], len(persons), 0)
			known = worst.get((site, day))
			if short.over > 0 and (known is None or short.over > known.over):
				worst[site, day] = short
		return [worst[place] for place in sorted(worst)]

	def number(self, slot: Slot) -> int:
		"""Persons there at the fullest moment of a unit."""
		return max((len(self._here[key]) for key in self._keys(slot)), default=0)

	def _keys(self, slot: Slot) -> list[tuple[str, date, int]]:
		if (slot.site, slot.day) not in self._limits:
			return []
		return [(slot.site, slot.day, moment) for moment in _covered(slot, self._hours, self._moments)]


def moment_slot(site: str, day: date, moment: int) -> Slot:
	"""Where and when a building is full: a slot of no activity, whose unit is the hour."""
	return Slot("", site, day, f"{moment // 60:02}:{moment % 60:02}" if moment else "")


def _moments(hours: UnitHours) -> list[int]:
	return sorted({span.start for span in hours.values()})


def _covered(slot: Slot, hours: UnitHours, moments: list[int]) -> list[int]:
	span = hours.get((slot.activity, slot.unit))
	return [moment for moment in moments if moment in span] if span else []
