"""Which meals are billed, for the comparison with what was ordered and served (R41): hook ``concerto_meals_billed``."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

import frappe
from frappe.query_builder import DocType
from frappe.utils import getdate

REVERSAL = "Reversal"


def billed(activities: Iterable[str], sites: Iterable[str], start: date, end: date) -> dict[tuple, set[str]]:
	"""Persons with a charge that stands, by (site, day); a day of a month that was never run is not in it.

	Numbers of persons and no amounts: whoever may compare meals need not read what they cost.
	"""
	activities, sites = list(activities), list(sites)
	if not activities or not sites:
		return {}
	Charge = DocType("Charge")
	rows = (
		frappe.qb.from_(Charge)
		.select(Charge.site, Charge.service_date, Charge.person, Charge.entry, Charge.fact_key)
		# What somebody added by hand is no meal (R34).
		.where(Charge.activity.isin(activities) & Charge.site.isin(sites) & (Charge.entry != "Adjustment"))
		.where(Charge.service_date[start:end])
	).run(as_dict=True)
	standing: dict[tuple, int] = defaultdict(int)
	for row in rows:
		key = (row.site, getdate(row.service_date), row.person)
		standing[key] += -1 if row.entry == REVERSAL else 1
	found: dict[tuple, set[str]] = {(site, getdate(day)): set() for site, day, _who in standing}
	for (site, day, person), number in standing.items():
		if number > 0:
			found[site, day].add(person)
	return found
