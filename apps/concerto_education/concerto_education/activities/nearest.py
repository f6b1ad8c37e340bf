"""On which activity a screen opens: one that takes place today, else the one that takes place next.

By name alone the canteen of a summer camp would stand first in November, and whoever opens the page would see an empty list.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import frappe
from frappe.utils import getdate

from concerto_education.activities.calendars import calendars
from concerto_education.activities.catalogue import ActivityRules
from concerto_education.engine.ranges import DateRange

AHEAD = timedelta(days=70)  # longer than the summer holidays


def nearest(offered: Mapping[str, Mapping[str, ActivityRules]], today: date) -> dict[str, tuple[date, str]]:
	"""Of each site: the next open day and the activity of that day, the first in the order given. Five queries."""
	span = DateRange(today, today + AHEAD)
	known = calendars(span)
	limits = _limits({name for activities in offered.values() for name in activities})
	found: dict[str, tuple[date, str]] = {}
	for site, activities in offered.items():
		calendar = known.of(site)
		for name, rules in activities.items():
			start, end = limits.get(name, (None, None))
			for day in span.days():
				if site in found and day >= found[site][0]:
					break
				if (start and day < start) or (end and day > end) or day not in calendar.years:
					continue
				if calendar.is_open(day, rules.opening):
					found[site] = (day, name)
					break
	return found


def first_site(found: Mapping[str, tuple[date, str]]) -> str | None:
	"""The site whose activity is the next of all, the first in the order given."""
	return min(found, key=lambda site: found[site][0], default=None)


def _limits(names: set[str]) -> dict[str, tuple[date | None, date | None]]:
	# From when to when an activity exists is no secret.
	rows = frappe.get_all(
		"Activity",
		filters={"name": ("in", sorted(names) or [""])},
		fields=["name", "valid_from", "valid_to"],
	)
	return {
		row.name: (
			getdate(row.valid_from) if row.valid_from else None,
			getdate(row.valid_to) if row.valid_to else None,
		)
		for row in rows
	}
