"""One billing process at a time on a site.

The lock is MariaDB's named lock: it belongs to the database session, so it survives the commits between
chunks and vanishes by itself when the process is killed or the database restarts. A row lock would end at
the first commit, and a file or a status field would stay behind after a kill.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import frappe
from frappe import _

from concerto_education.billing.errors import BillingBusy


@contextmanager
def billing_lock() -> Iterator[None]:
	"""Hold the site's billing lock for the block. Raises BillingBusy at once if somebody else holds it."""
	name = _name()
	if not _ask("select get_lock(%s, 0)", name):
		frappe.throw(
			_("Another billing run is being computed or issued at this moment. Wait until it has finished."),
			BillingBusy,
		)
	try:
		yield
	finally:
		_release(name)


def is_billing_busy() -> bool:
	"""Whether any process holds the billing lock now."""
	return bool(_ask("select is_used_lock(%s)", _name()))


def _name() -> str:
	# Named locks are shared by the whole database server: the site's own database name keeps sites apart.
	return f"concerto_billing:{frappe.conf.db_name}"[:64]


def _ask(question: str, name: str):
	# Plain SQL: the query builder has no named locks. The questions are constants of this file.
	return frappe.db.sql(question, name)[0][0]


def _release(name: str) -> None:
	try:
		_ask("select release_lock(%s)", name)
	except Exception:  # noqa: BLE001
		# The connection is gone, and the lock with it: nothing to release, and the first error must be seen.
		frappe.logger("billing").warning("billing lock: the connection was lost before its release")
