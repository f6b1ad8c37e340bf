"""One process at a time on a site, for work that commits on its way.

MariaDB's named lock belongs to the database session: it survives commits, and vanishes by itself when the process is killed
or the database restarts. A row lock would end at the first commit; a status field would stay behind after a kill.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import frappe


@contextmanager
def held(purpose: str) -> Iterator[bool]:
	"""Hold the lock of this purpose for the block; gives False, at once, if another process holds it."""
	mine = bool(_ask("select get_lock(%s, 0)", purpose))
	try:
		yield mine
	finally:
		if mine:
			_release(purpose)


def is_held(purpose: str) -> bool:
	"""Whether any process does this work now."""
	return bool(_ask("select is_used_lock(%s)", purpose))


def name_of(purpose: str) -> str:
	"""Named locks are shared by the whole database server: the site's own database name keeps sites apart."""
	return f"{purpose}:{frappe.conf.db_name}"[:64]


def _release(purpose: str) -> None:
	try:
		_ask("select release_lock(%s)", purpose)
	except Exception:  # noqa: BLE001
		# The connection is gone, and the lock with it: nothing to release, and the first error must be seen.
		frappe.logger("locks").warning(f"{purpose}: the connection was lost before the lock's release")


def _ask(question: str, purpose: str):
	# Plain SQL: the query builder has no named locks. The questions are constants of this file.
	return frappe.db.sql(question, name_of(purpose))[0][0]
