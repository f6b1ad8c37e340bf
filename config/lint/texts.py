"""C5: a text that is translated is a plain string with {0}; C6: no file of code has more than 400 lines."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from config.lint.finding import Finding, Source, is_composed

LIMIT = 400
SIZED = {".py", ".js", ".css", ".scss", ".html"}
TRANSLATORS = {"_", "_lt"}
# __(`… ${x}`) or __("…" + x): the dictionary is looked up with the finished text, and has no such entry
JAVASCRIPT = re.compile(r"\b__\(\s*(`[^`]*\$\{|(\"[^\"]*\"|'[^']*')\s*\+)")


def check_python(source: Source) -> Iterator[Finding]:
	"""Findings about translated texts in one Python file."""
	for node in ast.walk(source.tree()):
		if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name) or not node.args:
			continue
		if node.func.id in TRANSLATORS and is_composed(node.args[0]):
			message = f'{node.func.id}("… {{0}}").format(x): the text is looked up before values are put in'
			yield source.found(node.lineno, "C5", message)


def check_javascript(source: Source) -> Iterator[Finding]:
	"""Findings about translated texts and leftovers in one JavaScript file."""
	for match in JAVASCRIPT.finditer(source.text):
		line = source.text.count("\n", 0, match.start()) + 1
		yield source.found(line, "C5", '__("… {0}", [x]): the text is looked up before values are put in')
	for number, line in enumerate(source.lines, 1):
		if re.search(r"\bconsole\.log\(|\bdebugger\b", line):
			yield source.found(number, "C7", "a leftover of debugging")


def check_size(source: Source) -> Iterator[Finding]:
	"""A file too long to be read in one go is split by rule or by room."""
	if source.module.suffix in SIZED and "data" not in source.module.parts and len(source.lines) > LIMIT:
		yield source.found(
			LIMIT + 1, "C6", f"{len(source.lines)} lines, more than {LIMIT}: split it by rule or room"
		)
