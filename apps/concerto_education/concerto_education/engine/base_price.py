"""The price of one unit by each method, before modifiers. ``pricing.price`` calls ``unit_price``."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from .errors import (
	BandGap,
	IncompleteTariff,
	MissingQuotient,
	MissingResources,
	NegativePrice,
	NoCombination,
	NoFullPrice,
	ScriptFailed,
)
from .money import ZERO, decimal, plain
from .quotient import Quotient
from .situation import Situation, Trail
from .tariffs import Band, Method, Tariff


def unit_price(tariff: Tariff, situation: Situation, trail: Trail) -> None:
	"""Walk the trail to the price of one unit, before modifiers. Raises as ``pricing.price`` says."""
	method = tariff.method
	if method is Method.UNIT_COMBINATION:
		_combine(tariff, situation, trail)
	elif method is Method.EFFORT_RATE:
		_hourly(tariff, situation, trail)
	elif method is Method.SCRIPT:
		_script(tariff, situation, trail)
	else:
		_rows(tariff, situation, trail)


def full_price(tariff: Tariff, situation: Situation) -> str | None:
	"""Why the top of the scale is paid whatever the QF; None if the QF decides."""
	if situation.full_price:
		return situation.full_price
	if tariff.modifiers.non_resident_full_price and not situation.resident:
		return "non_resident"
	return None


def _rows(tariff: Tariff, situation: Situation, trail: Trail) -> None:
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
	reason = full_price(tariff, situation)
	if reason:
		found = bands[-1]
		if found.quotient_below is not None:
			raise NoFullPrice(tariff=tariff.label)
		return found, {"full": reason, "price": str(found.price)}
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


def _linear(tariff: Tariff, situation: Situation, trail: Trail) -> None:
	linear = tariff.linear
	if linear is None:
		raise IncompleteTariff(tariff=tariff.label, field="linear")
	reason = full_price(tariff, situation)
	quotient = None if reason else _quotient(situation)
	if quotient is None or quotient.is_unknown:
		if linear.ceiling is None:
			raise NoFullPrice(tariff=tariff.label)
		params = (
			{"full": reason} if quotient is None else {"quotient": plain(quotient.value), "unknown": True}
		)
		trail.move("linear", {**params, "bound": "ceiling"}, linear.ceiling)
		return
	params: dict[str, Any] = {"quotient": plain(quotient.value)}
	# Multiplied before divided: only the last operation may be inexact.
	value = linear.base + (quotient.value - linear.origin) * linear.rate / linear.per
	params["rate"] = plain(linear.rate)
	params["per"] = plain(linear.per)
	if linear.floor is not None and value < linear.floor:
		value, params["bound"] = linear.floor, "floor"
	if linear.ceiling is not None and value > linear.ceiling:
		value, params["bound"] = linear.ceiling, "ceiling"
	trail.move("linear", params, value)


def _hourly(tariff: Tariff, situation: Situation, trail: Trail) -> None:
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


def _combine(tariff: Tariff, situation: Situation, trail: Trail) -> None:
	"""Most units first: a day with meal is one price, and only what it does not hold is added."""
	left = set(situation.units)
	while left:
		best = next((c for c in tariff.combinations if c.units and c.units <= left), None)
		if best is None:
			raise NoCombination(tariff=tariff.label, units=" + ".join(tariff.unit_names(left)))
		params: dict[str, Any] = {"units": tariff.unit_names(best.units)}
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


def _script(tariff: Tariff, situation: Situation, trail: Trail) -> None:
	"""The authority's own script: parts with a text each. Same contract as everything here."""
	if tariff.script is None:
		raise IncompleteTariff(tariff=tariff.label, field="script")
	parts = tuple(tariff.script(situation))
	if not parts:
		raise ScriptFailed(tariff=tariff.label, detail="no price")
	for text, amount in parts:
		trail.move("script", {"text": str(text)}, trail.exact + decimal(amount))
	if trail.exact < 0:
		raise NegativePrice(tariff=tariff.label, field="price")
