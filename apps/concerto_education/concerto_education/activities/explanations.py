"""The engine's reasons as sentences: why this price? For clerks, parents and the simulator.

``Price.explanation()`` is data (`steps` = `[kind, params, amount]`); each kind of step has one sentence here.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from frappe import _

from concerto_education.authority.money import format_money


def lines(explanation: Mapping[str, Any]) -> list[dict[str, str]]:
	"""One ``{text, amount}`` for each step, in the user's language; the amounts sum to the price."""
	return [
		{"text": describe(kind, params), "amount": format_money(amount)}
		for kind, params, amount in explanation.get("steps", ())
	]


def describe(kind: str, params: Mapping[str, Any]) -> str:
	"""Sentence of one step. An unknown kind shows its name rather than hide a step."""
	sentence = _SENTENCES.get(kind)
	return sentence(params) if sentence else kind


def _number(text: Any) -> str:
	return str(text).replace(".", ",")


def _percent(factor: Any) -> str:
	return _number(f"{(Decimal(str(factor)) * 100).normalize():f}")


def _flat(p):
	return _("Flat price")


def _band(p):
	if p.get("unknown"):
		return _("Unknown quotient: full price")
	if p.get("below") is None:
		return _("Quotient {0}: band from {1}").format(_number(p["quotient"]), _number(p["from"]))
	return _("Quotient {0}: band from {1} to under {2}").format(
		_number(p["quotient"]), _number(p["from"]), _number(p["below"])
	)


def _linear(p):
	if p.get("unknown"):
		return _("Unknown quotient: full price")
	if p.get("bound") == "floor":
		return _("Quotient {0}: lowest price").format(_number(p["quotient"]))
	if p.get("bound") == "ceiling":
		return _("Quotient {0}: highest price").format(_number(p["quotient"]))
	return _("Quotient {0} × rate").format(_number(p["quotient"]))


def _effort_rate(p):
	return _("Effort rate {0} % of {1} a month").format(
		_number(p["percent"]), format_money(p["monthly_resources"])
	)


def _combination(p):
	return _("Units of the day: {0}").format(", ".join(p["units"]))


def _sibling(p):
	return _("Child number {0} of the family: {1} %").format(p["rank"], _percent(p["factor"]))


def _non_resident(p):
	if "factor" in p:
		return _("Lives outside the territory: {0} %").format(_percent(p["factor"]))
	return _("Lives outside the territory")


def _unbooked(p):
	if "factor" in p:
		return _("Presence not booked: {0} %").format(_percent(p["factor"]))
	return _("Presence not booked")


def _quantity(p):
	if "minutes" in p:
		return _("{0} × {1} ({2} minutes)").format(
			_number(p["quantity"]), format_money(p["unit_price"]), p["minutes"]
		)
	return _("{0} × {1}").format(_number(p["quantity"]), format_money(p["unit_price"]))


_SENTENCES = {
	"flat": _flat,
	"band": _band,
	"linear": _linear,
	"effort_rate": _effort_rate,
	"combination": _combination,
	"sibling": _sibling,
	"non_resident": _non_resident,
	"unbooked": _unbooked,
	"maximum": lambda p: _("Highest price"),
	"minimum": lambda p: _("Lowest price"),
	"quantity": _quantity,
}
