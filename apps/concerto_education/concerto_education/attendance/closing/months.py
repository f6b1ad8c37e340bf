"""Which months are closed at which site, and who may still change them (R33)."""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from datetime import date

import frappe
from frappe import _
from frappe.utils import getdate

from concerto_education.attendance.errors import MonthClosed
from concerto_education.engine.ranges import DateRange

OPEN, CLOSED = "Open", "Closed"


def first_of(day: date | str) -> date:
	"""The first day of the month of ``day``: the name of a month in the tables."""
	return getdate(day).replace(day=1)


def month_span(month: date | str) -> DateRange:
	"""All days of a month."""
	first = first_of(month)
	return DateRange(first, first.replace(day=calendar.monthrange(first.year, first.month)[1]))


def is_closed(site: str, day: date | str) -> bool:
	"""Whether the month of ``day`` is closed at ``site``.

	The record is locked for reading until the transaction ends: who is about to tick is waited for by who closes, so
	that nothing slips in between the last look and the close.
	"""
	state = frappe.db.sql(
		# The query builder has no shared lock; an exclusive one would make the tablets of a site wait for each other.
		"select state from `tabMonthly Close` where site = %s and month = %s lock in share mode",
		(site, first_of(day)),
	)
	return bool(state) and state[0][0] == CLOSED


def closed_months(sites: Iterable[str], span: DateRange | None = None) -> set[tuple[str, date]]:
	"""(site, first day of the month) of every closed month of these sites; one query. For work on many rows."""
	wanted = sorted(set(sites))
	if not wanted:
		return set()
	filters: dict = {"site": ("in", wanted), "state": CLOSED}
	if span:
		last = first_of(span.end) if span.end else date.max
		filters["month"] = ("between", (first_of(span.start), last))
	# Whether a month is closed is no secret of a site.
	found = frappe.get_all("Monthly Close", filters=filters, fields=["site", "month"], order_by="")
	return {(row.site, row.month) for row in found}


def may_change_closed() -> bool:
	"""Whether the session user may change the attendance of a closed month: whoever may create its trace."""
	return bool(frappe.has_permission("Closed Month Change", "create"))


def require_open(site: str, day: date | str) -> bool:
	"""Refuse a change in a closed month, unless the user has the right. True if it is closed: leave a trace then."""
	if not is_closed(site, day):
		return False
	if not may_change_closed():
		frappe.throw(
			_("{0} is closed at {1}. An administrator can still correct it (R33)").format(
				month_name(day), site
			),
			MonthClosed,
		)
	return True


def month_name(day: date | str) -> str:
	"""« novembre 2026 », in the language of the reader."""
	from babel.dates import format_date

	return format_date(first_of(day), "MMMM y", locale=frappe.local.lang or "fr")
