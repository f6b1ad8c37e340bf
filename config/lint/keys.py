"""C8: a key written twice in hooks.py. The second one hides the first without a word, and with it somebody's hook."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import PurePosixPath

from config.lint.finding import Finding, Source

HOOKS = PurePosixPath("hooks.py")


def check(source: Source) -> Iterator[Finding]:
	"""Equal keys in a dict, and a name assigned twice, in hooks.py."""
	if source.module != HOOKS:
		return
	tree = source.tree()
	for node in ast.walk(tree):
		if isinstance(node, ast.Dict):
			# A key of None unpacks another dict: what is in it isn't known here.
			keys = [(ast.dump(key), ast.unparse(key), key.lineno) for key in node.keys if key is not None]
			yield from _twice(source, keys, "make it one entry with a list")
	names = [
		(target.id, target.id, node.lineno)
		for node in tree.body
		if isinstance(node, ast.Assign)
		for target in node.targets
		if isinstance(target, ast.Name)
	]
	yield from _twice(source, names, "join the two")


def _twice(source: Source, keys: list[tuple[str, str, int]], advice: str) -> Iterator[Finding]:
	seen: dict[str, int] = {}
	for identity, text, line in keys:
		if identity in seen:
			message = f"{text} is in line {seen[identity]} already, which this one hides: {advice}"
			yield source.found(line, "C8", message)
		seen.setdefault(identity, line)
