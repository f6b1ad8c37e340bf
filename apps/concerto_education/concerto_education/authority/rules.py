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
	return _(error.template).format(**{name: _shown(value) for name, value in error.params.items()})


def refuse(error: RuleError, exception: type[Exception], label: str | None = None) -> NoReturn:
	"""Throw ``exception`` with the sentence of the engine's error, after the field it concerns."""
	text = sentence(error)
	if label:
		text = _("{0}: {1}").format(label, text)
	if error.rule:
		text = f"{text} ({error.rule})"
	frappe.throw(text, exception)


def _shown(value: Any) -> str:
	if isinstance(value, date):
		return formatdate(value)
	if isinstance(value, Decimal):
		return f"{value:f}".replace(".", ",")
	return str(value)
