"""The border between Frappe, which hands Currency fields back as floats, and our code, which counts in Decimal."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from concerto_education.engine.money import format_fr


def decimal_of(value: Any, default: Decimal | None = None) -> Decimal:
	"""Exact Decimal of a value read from the database or a form.

	A float is read through its shortest text, the only conversion that gives 2.675 back as 2.675. Empty gives
	``default``, or zero. Raises ValueError for anything that is no finite number.
	"""
	if value is None or value == "":
		return Decimal(0) if default is None else default
	if isinstance(value, Decimal):
		number = value
	elif isinstance(value, bool):
		raise ValueError(f"not a number: {value!r}")
	else:
		text = repr(value) if isinstance(value, float) else str(value).strip()
		try:
			number = Decimal(text)
		except InvalidOperation:
			raise ValueError(f"not a number: {value!r}") from None
	if not number.is_finite():
		raise ValueError(f"not a finite number: {value!r}")
	return number


def format_money(value: Any) -> str:
	"""Amount in euros as a French reader expects it: ``1 234,50 €``."""
	return format_fr(decimal_of(value))
