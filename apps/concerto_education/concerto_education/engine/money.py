"""Money is a Decimal of cents, rounded half up. Floats are refused, never converted.

The defect this prevents: 2.675 held as a float prints as 2.67. Every amount of the engine is in euros.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
ZERO = Decimal("0.00")

# What French typography asks for, and what browsers print: a narrow no-break space between thousands,
# a no-break space before the sign.
_THOUSANDS = "\u202f"
_BEFORE_SIGN = "\u00a0"

_QUANTA = {places: Decimal(1).scaleb(-places) for places in range(9)}


def decimal(value: Decimal | int | str) -> Decimal:
	"""Return ``value`` as an exact Decimal.

	Raises TypeError for a float (it is already wrong when it arrives here) or a bool, and ValueError for
	a text that is no finite number.
	"""
	if isinstance(value, Decimal):
		number = value
	elif isinstance(value, bool) or not isinstance(value, (int, str)):
		raise TypeError(
			f"an exact number is needed (Decimal, int or text), not {type(value).__name__}: {value!r}"
		)
	else:
		try:
			number = Decimal(value)
		except ArithmeticError:
			raise ValueError(f"not a number: {value!r}") from None
	if not number.is_finite():
		raise ValueError(f"not a finite number: {value!r}")
	return number


def round_half_up(value: Decimal | int | str, places: int = 2) -> Decimal:
	"""Round to ``places`` decimals, halves away from zero, as French public accounting does."""
	rounded = decimal(value).quantize(_QUANTA[places], rounding=ROUND_HALF_UP)
	return rounded if rounded else abs(rounded)  # no "-0.00" on an invoice


def money(value: Decimal | int | str) -> Decimal:
	"""Return an amount in euros with exactly two decimals. Raises TypeError for a float."""
	return round_half_up(value, 2)


def to_cents(amount: Decimal | int | str) -> int:
	"""Whole cents of an amount in euros. Raises ValueError if a part of a cent would be lost."""
	cents = decimal(amount) * 100
	if cents != cents.to_integral_value():
		raise ValueError(f"{amount} is not a whole number of cents")
	return int(cents)


def from_cents(cents: int) -> Decimal:
	"""Amount in euros of a whole number of cents."""
	if isinstance(cents, bool) or not isinstance(cents, int):
		raise TypeError(f"cents are whole numbers, not {type(cents).__name__}")
	return Decimal(cents).scaleb(-2)


def trim(value: Decimal) -> Decimal:
	"""The same number without trailing zeros and without exponent: 119.0000 → 119."""
	normal = value.normalize()
	return normal.quantize(Decimal(1)) if normal.as_tuple().exponent > 0 else normal


def plain(value: Decimal) -> str:
	"""A number as short text for explanations and messages: "350", "0.0619"."""
	return f"{trim(value):f}"


def split(amount: Decimal | int | str, shares: Sequence[Decimal | int | str]) -> tuple[Decimal, ...]:
	"""Split an amount between shares without losing or making a cent (R19, R22).

	``shares`` are weights (50 and 50, or 1 and 2); none is negative and they don't sum to zero, else
	ValueError. Cents left over go to the largest remainders, the earlier share first. A negative amount is
	split as its opposite, so that the split of a reversal is exactly the reversal of the split.
	"""
	weights = [decimal(share) for share in shares]
	total_weight = sum(weights, Decimal(0))
	if any(weight < 0 for weight in weights) or total_weight <= 0:
		raise ValueError("shares must be zero or more, and not all zero")
	cents = to_cents(amount)
	sign = -1 if cents < 0 else 1
	# Whole numbers from here on: a Decimal division would be inexact for 1/3.
	scale = min(weight.as_tuple().exponent for weight in weights)
	integers = [int(weight.scaleb(-scale)) for weight in weights] if scale < 0 else [int(w) for w in weights]
	whole = sum(integers)
	parts = [abs(cents) * weight // whole for weight in integers]
	remainders = [abs(cents) * weight % whole for weight in integers]
	left_over = abs(cents) - sum(parts)
	for index in sorted(range(len(parts)), key=lambda i: (-remainders[i], i))[:left_over]:
		parts[index] += 1
	return tuple(from_cents(sign * part) for part in parts)


def format_fr(amount: Decimal | int | str, sign: str = "€") -> str:
	"""Amount as a French reader expects it: ``1 234,50 €`` (with no-break spaces)."""
	text = f"{money(amount):,.2f}".replace(",", _THOUSANDS).replace(".", ",")
	return f"{text}{_BEFORE_SIGN}{sign}" if sign else text
