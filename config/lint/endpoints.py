"""C3: what the web can call is typed, and writes by POST only; C4: what switches a guard off says why."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from config.lint.finding import Finding, Source, is_composed

WRITES = {
	"bulk_insert",
	"cancel",
	"db_set",
	"delete",
	"delete_doc",
	"enqueue",
	"insert",
	"new_doc",
	"save",
	"set_single_value",
	"set_value",
	"submit",
}


def check(source: Source) -> Iterator[Finding]:
	"""Findings in one Python file."""
	for node in ast.walk(source.tree()):
		if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
			decorator = _whitelist(node)
			if decorator is not None:
				yield from _check_endpoint(source, node, decorator)
		if isinstance(node, ast.Call):
			yield from _check_call(source, node)
		if isinstance(node, ast.Assign) and _is_true(node.value) and not explained(source, node):
			if any(_ends(target, "ignore_permissions") for target in node.targets):
				yield source.found(node.lineno, "C4", "ignore_permissions needs a comment that says why")


def _check_endpoint(source: Source, function: ast.FunctionDef, decorator: ast.expr) -> Iterator[Finding]:
	arguments = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
	for argument in arguments:
		if argument.annotation is None and argument.arg not in ("self", "cls"):
			message = f"{function.name}: argument {argument.arg} comes from the web and needs a type"
			yield source.found(argument.lineno, "C3", message)
	methods = _methods(decorator)
	writing = sorted({name for name in _calls(function) if name in WRITES})
	if writing and methods != {"POST"}:
		message = f'{function.name} writes ({", ".join(writing)}): @frappe.whitelist(methods=["POST"])'
		yield source.found(function.lineno, "C3", message)


def _check_call(source: Source, call: ast.Call) -> Iterator[Finding]:
	guards = [
		k for k in call.keywords if k.arg in ("ignore_permissions", "allow_guest") and _is_true(k.value)
	]
	for keyword in guards:
		if not explained(source, call):
			yield source.found(
				keyword.value.lineno, "C4", f"{keyword.arg}=True needs a comment that says why"
			)
	if not _ends(call.func, "sql") or not call.args:
		return
	if is_composed(call.args[0]):
		message = "SQL is a plain string with %(name)s; values go in as parameters"
		yield source.found(call.lineno, "C4", message)
	if not explained(source, call):
		yield source.found(call.lineno, "C4", "db.sql() needs a comment that says why frappe.qb will not do")


def explained(source: Source, node: ast.AST) -> bool:
	"""Whether a comment stands on a line of the statement, or on the line before it (before its decorators, too)."""
	first = max(node.lineno - 2, 0)
	last = node.end_lineno or node.lineno
	return any("#" in line for line in source.lines[first:last])


def _whitelist(function: ast.FunctionDef) -> ast.expr | None:
	for decorator in function.decorator_list:
		called = decorator.func if isinstance(decorator, ast.Call) else decorator
		if _ends(called, "whitelist"):
			return decorator
	return None


def _methods(decorator: ast.expr) -> set[str]:
	if isinstance(decorator, ast.Call):
		for keyword in decorator.keywords:
			if keyword.arg == "methods" and isinstance(keyword.value, ast.List | ast.Tuple):
				return {item.value for item in keyword.value.elts if isinstance(item, ast.Constant)}
	return set()


def _calls(function: ast.FunctionDef) -> Iterator[str]:
	for node in ast.walk(function):
		if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
			yield node.func.attr


def _ends(node: ast.expr, name: str) -> bool:
	return getattr(node, "attr", getattr(node, "id", None)) == name


def _is_true(node: ast.expr) -> bool:
	return isinstance(node, ast.Constant) and node.value in (True, 1)
