"""What one attendance costs, and why.

``price(tariff, situation)`` is a pure function. It returns the amount and its explanation, or raises a
named error: it never guesses. The explanation is a list of steps whose amounts sum to the amount, to the
cent; a screen turns each step into a sentence of its language.

Rounding: the **unit price is rounded first**, to the tariff's decimals, then multiplied and rounded to the
cent. So what the invoice prints, 17 × 4,15 €, is what it charges: 70,55 € and not 70,49 €.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from .errors import (
	BandGap,
	IncompleteTariff,
	MissingDuration,
	MissingQuotient,
	MissingResources,
	NegativeQuantity,
	NoCombination,
	NoFullPrice,
)
from .hours import started
from .money import ZERO, decimal, money, plain, round_half_up, trim
from .psu import Household
from .quotient import Quotient
from .tariffs import Band, Method, Tariff

ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class Situation:
	"""What the price depends on. Only what the tariff uses must be known.

	``quantity`` counts units (meals, days, weeks), or hours for EFFORT_RATE when ``minutes`` is None.
	``minutes`` is the length of one attendance. ``units`` are the units of the day, for combinations.
	``sibling_rank`` is 1 for the first child. ``booked`` is False for a presence nobody had announced.
	Raises NegativeQuantity, TypeError for a float.
	"""

	day: date
	quotient: Quotient | None = None
	quantity: Decimal = ONE
	minutes: int | None = None
	units: frozenset[str] = frozenset()
	sibling_rank: int = 1
	resident: bool = True
	booked: bool = True
	household: Household | None = None

	def __post_init__(self) -> None:
		if type(self.quantity) is not Decimal:
			object.__setattr__(self, "quantity", decimal(self.quantity))
		if self.quantity < 0 or (self.minutes is not None and self.minutes < 0):
			raise NegativeQuantity(day=self.day)


@dataclass(frozen=True, slots=True)
class Step:
	"""One reason. ``params`` are JSON-able, ``amount`` is what the step adds to the total, in euros."""

	kind: str
	params: dict[str, Any]
	amount: Decimal


class Explanation(dict):
	"""The explanation of a price as plain JSON data. Shared by charges of equal price: don't change it."""

	__slots__ = ("_json",)

	def as_json(self) -> str:
		"""Compact JSON text, made once."""
		try:
			return self._json
		except AttributeError:
			self._json = json.dumps(self, ensure_ascii=False, separators=(",", ":"))
			return self._json


@dataclass(frozen=True, slots=True)
class Price:
	"""``amount`` (euros, two decimals) = sum of the steps' amounts = unit price × quantity, rounded."""

	amount: Decimal
	unit_price: Decimal
	quantity: Decimal
	tariff: Tariff
	quotient: Quotient | None
	steps: tuple[Step, ...]

	def explanation(self) -> Explanation:
		"""Plain data: ``steps`` are ``[kind, params, amount]``, numbers are text, so none becomes a float."""
		return Explanation(
			tariff=self.tariff.id,
			label=self.tariff.label,
			method=self.tariff.method.value,
			quotient=plain(self.quotient.value) if self.quotient else None,
			unit_price=str(self.unit_price),
			quantity=plain(self.quantity),
			amount=str(self.amount),
			steps=[[step.kind, step.params, str(step.amount)] for step in self.steps],
		)


def needs_quotient(tariff: Tariff) -> bool:
	"""True if the price depends on the QF. A flat price is due without one (adults at lunch, R26)."""
	if tariff.method is Method.UNIT_COMBINATION:
		return any(combination.bands for combination in tariff.combinations)
	if tariff.method in (Method.FLAT, Method.EFFORT_RATE):
		return False
	return tariff.method in (Method.QF_BANDS, Method.QF_LINEAR) or bool(tariff.bands or tariff.linear)


def price(tariff: Tariff, situation: Situation) -> Price:
	"""Price of a situation under a tariff.

	Raises MissingQuotient, BandGap, NoFullPrice, NoCombination, MissingDuration, MissingResources, NoRate,
	NoBounds, or IncompleteTariff if the tariff lacks the rows of its method.
	"""
	quotient = situation.quotient if needs_quotient(tariff) else None
	trail = _Trail(tariff.decimals)
	if tariff.method is Method.UNIT_COMBINATION:
		_combine(tariff, situation, trail)
	elif tariff.method is Method.EFFORT_RATE:
		_hourly(tariff, situation, trail)
	else:
		_base(tariff, situation, trail)
	_modify(tariff, situation, trail)
	unit_price = trail.shown
	quantity, params = _quantity(tariff, situation)
	amount = money(unit_price * quantity)
	steps = list(trail.steps)
	if quantity != 1 or amount != unit_price:
		params = {"quantity": plain(quantity), "unit_price": str(unit_price), **params}
		steps.append(Step("quantity", params, amount - unit_price))
	return Price(amount, unit_price, quantity, tariff, quotient, tuple(steps))


class _Trail:
	"""Running unit price: exact inside, and rounded as it would be shown after each step.

	Each step's amount is the difference of two *rounded* values, so the steps sum to the rounded price
	while nothing is rounded twice.
	"""

	__slots__ = ("decimals", "exact", "shown", "steps")

	def __init__(self, decimals: int) -> None:
		self.decimals = decimals
		self.exact = ZERO
		self.shown = round_half_up(ZERO, decimals)  # a price of nothing is shown like any other
		self.steps: list[Step] = []

	def move(self, kind: str, params: dict[str, Any], value: Decimal) -> None:
		rounded = round_half_up(value, self.decimals)
		self.steps.append(Step(kind, params, rounded - self.shown))
		self.exact, self.shown = value, rounded


# ---------------------------------------------------------------- base price


def _base(tariff: Tariff, situation: Situation, trail: _Trail) -> None:
	method = tariff.method
	if method is Method.QF_BANDS or (method not in (Method.FLAT, Method.QF_LINEAR) and tariff.bands):
		band, params = _band(tariff, tariff.bands, situation)
		trail.move("band", params, band.price)
	elif method is Method.QF_LINEAR or (method is not Method.FLAT and tariff.linear):
		_linear(tariff, situation, trail)
	elif tariff.price is None:
		raise IncompleteTariff(tariff=tariff.label, field="price")
	else:
		trail.move("flat", {"price": str(tariff.price)}, tariff.price)


def _quotient(situation: Situation) -> Quotient:
	# "is None" and not "not": a QF of 0 is a QF.
	if situation.quotient is None:
		raise MissingQuotient(day=situation.day)
	return situation.quotient


def _band(tariff: Tariff, bands: tuple[Band, ...], situation: Situation) -> tuple[Band, dict[str, Any]]:
	"""The band of the QF. An unknown QF pays full price: the last band, if it is open or holds 9999."""
	if not bands:
		raise IncompleteTariff(tariff=tariff.label, field="bands")
	quotient = _quotient(situation)
	params: dict[str, Any] = {"quotient": plain(quotient.value)}
	if quotient.is_unknown and bands[-1].quotient_below is None:
		found = bands[-1]
		params["unknown"] = True
	else:
		found = next((band for band in bands if band.holds(quotient.value)), None)
		if found is None:
			raise _gap(tariff, bands, quotient.value)
	params["from"] = plain(found.quotient_from)
	params["below"] = None if found.quotient_below is None else plain(found.quotient_below)
	params["price"] = str(found.price)
	return found, params


def _gap(tariff: Tariff, bands: tuple[Band, ...], value: Decimal) -> BandGap:
	below = [
		band.quotient_below
		for band in bands
		if band.quotient_below is not None and band.quotient_below <= value
	]
	above = [band.quotient_from for band in bands if band.quotient_from > value]
	return BandGap(
		tariff=tariff.label, start=plain(max(below, default=ZERO)), end=plain(min(above)) if above else "∞"
	)


def _linear(tariff: Tariff, situation: Situation, trail: _Trail) -> None:
	linear = tariff.linear
	if linear is None:
		raise IncompleteTariff(tariff=tariff.label, field="linear")
	quotient = _quotient(situation)
	params: dict[str, Any] = {"quotient": plain(quotient.value)}
	if quotient.is_unknown:
		if linear.ceiling is None:
			raise NoFullPrice(tariff=tariff.label)
		trail.move("linear", {**params, "unknown": True, "bound": "ceiling"}, linear.ceiling)
		return
	# Multiplied before divided: only the last operation may be inexact.
	value = linear.base + (quotient.value - linear.origin) * linear.rate / linear.per
	params["rate"] = plain(linear.rate)
	params["per"] = plain(linear.per)
	if linear.floor is not None and value < linear.floor:
		value, params["bound"] = linear.floor, "floor"
	if linear.ceiling is not None and value > linear.ceiling:
		value, params["bound"] = linear.ceiling, "ceiling"
	trail.move("linear", params, value)


def _hourly(tariff: Tariff, situation: Situation, trail: _Trail) -> None:
	"""Effort rate of the PSU (R36): already rounded to the tariff's decimals by the scale."""
	if tariff.scale is None:
		raise IncompleteTariff(tariff=tariff.label, field="scale")
	household = situation.household
	if household is None:
		raise MissingResources(day=situation.day)
	hour = tariff.scale.hourly_price(household, situation.day, tariff.decimals)
	params = {
		"monthly_resources": str(hour.monthly_resources),
		"basis": hour.basis,
		"percent": plain(hour.percent),
		"children": household.children,
		"disabled_children": household.disabled_children,
	}
	trail.move("effort_rate", params, hour.exact)


def _combine(tariff: Tariff, situation: Situation, trail: _Trail) -> None:
	"""Most units first: a day with meal is one price, and only what it does not hold is added."""
	left = set(situation.units)
	while left:
		best = next((c for c in tariff.combinations if c.units and c.units <= left), None)
		if best is None:
			raise NoCombination(tariff=tariff.label, units=" + ".join(sorted(left)))
		params: dict[str, Any] = {"units": sorted(best.units)}
		if best.bands:
			band, band_params = _band(tariff, best.bands, situation)
			params |= band_params
			value = band.price
		elif best.price is None:
			raise IncompleteTariff(tariff=tariff.label, field="price")
		else:
			value = best.price
			params["price"] = str(value)
		trail.move("combination", params, trail.exact + value)
		left -= best.units


# ---------------------------------------------------------------- modifiers and quantity


def _modify(tariff: Tariff, situation: Situation, trail: _Trail) -> None:
	modifiers = tariff.modifiers
	factor = modifiers.sibling_factor(situation.sibling_rank)
	if factor is not None and factor != 1:
		params = {"rank": situation.sibling_rank, "factor": plain(factor)}
		trail.move("sibling", params, trail.exact * factor)
	for kind, applies, factor, surcharge in (
		(
			"non_resident",
			not situation.resident,
			modifiers.non_resident_factor,
			modifiers.non_resident_surcharge,
		),
		("unbooked", not situation.booked, modifiers.unbooked_factor, modifiers.unbooked_surcharge),
	):
		if applies and factor is not None:
			trail.move(kind, {"factor": plain(factor)}, trail.exact * factor)
		if applies and surcharge is not None:
			trail.move(kind, {"surcharge": str(surcharge)}, trail.exact + surcharge)
	if modifiers.maximum is not None and trail.exact > modifiers.maximum:
		trail.move("maximum", {"maximum": str(modifiers.maximum)}, modifiers.maximum)
	# A reduction never turns a price into a credit.
	minimum = max(modifiers.minimum or ZERO, ZERO)
	if trail.exact < minimum:
		trail.move("minimum", {"minimum": str(minimum)}, minimum)


def _quantity(tariff: Tariff, situation: Situation) -> tuple[Decimal, dict[str, Any]]:
	"""What the unit price is multiplied by: units, started slices, or hours."""
	if tariff.method is Method.PER_DURATION:
		if situation.minutes is None:
			raise MissingDuration(tariff=tariff.label, day=situation.day)
		slices = _slices(tariff, situation.minutes)
		return slices * situation.quantity, {"minutes": situation.minutes, "slice": tariff.duration.minutes}
	if tariff.method is Method.EFFORT_RATE and situation.minutes is not None:
		slices = _slices(tariff, situation.minutes)
		hours = round_half_up(slices * tariff.duration.minutes / 60, 4)
		return trim(hours * situation.quantity), {
			"minutes": situation.minutes,
			"slice": tariff.duration.minutes,
		}
	return situation.quantity, {}


def _slices(tariff: Tariff, minutes: int) -> Decimal:
	duration = tariff.duration
	count = started(max(minutes - duration.free, 0), duration.minutes)
	return Decimal(count if duration.maximum is None else min(count, duration.maximum))
