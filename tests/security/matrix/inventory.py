"""What the app has that somebody may be let into: DocTypes, reports, pages, workspaces and whitelisted methods."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import frappe

import concerto_education
from concerto_education import hooks
from concerto_education.authority import roles

APP = "concerto_education"
# Columns of every table, in the order of the docs.
COLUMNS = {
	roles.SUPER_ADMINISTRATOR: "SA",
	roles.SCHOOL_ADMINISTRATOR: "AS",
	roles.EARLY_CHILDHOOD_ADMINISTRATOR: "AE",
	roles.SERVICE_REFERENT: "RE",
	roles.SCHOOL_COORDINATOR: "CO",
	roles.LEISURE_DIRECTOR: "DL",
	roles.NURSERY_DIRECTOR: "DN",
	roles.AREA_MANAGER: "AM",
	roles.ATTENDANCE_AGENT: "AG",
	roles.SEASONAL_CLERK: "SC",
	roles.FINANCE_CLERK: "FC",
	roles.KITCHEN: "KI",
	roles.FAMILY: "FA",
}
# One letter per right, in the order in which they are written.
LETTERS = {
	"read": "r",
	"write": "w",
	"create": "c",
	"delete": "d",
	"submit": "s",
	"cancel": "x",
	"amend": "a",
	"import": "i",
	"export": "e",
	"print": "p",
	"report": "l",
	"email": "m",
	"share": "h",
}


@dataclass(frozen=True, slots=True)
class Method:
	"""A whitelisted function, or a whitelisted method of a DocType (``doctype`` is set then)."""

	name: str
	function: Callable
	verbs: tuple[str, ...]
	guest: bool
	doctype: str | None = None


def modules() -> list[str]:
	return frappe.get_all("Module Def", filters={"app_name": APP}, pluck="name")


def doctypes() -> list[str]:
	"""DocTypes with rights of their own; rows of tables have those of their document."""
	return frappe.get_all(
		"DocType", filters={"module": ("in", modules()), "istable": 0}, pluck="name", order_by="name"
	)


def rights(doctype: str) -> dict[str, str]:
	"""{role: "rwc 1:rw"}: letters of level 0, then of the levels above."""
	found: dict[str, dict[int, str]] = {}
	for rule in frappe.get_meta(doctype).permissions:
		letters = "".join(letter for right, letter in LETTERS.items() if rule.get(right))
		if rule.get("if_owner"):
			letters += "*"
		if letters:
			levels = found.setdefault(rule.role, {})
			levels[rule.permlevel] = levels.get(rule.permlevel, "") + letters
	return {role: _levels(levels) for role, levels in found.items()}


def _levels(levels: dict[int, str]) -> str:
	return " ".join(
		letters if level == 0 else f"{level}:{letters}" for level, letters in sorted(levels.items())
	)


def scope(doctype: str) -> str:
	"""By what records are narrowed besides the role."""
	from concerto_education.permissions import SITE_FIELD

	if doctype in SITE_FIELD:
		return "site"
	return (
		"own rule" if doctype in hooks.has_permission or doctype in hooks.permission_query_conditions else ""
	)


def reached_by_roles(kind: str) -> dict[str, set[str]]:
	"""Reports, pages or workspaces of the app, with the roles that are let in; no role is everybody of the Desk."""
	found = {}
	for name in frappe.get_all(kind, filters={"module": ("in", modules())}, pluck="name", order_by="name"):
		doc = frappe.get_doc(kind, name)
		if kind != "Workspace" or doc.public:
			found[name] = {row.role for row in doc.roles}
	return found


def methods() -> list[Method]:
	"""Every whitelisted function of the app, by its dotted name."""
	found = [method for module in _import_all() for method in _methods_of(module)]
	return sorted(found, key=lambda method: method.name)


def _import_all() -> Iterator:
	for info in pkgutil.walk_packages(concerto_education.__path__, f"{APP}."):
		yield importlib.import_module(info.name)


def _methods_of(module) -> Iterator[Method]:
	for _name, value in inspect.getmembers(module):
		if inspect.isfunction(value) and value.__module__ == module.__name__ and _is_whitelisted(value):
			yield _method(f"{module.__name__}.{value.__name__}", value)
		elif inspect.isclass(value) and value.__module__ == module.__name__:
			for function in vars(value).values():
				if inspect.isfunction(function) and _is_whitelisted(function):
					yield _method(f"{module.__name__}.{value.__name__}.{function.__name__}", function, value)


def _is_whitelisted(function: Callable) -> bool:
	return function in frappe.whitelisted


def _method(name: str, function: Callable, owner: type | None = None) -> Method:
	return Method(
		name.removeprefix(f"{APP}."),
		function,
		tuple(sorted(frappe.allowed_http_methods_for_whitelisted_func[function])),
		function in frappe.guest_methods,
		frappe.unscrub(owner.__module__.rsplit(".", 1)[1]) if owner else None,
	)
