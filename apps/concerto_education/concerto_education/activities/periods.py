"""Periods as child rows and forms hold them (``starts_on``/``ends_on``), checked in one way."""

from __future__ import annotations

from itertools import pairwise

import frappe
from frappe import _
from frappe.utils import formatdate, getdate


def require_order(start, end, error: type[Exception], label: str | None = None) -> None:
	"""Throw ``error`` if a period ends before it starts. An empty end is open."""
	if start and end and getdate(end) < getdate(start):
		frappe.throw(
			_("{0}: the last day {1} is before the first day {2}").format(
				label or _("Period"), formatdate(end), formatdate(start)
			),
			error,
		)


def first_overlap(rows):
	"""The first two rows that share a day, in order of time, else None."""
	ordered = sorted(rows, key=lambda row: getdate(row.starts_on))
	for earlier, later in pairwise(ordered):
		if getdate(later.starts_on) <= getdate(earlier.ends_on):
			return earlier, later
	return None
