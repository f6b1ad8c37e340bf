"""The engine's reasons as sentences: why this price? For clerks, parents and the simulator.

``Price.explanation()`` is data (`steps` = `[kind, params, amount]`); each kind of step has one sentence here.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from frappe import _

from concerto_education.authority.money import format_money


def lines(explanation: Mapping[str, Any], *, hide_resources: bool = False) -> list[dict[str, str]]:
	"""One ``{text, amount}`` for each step, in the user's language; the amounts sum to the price.

	``hide_resources`` for readers who may not see what a family earns (R36).
	"""
	hidden = {"monthly_resources": None} if hide_resources else {}
	return [
		{"text": describe(kind, {**params, **hidden}), "amount": format_step(amount)}
		for kind, params, amount in explanation.get("steps", ())
	]


def measure(params: Mapping[str, Any]) -> str:
	"""What the quantity of a ``quantity`` step counts, where that isn't plain: hours of a contract, started slices."""
	if "hours" in params:
		return _hours(params["hours"])
	if "minutes" not in params:
		return ""
	text = _("counted by started {0} minutes").format(params.get("slice", 30))
	return _("{0}, hours of the service").format(text) if params.get("assumed") else text


def format_step(amount: Any) -> str:
	"""Two decimals; more where the unit price has more, so that the steps still sum."""
	value = Decimal(str(amount))
	if value == value.quantize(Decimal("0.01")):
		return format_money(value)
	return f"{value.normalize():f}".replace(".", ",") + "\u00a0€"


def describe(kind: str, params: Mapping[str, Any]) -> str:
	"""Sentence of one step. An unknown kind shows its name rather than hide a step."""
	sentence = _SENTENCES.get(kind)
	return sentence(params) if sentence else kind


def _number(text: Any) -> str:
	return str(text).replace(".", ",")


def _percent(factor: Any) -> str:
	return _number(f"{(Decimal(str(factor)) * 100).normalize():f}")


_FULL = {
	"proof_missing": lambda: _("Proof of the quotient missing: full price"),
	"non_resident": lambda: _("Lives outside the territory: full price"),
}


def _full(p) -> str:
	found = _FULL.get(p["full"])
	return found() if found else _("Full price")


def _flat(p):
	return _("Flat price")


def _band(p):
	if p.get("full"):
		return _full(p)
	if p.get("unknown"):
		return _("Unknown quotient: full price")
	if p.get("below") is None:
		return _("Family quotient {0}: price from {1} on").format(_number(p["quotient"]), _number(p["from"]))
	if Decimal(p["from"]) == 0:
		return _("Family quotient {0}: price under {1}").format(_number(p["quotient"]), _number(p["below"]))
	return _("Family quotient {0}: price from {1} to under {2}").format(
		_number(p["quotient"]), _number(p["from"]), _number(p["below"])
	)


def _linear(p):
	if p.get("full"):
		return _full(p)
	if p.get("unknown"):
		return _("Unknown quotient: full price")
	if p.get("bound") == "floor":
		return _("Quotient {0}: lowest price").format(_number(p["quotient"]))
	if p.get("bound") == "ceiling":
		return _("Quotient {0}: highest price").format(_number(p["quotient"]))
	return _("Quotient {0} × rate").format(_number(p["quotient"]))


def _effort_rate(p):
	percent, children = _number(p["percent"]), p.get("children") or 1
	if p.get("disabled_children"):
		who = _("{0} dependent children, {1} of them disabled").format(children, p["disabled_children"])
	else:
		who = _("1 dependent child") if children == 1 else _("{0} dependent children").format(children)
	if p.get("monthly_resources") is None:
		return _("Effort rate {0} % ({1})").format(percent, who)
	basis = {
		"floor": _("Effort rate {0} % ({1}) of the floor, {2} a month"),
		"ceiling": _("Effort rate {0} % ({1}) of the ceiling, {2} a month"),
	}.get(p.get("basis"), _("Effort rate {0} % ({1}) of resources of {2} a month"))
	return basis.format(percent, who, format_money(p["monthly_resources"]))


def _combination(p):
	text = _("Units of the day: {0}").format(" + ".join(p["units"]))
	if "full" in p or "quotient" in p:
		return _("{0}. {1}").format(text, _band(p))
	return text


def _late(p):
	if p["number"] == 1:
		return (
			_("First late pick-up of the month")
			if p["within"] == "month"
			else _("First late pick-up of the school year")
		)
	text = (
		_("Late pick-up number {0} of the month")
		if p["within"] == "month"
		else _("Late pick-up number {0} of the school year")
	)
	return text.format(p["number"])


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
	product = _("{0} × {1}").format(_number(p["quantity"]), format_step(p["unit_price"]))
	if "hours" in p:
		return _("{0}: {1}").format(product, _hours(p["hours"]))
	if "minutes" not in p:
		return product
	if p.get("assumed"):
		return _("{0} ({1} minutes, hours of the service)").format(product, p["minutes"])
	return _("{0} ({1} minutes, by started {2} minutes)").format(product, p["minutes"], p.get("slice", 30))


def _hours(parts):
	"""« contrat 119 h, dépassement 1,5 h, déduites 8 h »."""
	words = [_("contract {0} h").format(_number(parts["contract"]))]
	if Decimal(parts["extra"]):
		words.append(_("beyond it {0} h").format(_number(parts["extra"])))
	if Decimal(parts["deducted"]):
		words.append(_("deducted {0} h").format(_number(parts["deducted"])))
	return ", ".join(words)


def _by_hand(p):
	if p.get("strict"):
		return _("{0} (strict application: only lowers lines of its own imputation)").format(p["reason"])
	return p["reason"]


_SENTENCES = {
	"flat": _flat,
	"band": _band,
	"linear": _linear,
	"effort_rate": _effort_rate,
	"combination": _combination,
	"late": _late,
	"sibling": _sibling,
	"non_resident": _non_resident,
	"unbooked": _unbooked,
	"script": lambda p: p["text"],
	"funding": lambda p: _("Part that a third party pays ({0})").format(p["source"]),
	"by_hand": _by_hand,
	"maximum": lambda p: _("Highest price"),
	"minimum": lambda p: _("Lowest price"),
	"quantity": _quantity,
}
