"""What a price depends on besides the QF: rank among the siblings, residence, resources, age, day by day.

For billing, for the simulator, for many enrolments in a constant number of queries; and only what the tariffs of
the authority really use is asked for.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import frappe

from concerto_education.engine.facts import Profile
from concerto_education.engine.psu import Household
from concerto_education.engine.ranges import DateMap, DateRange, DateSet
from concerto_education.engine.tariffs import Method, SiblingScope, TariffBook
from concerto_education.families.residence import residents
from concerto_education.families.resources import households

LAST = date(9999, 12, 31)
CHILD = "Child"


@dataclass(frozen=True, slots=True)
class Needs:
	"""What some tariffs look at."""

	ranks: bool = False
	residence: bool = False
	resources: bool = False
	births: bool = False

	@classmethod
	def of(cls, book: TariffBook) -> Needs:
		return cls(
			ranks=any(tariff.modifiers.siblings or tariff.method is Method.SCRIPT for tariff in book.tariffs),
			residence=any(_asks_residence(tariff) for tariff in book.tariffs),
			resources=any(tariff.method is Method.EFFORT_RATE for tariff in book.tariffs),
			births=any(tariff.method is Method.SCRIPT for tariff in book.tariffs),
		)

	def __bool__(self) -> bool:
		return self.ranks or self.residence or self.resources or self.births


def _asks_residence(tariff) -> bool:
	modifiers = tariff.modifiers
	return bool(
		modifiers.non_resident_full_price
		or modifiers.non_resident_factor is not None
		or modifiers.non_resident_surcharge is not None
		or tariff.method is Method.SCRIPT
	)


def profiles(
	enrolments: Iterable[Any], window: DateRange, needs: Needs, full_price: Mapping[str, str] | None = None
) -> dict[str, DateMap[Profile]]:
	"""Profiles by enrolment over ``window``. ``enrolments``: all those of the families, as rows.

	``full_price``: families that pay the top of the scale whatever their QF, and why.
	"""
	enrolments = list(enrolments)
	full_price = full_price or {}
	if not enrolments or not (needs or full_price):
		return {}
	families = sorted({row.family for row in enrolments})
	inside = residents(families) if needs.residence else {}
	births, children = _children(families, enrolments) if needs.ranks or needs.births else ({}, {})
	money = households(families, {row.person for row in enrolments}, window) if needs.resources else {}
	ranks = Ranks(enrolments, births, children) if needs.ranks else None
	found = {}
	for row in enrolments:
		resources: DateMap[Household] = money.get((row.family, row.person)) or DateMap()
		cuts = ranks.cuts(row, window) if ranks else set()
		cuts |= {day for span, _value in resources for day in (span.start, span.last)}
		found[row.name] = DateMap(
			(
				span,
				Profile(
					sibling_rank=ranks.on(row, span.start, SiblingScope.ACTIVITY) if ranks else 1,
					resident=inside.get(row.family, True),
					household=resources.get(span.start),
					rank_anywhere=ranks.on(row, span.start, SiblingScope.ANY_ACTIVITY) if ranks else None,
					rank_in_family=ranks.on(row, span.start, SiblingScope.FAMILY) if ranks else None,
					birth=births.get(row.person) if needs.births else None,
					full_price=full_price.get(row.family),
				),
			)
			for span in _stretches(window, cuts)
		)
	return found


def _stretches(window: DateRange, cuts: set[date]) -> list[DateRange]:
	"""The window cut at the first days of changes. ``cuts`` holds first and last days: the day after a last one
	begins something too."""
	starts = {window.start}
	for day in cuts:
		for begin in (day, day + timedelta(days=1) if day < LAST else day):
			if window.start < begin <= window.last:
				starts.add(begin)
	ordered = sorted(starts)
	ends = [start - timedelta(days=1) for start in ordered[1:]] + [window.end]
	return [DateRange(start, end) for start, end in zip(ordered, ends, strict=True)]


def _children(families: list[str], enrolments: list) -> tuple[dict[str, date], dict[str, list[str]]]:
	"""Dates of birth by person, and the children of each dossier."""
	children = defaultdict(list)
	# Facts of billing: whoever triggers the calculation.
	for row in frappe.get_all(
		"Family Member",
		filters={"parenttype": "Family", "parent": ("in", families), "role": CHILD},
		fields=["parent", "person"],
	):
		children[row.parent].append(row.person)
	persons = {row.person for row in enrolments}.union(*children.values())
	births = {
		row.name: row.birth_date
		for row in frappe.get_all(
			"Person", filters={"name": ("in", sorted(persons))}, fields=["name", "birth_date"]
		)
		if row.birth_date
	}
	return births, children


class Ranks:
	"""Who is the first, second, third child on a day: eldest first, counted among those who are enrolled then."""

	def __init__(
		self, enrolments: list, births: Mapping[str, date], children: Mapping[str, list[str]]
	) -> None:
		self._births = births
		self._children = children
		spans: dict[tuple, list[DateRange]] = defaultdict(list)
		self._persons: dict[str, set[str]] = defaultdict(set)
		for row in enrolments:
			if row.status != "Confirmed" or row.person not in children.get(row.family, ()):
				continue
			self._persons[row.family].add(row.person)
			span = DateRange(row.valid_from, row.valid_to)
			spans[row.family, row.person, row.activity].append(span)
			spans[row.family, row.person, None].append(span)
		self._spans = {key: DateSet(ranges) for key, ranges in spans.items()}

	def cuts(self, row, window: DateRange) -> set[date]:
		"""First and last days of the enrolments of the elder children."""
		return {
			day
			for person in self._elder(row)
			for span in self._spans[row.family, person, None]
			if span.overlaps(window)
			for day in (span.start, span.last)
		} | {
			day
			for person in self._elder(row)
			for span in self._spans.get((row.family, person, row.activity), ())
			for day in (span.start, span.last)
		}

	def on(self, row, day: date, scope: SiblingScope) -> int:
		if row.person not in self._children.get(row.family, ()):
			return 1
		if scope is SiblingScope.FAMILY:
			return 1 + sum(
				self._age(other) < self._age(row.person) for other in self._children.get(row.family, ())
			)
		activity = row.activity if scope is SiblingScope.ACTIVITY else None
		return 1 + sum(
			day in self._spans.get((row.family, person, activity), ()) for person in self._elder(row)
		)

	def _elder(self, row) -> list[str]:
		return [
			person
			for person in sorted(self._persons[row.family])
			if self._age(person) < self._age(row.person)
		]

	def _age(self, person: str) -> tuple[date, str]:
		"""Twins are in the order of their records; who has no date of birth comes last."""
		return self._births.get(person, LAST), person
