"""Texts that administrators write with {{ placeholders }}: rendered with what belongs to them, and nothing else (R45).

The framework's own renderer lets a text ask the whole database. Whoever may word an e-mail would read everything with
it, so these texts get an environment of their own: the values of the message, filters, no functions.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import frappe
from frappe import _
from frappe.utils import formatdate
from jinja2 import DebugUndefined, TemplateSyntaxError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from concerto_education.authority.money import decimal_of, format_money


class TemplateRefused(frappe.ValidationError):
	"""A text holds what no placeholder is: a call of the framework, or a sign in a wrong place."""


def _environment() -> ImmutableSandboxedEnvironment:
	made = ImmutableSandboxedEnvironment(undefined=DebugUndefined, autoescape=True)
	made.globals.clear()
	made.filters.update(
		{
			"date": lambda day: formatdate(day) if day else "",
			"euros": lambda value: format_money(decimal_of(value)),
		}
	)
	return made


ENVIRONMENT = _environment()
# What only the framework gives; a text that names it wants more than its values.
FORBIDDEN = frozenset({"frappe", "request", "self", "config", "session", "get_doc", "include", "run"})


def render(text: str, context: Mapping[str, Any]) -> str:
	"""The text with its values in their places, escaped for HTML. Values that are safe HTML come as Markup."""
	return ENVIRONMENT.from_string(text or "").render(dict(context))


def render_plain(text: str, context: Mapping[str, Any]) -> str:
	"""As `render`, for a subject line: nothing is escaped."""
	return ENVIRONMENT.overlay(autoescape=False).from_string(text or "").render(dict(context))


def check(text: str, label: str) -> None:
	"""Throw TemplateRefused, naming the field, for a text that can't be rendered or asks for more than values."""
	try:
		tree = ENVIRONMENT.parse(text or "")
	except TemplateSyntaxError as error:
		frappe.throw(
			_("{0}: the text can't be read, line {1}: {2}").format(label, error.lineno, error.message),
			TemplateRefused,
		)
	for node in tree.find_all((nodes.Name, nodes.Getattr, nodes.Include, nodes.Import, nodes.FromImport)):
		name = getattr(node, "attr", None) or getattr(node, "name", None) or ""
		forbidden = not isinstance(name, str) or name.startswith("_") or name in FORBIDDEN
		if forbidden or isinstance(node, nodes.Include | nodes.Import | nodes.FromImport):
			frappe.throw(
				_("{0}: “{1}” can't be used in a text; only its placeholders can").format(
					label, name or "include"
				),
				TemplateRefused,
			)


def check_email_template(doc, method: str | None = None) -> None:
	"""Doc event of Email Template: the IT department may use the framework in a text, nobody else (R6)."""
	if frappe.session.user == "Administrator" or "System Manager" in frappe.get_roles():
		return
	for field in ("subject", "response", "response_html"):
		check(doc.get(field) or "", _(doc.meta.get_label(field)))
