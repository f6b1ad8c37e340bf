"""The method *Script*, for the rule nobody foresaw: a Server Script of the framework, in its sandbox (R26).

Same contract as every method: an amount with its reasons, or a named error. The script sees ``situation`` and
three functions, and nothing it does passes through a float:

* ``add(text, amount)``  one part of the price of a unit; the parts sum to it. ``amount``: text, whole number or
  what ``number`` gives;
* ``number(text)``       an exact number: ``number("0.35") * 12``;
* ``refuse(text)``       no price, and why.

``situation`` has ``day`` (2026-09-14), ``quotient`` (exact number or None), ``quantity``, ``minutes`` or None,
``units`` (list), ``sibling_rank``, ``resident``, ``booked``, ``age`` or None, ``category``, ``site``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

import frappe
from frappe.utils import safe_exec as sandbox

from concerto_education.engine.errors import RuleError, ScriptFailed, ScriptRefused, ScriptsNotAllowed
from concerto_education.engine.money import decimal
from concerto_education.engine.situation import Situation

Parts = Iterable[tuple[str, Decimal]]


def allowed() -> bool:
	"""Whether whoever runs the server has allowed scripts. Some releases allow them unless told otherwise, here the
	setting must be there; later ones read it from the whole bench's configuration only, and are asked themselves."""
	framework_allows = getattr(sandbox, "is_safe_exec_enabled", lambda: True)
	return bool(frappe.conf.get("server_script_enabled")) and framework_allows()


def calculator(label: str, script: str) -> Callable[[Situation], Parts]:
	"""The function that the engine calls. The script is read once, when its first price is asked for."""
	source: list[str] = []

	def calculate(situation: Situation) -> Parts:
		if not allowed():
			raise ScriptsNotAllowed(tariff=label)
		if not source:
			source.append(_source(label, script))
		return _run(label, source[0], situation)

	return calculate


def _source(label: str, script: str) -> str:
	# A price must be found whatever the role of whoever triggers the calculation.
	found = frappe.db.get_value("Server Script", script, ["script", "script_type", "disabled"], as_dict=True)
	if not found or found.disabled or found.script_type != "API":
		raise ScriptFailed(
			tariff=label, detail=f"{script}: missing, disabled, or no script of the type “API”"
		)
	return found.script or ""


def _run(label: str, source: str, situation: Situation) -> Parts:
	parts: list[tuple[str, Decimal]] = []

	def add(text: str, amount: Any) -> None:
		parts.append((str(text), decimal(amount)))

	def refuse(text: str) -> None:
		raise ScriptRefused(tariff=label, detail=str(text).rstrip("."))

	given = {"situation": _plain(situation), "add": add, "refuse": refuse, "number": decimal}
	before = frappe.flags.in_safe_exec
	try:
		sandbox.safe_exec(source, given, None, restrict_commit_rollback=True)
	except RuleError:
		raise
	except Exception as error:  # whatever a script does wrong is a named refusal, not a crash
		raise ScriptFailed(tariff=label, detail=str(error) or type(error).__name__) from error
	finally:
		# The framework leaves its mark behind when a script fails.
		frappe.flags.in_safe_exec = before
	return parts


def _plain(situation: Situation) -> frappe._dict:
	return frappe._dict(
		day=situation.day.isoformat(),
		quotient=situation.quotient.value if situation.quotient else None,
		quantity=situation.quantity,
		minutes=situation.minutes,
		units=sorted(situation.units),
		sibling_rank=situation.sibling_rank,
		resident=situation.resident,
		booked=situation.booked,
		age=situation.age,
		category=situation.category,
		site=situation.site,
	)
