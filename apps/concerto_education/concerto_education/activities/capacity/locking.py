"""Who gives away places waits his turn: the locks, and reading past what a transaction saw first (R40)."""

from __future__ import annotations

from collections.abc import Iterable

import frappe
from frappe.query_builder import DocType
from frappe.utils import cint

Pair = tuple[str, str]  # activity, site


def buildings(sites: Iterable[str]) -> dict[str, int]:
	"""Capacity of the buildings that have one."""
	found = {site: cint(frappe.get_cached_value("Site", site, "capacity")) for site in sorted(set(sites))}
	return {site: limit for site, limit in found.items() if limit}


def lock(pairs: Iterable[Pair]) -> None:
	"""Until the end of the transaction, nobody else gives away places there: the second of two clerks waits.

	Row locks, always in one order: they end with the commit that makes the places visible, and not before. First the
	building, where it has a capacity, because two activities may want its last place; then the row that offers the
	activity at the site, which is always there.
	"""
	wanted = sorted(set(pairs))
	Site = DocType("Site")
	for site in buildings(site for _activity, site in wanted):
		frappe.qb.from_(Site).select(Site.name).where(Site.name == site).for_update().run()
	Row = DocType("Activity Site")
	for activity, site in wanted:
		(
			frappe.qb.from_(Row)
			.select(Row.name)
			.where((Row.parent == activity) & (Row.parenttype == "Activity") & (Row.site == site))
			.for_update()
		).run()


def rows(query, latest: bool) -> list[tuple]:
	"""What a query gives. ``latest`` reads past what this transaction saw first.

	A transaction goes on seeing the data as they were at its first question. Whoever has waited for a lock must see
	what the holder has written meanwhile, so he asks by a locking read.
	"""
	sql = query.get_sql()
	# The builder knows FOR UPDATE only, which would make ticking tablets wait for each other; it has quoted
	# every value of this statement.
	return frappe.db.sql(f"{sql} LOCK IN SHARE MODE" if latest else sql)
