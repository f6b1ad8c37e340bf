"""What a rule found, and where."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from pathlib import PurePosixPath


@dataclass(frozen=True, order=True)
class Finding:
	"""One violation, printed as editors understand it: path:line: code message."""

	path: str
	line: int
	code: str
	message: str

	def __str__(self) -> str:
		return f"{self.path}:{self.line}: {self.code} {self.message}"


@dataclass(frozen=True)
class Source:
	"""A file of the app: its path below the Python package, its text and, for Python, its tree."""

	path: str  # below the repository, for messages
	module: PurePosixPath  # below apps/concerto_education/concerto_education
	text: str
	lines: list[str] = field(init=False)

	def __post_init__(self):
		object.__setattr__(self, "lines", self.text.splitlines())

	@property
	def room(self) -> str:
		"""First folder of the package, "" for files beside them."""
		return self.module.parts[0] if len(self.module.parts) > 1 else ""

	def tree(self) -> ast.Module:
		return ast.parse(self.text, self.path)

	def found(self, line: int, code: str, message: str) -> Finding:
		return Finding(self.path, line, code, message)


def is_composed(node: ast.expr) -> bool:
	"""Whether an expression puts values into a text: an f-string, "…".format(x), "…" % x or "…" + x."""
	if isinstance(node, ast.JoinedStr):
		return True
	if isinstance(node, ast.Call):
		return isinstance(node.func, ast.Attribute) and node.func.attr == "format"
	return isinstance(node, ast.BinOp) and any(
		isinstance(part, ast.Constant) and isinstance(part.value, str) for part in ast.walk(node)
	)
