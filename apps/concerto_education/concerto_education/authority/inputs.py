"""What a request says, read as what it should be: a refusal names the field, never a stack trace (500).

Whitelisted methods get lists and dates as text. Whoever sends something else is told so.
"""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import frappe
from frappe import _
from frappe.utils import getdate


class InvalidInput(frappe.ValidationError):
	"""The request holds something else than what belongs there."""


def names(value: Any, label: str) -> list[str]:
	"""Names of records, each once, in their order."""
	found = _parsed(value, label)
	if not isinstance(found, list) or not all(isinstance(one, str | int) for one in found):
		_refuse(label)
	return list(dict.fromkeys(str(one) for one in found))


def mapping(value: Any, label: str) -> dict[str, Any]:
	found = _parsed(value, label)
	if not isinstance(found, dict):
		_refuse(label)
	return {str(key): one for key, one in found.items()}


def pairs(value: Any, label: str) -> list[tuple[str, str]]:
	"""Pairs of names of records; nothing is none."""
	found = _parsed(value or "[]", label)
	if not isinstance(found, list) or not all(isinstance(one, list) and len(one) == 2 for one in found):
		_refuse(label)
	return [(str(one), str(other)) for one, other in found]


def day(value: Any, label: str) -> date:
	"""A date; nothing is none, because ``getdate`` would say today."""
	try:
		found = getdate(value) if value else None
	except (frappe.ValidationError, ValueError, TypeError):
		found = None
		frappe.clear_last_message()  # the framework's own names no field
	if not found:
		frappe.throw(_("{0}: “{1}” is not a date").format(label, str(value or "")[:40]), InvalidInput)
	return found


def _parsed(value: Any, label: str) -> Any:
	if not isinstance(value, str | bytes):
		return value
	try:
		return json.loads(value)
	except ValueError:
		_refuse(label)


def _refuse(label: str) -> None:
	frappe.throw(
		_("{0}: what was sent can’t be read. Reload the page and try again").format(label), InvalidInput
	)
