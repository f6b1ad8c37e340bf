"""What one attendance costs, and why.

``price(tariff, situation)`` is a pure function. It returns the amount and its explanation, or raises a
named error: it never guesses. The explanation is a list of steps whose amounts sum to the amount, to the
cent; a screen turns each step into a sentence of its language.

Rounding: the **unit price is rounded first**, to the tariff's decimals, then multiplied and rounded to the
cent. So what the invoice prints, 17 × 4,15 €, is what it charges: 70,55 € and not 70,49 €.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from .base_price import full_price, unit_price
from .errors import MissingDuration
from .hours import started
from .money import ZERO, money, plain, round_half_up, trim
from .quotient import Quotient
from .situation import Explanation, Hours, Situation, Step, Trail
from .tariffs import Method, Tariff, Use

__all__ = [
	"Explanation",
	"Hours",
	"Price",
	"Situation",
	"Step",
	"full_price",
	"needs_quotient",
	"price",
]


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
	"""True if the price depends on the QF. A flat price is due without one (adults at lunch, R26).

	A script sees the QF if there is one, and refuses by itself if it needs it.
	"""
	if tariff.method is Method.UNIT_COMBINATION:
		return any(combination.bands for combination in tariff.combinations)
	if tariff.method in (Method.FLAT, Method.EFFORT_RATE, Method.SCRIPT):
		return False
	return tariff.method in (Method.QF_BANDS, Method.QF_LINEAR) or bool(tariff.bands or tariff.linear)


def price(tariff: Tariff, situation: Situation) -> Price:
	"""Price of a situation under a tariff.

	Raises MissingQuotient, BandGap, NoFullPrice, NoCombination, MissingDuration, MissingResources, NoRate,
	NoBounds, what a script refuses, or IncompleteTariff if the tariff lacks the rows of its method.
	"""
	quotient = situation.quotient if needs_quotient(tariff) else None
	trail = Trail(tariff.decimals)
	if situation.late is not None:
		# It costs nothing itself: it says why there is a penalty at all.
		trail.move("late", {"number": situation.late.number, "within": situation.late.within}, trail.exact)
	unit_price(tariff, situation, trail)
	_modify(tariff, situation, trail)
	unit = trail.shown
	quantity, params = _quantity(tariff, situation)
	amount = money(unit * quantity)
	steps = list(trail.steps)
	if quantity != 1 or amount != unit or params:  # a length is told also where it is one unit
		params = {"quantity": plain(quantity), "unit_price": str(unit), **params}
		steps.append(Step("quantity", params, amount - unit))
	return Price(amount, unit, quantity, tariff, quotient, tuple(steps))


# ---------------------------------------------------------------- modifiers and quantity


def _modify(tariff: Tariff, situation: Situation, trail: Trail) -> None:
	modifiers = tariff.modifiers
	if tariff.use is Use.LATE_PICKUP:
		return  # a penalty is the same for everybody
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
		(
			"unbooked",
			not situation.booked and tariff.use is Use.NORMAL,
			modifiers.unbooked_factor,
			modifiers.unbooked_surcharge,
		),
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
		minutes, params = _minutes(tariff, situation)
		slices = _slices(tariff, minutes)
		return slices * situation.quantity, params
	if tariff.method is Method.EFFORT_RATE and situation.hours is not None:
		hours = situation.hours
		parts = {"contract": hours.contract, "extra": hours.extra, "deducted": hours.deducted}
		return trim(hours.billed), {"hours": {name: plain(value) for name, value in parts.items()}}
	if tariff.method is Method.EFFORT_RATE and situation.minutes is not None:
		slices = _slices(tariff, situation.minutes)
		hours = round_half_up(slices * tariff.duration.minutes / 60, 4)
		return trim(hours * situation.quantity), {
			"minutes": situation.minutes,
			"slice": tariff.duration.minutes,
		}
	return situation.quantity, {}


def _minutes(tariff: Tariff, situation: Situation) -> tuple[int, dict[str, Any]]:
	"""Minutes that count. Those that nobody noted are an error, or the service's hours if the tariff says so."""
	slice_ = tariff.duration.minutes
	if situation.minutes is not None:
		return situation.minutes, {"minutes": situation.minutes, "slice": slice_}
	if tariff.duration.whole_slot and situation.assumed_minutes is not None:
		assumed = situation.assumed_minutes
		return assumed, {"minutes": assumed, "slice": slice_, "assumed": True}
	raise MissingDuration(tariff=tariff.label, day=situation.day)


def _slices(tariff: Tariff, minutes: int) -> Decimal:
	duration = tariff.duration
	count = started(max(minutes - duration.free, 0), duration.minutes)
	return Decimal(count if duration.maximum is None else min(count, duration.maximum))
