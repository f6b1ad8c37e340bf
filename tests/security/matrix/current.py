"""The tables as the app is now, without the methods, which have to be tried out (attempts.py)."""

from __future__ import annotations

from tests.security.matrix import inventory
from tests.security.matrix.table import Table

YES = "yes"
SCOPE = ("Scope",)
VERBS = ("Verbs", "Guest")


def records() -> Table:
	table = Table("Record", SCOPE)
	for doctype in inventory.doctypes():
		table.add(doctype, (inventory.scope(doctype) or "–",), inventory.rights(doctype))
	return table


def reached(kind: str) -> Table:
	table = Table(kind)
	for name, roles in inventory.reached_by_roles(kind).items():
		# Without any role, a page is open to whoever has the Desk: no page of ours is, and the test says so.
		table.add(name, (), dict.fromkeys(roles or inventory.COLUMNS, YES))
	return table
