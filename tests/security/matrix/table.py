"""docs/permissions.md: the tables of the matrix as text, written from the app and read back by the tests."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.security.matrix.inventory import COLUMNS

DOCS = Path(__file__).parents[3] / "docs" / "permissions.md"
NOTHING = "·"
BEGIN, END = "<!-- {0}: begin -->", "<!-- {0}: end -->"


@dataclass
class Table:
	"""Rows by name: what stands before the roles, and a cell for each role that has one."""

	title: str
	extra: tuple[str, ...] = ()
	rows: dict[str, tuple[tuple[str, ...], dict[str, str]]] = field(default_factory=dict)

	def add(self, name: str, extra: Iterable[str], cells: Mapping[str, str]) -> None:
		self.rows[name] = (tuple(extra), {role: text for role, text in cells.items() if text})

	def cell(self, name: str, role: str) -> str:
		return self.rows[name][1].get(role, "")

	def as_text(self) -> str:
		head = [self.title, *self.extra, *COLUMNS.values()]
		lines = [_line(head), _line("---" for _ in head)]
		for name in sorted(self.rows):
			extra, cells = self.rows[name]
			lines.append(_line([name, *extra, *(cells.get(role) or NOTHING for role in COLUMNS)]))
		return "\n".join(lines)


def _line(cells: Iterable[str]) -> str:
	return f"| {' | '.join(cells)} |"


def read(title: str, extra: tuple[str, ...] = ()) -> Table:
	"""The table of that title as the docs have it."""
	found = Table(title, extra)
	for line in _between(DOCS.read_text(), title).splitlines()[2:]:
		name, *cells = (cell.strip() for cell in line.strip("| ").split("|"))
		words, marks = cells[: len(extra)], cells[len(extra) :]
		cells_of_roles = dict(zip(COLUMNS, marks, strict=True))
		found.add(name, words, {role: mark for role, mark in cells_of_roles.items() if mark != NOTHING})
	return found


def write(tables: Iterable[Table]) -> None:
	"""Put the tables between their marks; the words around them are people's."""
	text = DOCS.read_text()
	for table in tables:
		begin, end = BEGIN.format(table.title), END.format(table.title)
		head, rest = text.split(begin, 1)
		text = f"{head}{begin}\n\n{table.as_text()}\n\n{end}{rest.split(end, 1)[1]}"
	DOCS.write_text(text)


def _between(text: str, title: str) -> str:
	begin, end = BEGIN.format(title), END.format(title)
	return text.split(begin, 1)[1].split(end, 1)[0].strip("\n")
