"""What is wrong with tariffs, found when they are saved rather than when a family is billed (R26).

``problems`` lists everything by name; ``check`` raises the first. Both are reached through ``tariffs``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations, pairwise
from typing import TYPE_CHECKING

from .errors import (
	AmbiguousTariff,
	BandGap,
	DuplicateTariff,
	EmptyBand,
	IncompleteTariff,
	InvalidTariff,
	NegativePrice,
	NoFullPrice,
	OverlappingBands,
	RepeatedCombination,
	RuleError,
)
from .money import plain
from .ranges import DateRange, DateSet

if TYPE_CHECKING:
	from .tariffs import Band, Tariff


def problems(tariffs: Iterable[Tariff]) -> list[RuleError]:
	"""All that is wrong with these tariffs: each alone, and any two that hold on the same day."""
	tariffs = list(tariffs)
	found = [error for tariff in tariffs for error in _alone(tariff)]
	by_key: dict[tuple, list[Tariff]] = {}
	for tariff in tariffs:
		key = (tariff.use, tariff.activity, tariff.category, tariff.site)
		by_key.setdefault(key, []).append(tariff)
	for rivals in by_key.values():
		for first, second in combinations(rivals, 2):
			common = first.span.intersection(second.span)
			if first.id == second.id:
				found.append(DuplicateTariff(tariff=first.label))
			elif common:
				found.append(AmbiguousTariff(first=first.label, second=second.label, day=common.start))
	return found


def check(*tariffs: Tariff) -> None:
	"""Raise the first of ``problems``; for the validation of a form."""
	for error in problems(tariffs):
		raise error


@dataclass(frozen=True, slots=True)
class Uncovered:
	"""Days on which a category has no tariff at a site (R26)."""

	category: str | None
	site: str | None
	span: DateRange


def uncovered(
	tariffs: Iterable[Tariff],
	categories: Iterable[str | None],
	sites: Iterable[str | None],
	within: DateRange,
) -> list[Uncovered]:
	"""Where nobody could say a price: for each category and site, the days of ``within`` without a tariff.

	Days before the first tariff of all are no gap: that is when the service began.
	"""
	tariffs = [tariff for tariff in tariffs if tariff.use == "normal"]
	if not tariffs:
		return []
	begin = max(within.start, min(tariff.span.start for tariff in tariffs))
	if begin > within.last:
		return []
	found = []
	for category in categories:
		for site in sites:
			held = DateSet(
				tariff.span
				for tariff in tariffs
				if tariff.category in (None, category) and tariff.site in (None, site)
			)
			found.extend(Uncovered(category, site, gap) for gap in held.gaps(DateRange(begin, within.end)))
	return found


def _alone(tariff: Tariff) -> Iterator[RuleError]:
	# By value, because tariffs.Method cannot be imported here: tariffs imports this module.
	method = tariff.method.value
	if method == "unit_combination":
		yield from _combinations(tariff)
	elif method == "effort_rate":
		if tariff.scale is None:
			yield IncompleteTariff(tariff=tariff.label, field="scale")
	elif method == "script":
		if tariff.script is None:
			yield IncompleteTariff(tariff=tariff.label, field="script")
	elif method == "qf_bands" or (method not in ("flat", "qf_linear") and tariff.bands):
		yield from _bands(tariff, tariff.bands)
	elif method == "qf_linear" or (method != "flat" and tariff.linear):
		yield from _linear(tariff)
	else:
		yield from _price(tariff, tariff.price)
	yield from _modifiers(tariff)


def _price(tariff: Tariff, price: Decimal | None) -> Iterator[RuleError]:
	if price is None:
		yield IncompleteTariff(tariff=tariff.label, field="price")
	elif price < 0:
		yield NegativePrice(tariff=tariff.label, field="price")


def _bands(tariff: Tariff, bands: tuple[Band, ...]) -> Iterator[RuleError]:
	"""Every QF from 0 upwards is in exactly one band, and the last one is open: unknown QF pay it (R14)."""
	if not bands:
		yield IncompleteTariff(tariff=tariff.label, field="bands")
		return
	for band in bands:
		if band.price < 0:
			yield NegativePrice(tariff=tariff.label, field="price")
		if band.quotient_below is not None and band.quotient_below <= band.quotient_from:
			yield EmptyBand(
				tariff=tariff.label, start=plain(band.quotient_from), end=plain(band.quotient_below)
			)
	if bands[0].quotient_from > 0:
		yield BandGap(tariff=tariff.label, start="0", end=plain(bands[0].quotient_from))
	for lower, upper in pairwise(bands):
		if lower.quotient_below is None or lower.quotient_below > upper.quotient_from:
			yield OverlappingBands(tariff=tariff.label, quotient=plain(upper.quotient_from))
		elif lower.quotient_below < upper.quotient_from:
			yield BandGap(
				tariff=tariff.label, start=plain(lower.quotient_below), end=plain(upper.quotient_from)
			)
	if bands[-1].quotient_below is not None:
		yield BandGap(tariff=tariff.label, start=plain(bands[-1].quotient_below), end="∞")


def _linear(tariff: Tariff) -> Iterator[RuleError]:
	linear = tariff.linear
	if linear is None:
		yield IncompleteTariff(tariff=tariff.label, field="linear")
		return
	if linear.ceiling is None:
		yield NoFullPrice(tariff=tariff.label)
	for field, value in (("floor", linear.floor), ("ceiling", linear.ceiling)):
		if value is not None and value < 0:
			yield NegativePrice(tariff=tariff.label, field=field)
	if linear.floor is not None and linear.ceiling is not None and linear.floor > linear.ceiling:
		yield InvalidTariff(tariff=tariff.label, reason="the floor is above the ceiling")


def _combinations(tariff: Tariff) -> Iterator[RuleError]:
	if not tariff.combinations:
		yield IncompleteTariff(tariff=tariff.label, field="combinations")
	seen = set()
	for combination in tariff.combinations:
		names = " + ".join(sorted(combination.units))
		if not combination.units:
			yield InvalidTariff(tariff=tariff.label, reason="a combination has no unit")
		elif combination.units in seen:
			yield RepeatedCombination(tariff=tariff.label, units=names)
		seen.add(combination.units)
		if combination.bands:
			yield from _bands(tariff, combination.bands)
		else:
			yield from _price(tariff, combination.price)


def _modifiers(tariff: Tariff) -> Iterator[RuleError]:
	modifiers = tariff.modifiers
	factors = {
		"non_resident_factor": modifiers.non_resident_factor,
		"unbooked_factor": modifiers.unbooked_factor,
		"minimum": modifiers.minimum,
		"maximum": modifiers.maximum,
		**{f"sibling_factor_{row.rank_from}": row.factor for row in modifiers.siblings},
	}
	for field, value in factors.items():
		if value is not None and value < 0:
			yield NegativePrice(tariff=tariff.label, field=field)
	low, high = modifiers.minimum, modifiers.maximum
	if low is not None and high is not None and low > high:
		yield InvalidTariff(tariff=tariff.label, reason="the minimum is above the maximum")
