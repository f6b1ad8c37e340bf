"""Places: how many are taken, who waits, and whose turn it is when one is freed (R40).

A place is one person of a group in an activity at a site, on one day, for one unit. Limits say how many there may
be, in the group and at the site as a whole. No limit is None, or a slot that isn't there; 0 is closed.
All activities of a building together: ``building.py``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Protocol


@dataclass(frozen=True, slots=True, order=True)
class Slot:
	"""Where a place is. ``group`` is empty where the activity has none; without ``activity`` it is the whole building.

	``person`` says who asks for it, where the building counts them. It is no part of the slot: two who ask for the same
	one are equal here.
	"""

	activity: str
	site: str
	day: date
	unit: str
	group: str = ""
	person: str = field(default="", compare=False)

	@property
	def whole(self) -> Slot:
		"""The same day and unit, all groups together."""
		return Slot(self.activity, self.site, self.day, self.unit)


class Room(Protocol):
	"""A limit besides those of the activity: the building."""

	def fits(self, slot: Slot) -> bool: ...

	def take(self, slot: Slot) -> None: ...


@dataclass(frozen=True, slots=True)
class Shortfall:
	"""A day on which there is no place left: ``wanted`` more than the ``limit`` holds beside those ``taken``."""

	slot: Slot
	limit: int
	taken: int
	wanted: int

	@property
	def over(self) -> int:
		return self.taken + self.wanted - self.limit


def shortfalls(
	wanted: Iterable[Slot], taken: Mapping[Slot, int], limits: Mapping[Slot, int | None]
) -> list[Shortfall]:
	"""The slots that would hold more than their limit, in order.

	``taken`` counts by slot with its group; ``limits`` holds the limit of each group's slot and of the whole slot.
	"""
	asked: Counter[Slot] = Counter()
	for slot in wanted:
		for level in {slot, slot.whole}:
			asked[level] += 1
	held = levels(taken)
	return [
		Shortfall(slot, limits[slot], held[slot], number)
		for slot, number in sorted(asked.items())
		if limits.get(slot) is not None and held[slot] + number > limits[slot]
	]


def levels(taken: Mapping[Slot, int]) -> Counter[Slot]:
	"""Counts by group and, besides, by whole slot."""
	held: Counter[Slot] = Counter()
	for slot, number in taken.items():
		held[slot.whole] += number
		if slot.group:
			held[slot] += number
	return held


def fitting(
	wanted: Sequence[Slot],
	taken: Mapping[Slot, int],
	limits: Mapping[Slot, int | None],
	room: Room | None = None,
) -> list[bool]:
	"""For each wanted slot whether there is a place for it, asked in order: who comes first is served first."""
	held = levels(taken)
	found = []
	for slot in wanted:
		both = {slot, slot.whole}
		fits = all(limits.get(level) is None or held[level] < limits[level] for level in both)
		fits = fits and (room is None or room.fits(slot))
		if fits:
			for level in both:
				held[level] += 1
			if room is not None:
				room.take(slot)
		found.append(fits)
	return found


def margin(limit: int, percent: Decimal | int) -> int:
	"""The limit with the overrun that the law admits, in whole persons: 20 places and 15 % are 23."""
	return limit + int(limit * Decimal(percent) / 100)


# ---------------------------------------------------------------- whose turn


@dataclass(frozen=True, slots=True)
class Waiting:
	"""Somebody who waits for some slots. ``points`` are those of the priority criteria."""

	id: str
	asked_at: datetime
	slots: tuple[Slot, ...]
	points: int = 0

	@property
	def rank(self) -> tuple:
		"""More points first, then who asked first."""
		return (-self.points, self.asked_at, self.id)


def ranked(waiting: Iterable[Waiting]) -> list[Waiting]:
	return sorted(waiting, key=lambda entry: entry.rank)


def to_offer(
	waiting: Iterable[Waiting],
	taken: Mapping[Slot, int],
	limits: Mapping[Slot, int | None],
	room: Room | None = None,
) -> list[Waiting]:
	"""Who can be offered a place now, in order of rank: all the days that they wait for must be free.

	A place that the first one can't use (another of their days is still full) goes to the next who can: it
	isn't left empty. Whoever is offered a place holds it, so the following ones see it taken.
	"""
	held = Counter(taken)
	offers = []
	for entry in ranked(waiting):
		if not entry.slots or shortfalls(entry.slots, held, limits):
			continue
		if room is not None:
			if not all(room.fits(slot) for slot in entry.slots):
				continue
			for slot in entry.slots:
				room.take(slot)
		held.update(entry.slots)
		offers.append(entry)
	return offers
