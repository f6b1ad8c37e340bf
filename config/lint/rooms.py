"""C1: imports run one way through the rooms of the app; C2: the engine knows no framework and no binary floats."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from config.lint.finding import Finding, Source

APP = "concerto_education"
# From the bottom to the top: a room may import those before it, and itself. The files beside the rooms
# (hooks, install, permissions) tie them together and may import all.
ROOMS = ("engine", "authority", "families", "activities", "attendance", "billing", "portal", "demo")
NOT_EXACT = {"float", "flt"}


def check(source: Source) -> Iterator[Finding]:
	"""Findings in one Python file."""
	if source.room not in ROOMS:
		return
	for node in ast.walk(source.tree()):
		for name in _imported(node, source):
			yield from _check_import(source, node, name)
		if source.room == "engine" and isinstance(node, ast.Call) and _name(node.func) in NOT_EXACT:
			yield source.found(
				node.lineno, "C2", f"{_name(node.func)}() loses cents: the engine counts in Decimal"
			)


def _check_import(source: Source, node: ast.AST, name: str) -> Iterator[Finding]:
	if source.room == "engine" and name.split(".")[0] == "frappe":
		yield source.found(node.lineno, "C2", "the engine imports no frappe: give it plain values")
	parts = name.split(".")
	if parts[0] != APP or len(parts) < 2 or parts[1] not in ROOMS:
		return
	if ROOMS.index(parts[1]) > ROOMS.index(source.room):
		message = f"{source.room} may not import {parts[1]}: imports run {' ← '.join(ROOMS)}"
		yield source.found(node.lineno, "C1", message)


def _imported(node: ast.AST, source: Source) -> list[str]:
	"""Full names of the modules that an import statement names."""
	if isinstance(node, ast.Import):
		return [alias.name for alias in node.names]
	if not isinstance(node, ast.ImportFrom):
		return []
	if node.level:  # relative: from . import x
		package = [APP, *source.module.parent.parts]
		base = package[: len(package) - node.level + 1]
		start = ".".join([*base, node.module] if node.module else base)
	else:
		start = node.module or ""
	if start == APP:  # from concerto_education import billing
		return [f"{start}.{alias.name}" for alias in node.names]
	return [start]


def _name(node: ast.AST) -> str:
	return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
