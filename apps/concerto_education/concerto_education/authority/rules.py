"""How the engine's refusals reach the screen: in the language of the user, naming the rule."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, NoReturn

import frappe
from frappe import _
from frappe.utils import formatdate

from concerto_education.engine.errors import RuleError


def sentence(error: RuleError) -> str:
	"""The refusal as a sentence for the user. The template is the translation key."""
	return _(error.template).format(**{name: _shown(name, value) for name, value in error.params.items()})


def refuse(error: RuleError, exception: type[Exception], label: str | None = None) -> NoReturn:
	"""Throw ``exception`` with the sentence of the engine's error, after the field it concerns."""
	text = sentence(error)
	if label:
		text = _("{0}: {1}").format(label, text)
	if error.rule:
		text = f"{text} ({error.rule})"
	frappe.throw(text, exception)


def _shown(name: str, value: Any) -> str:
	if name == "reason":
		return _(value)
	if name == "field":
		return _field(value)
	if isinstance(value, date):
		return formatdate(value)
	if isinstance(value, Decimal):
		return f"{value:f}".replace(".", ",")
	return str(value)


def _field(name: str) -> str:
	"""What the engine calls a part of a tariff, in words."""
	words = {
		"price": _("the price"),
		"bands": _("the bands"),
		"scale": _("the table of effort rates"),
		"linear": _("the rate of the quotient"),
		"floor": _("the lowest price"),
		"ceiling": _("the highest price"),
		"minimum": _("the lowest price"),
		"maximum": _("the highest price"),
		"combinations": _("the combinations of units"),
		"non_resident_factor": _("the factor of families outside the territory"),
		"unbooked_factor": _("the factor of a presence that was not booked"),
	}
	if name.startswith("sibling_factor_"):
		return _("the factor of child number {0}").format(name.rpartition("_")[2])
	return words.get(name, name)
