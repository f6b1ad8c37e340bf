"""The scheduler's part: orders at the cut-off, corrections for what changes afterwards (R27, R41).

Runs every few minutes and may run twice or late: what is ordered already is left alone, and what was missed while
the scheduler stood still is made up for, as long as the day of the meal is not over.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, timedelta

import frappe
from frappe.utils import now_datetime

from concerto_education.attendance.meals import mail, orders
from concerto_education.attendance.meals.services import Days, Service, services
from concerto_education.engine.ranges import DateRange

AHEAD = timedelta(days=21)  # an order is never made earlier than that


def run_due() -> list[str]:
	"""Job: make what is due now. Returns the names of the new orders. One kitchen that fails stops no other."""
	made = []
	for one in services():
		try:
			made += run_kitchen(one, now_datetime())
			checkpoint()
		except frappe.UniqueValidationError:
			# Another worker has just made the same version: it is ordered, once.
			frappe.db.rollback()
			frappe.clear_messages()
		except Exception:  # noqa: BLE001 - the other kitchens get their orders; it is logged for an administrator
			frappe.db.rollback()
			frappe.log_error(f"Meal orders of {one.kitchen}")
			checkpoint()
	return made


def checkpoint() -> None:
	"""What is ordered is ordered, whatever happens to the next kitchen. Tests replace it."""
	frappe.db.commit()


def run_kitchen(one: Service, now: datetime) -> list[str]:
	"""All orders and corrections of a kitchen that are due."""
	span = DateRange(now.date(), now.date() + AHEAD)
	days = Days(one, span)
	by_day: dict[date, list] = defaultdict(list)
	for site in one.sites:
		for day in span.days():
			doc = _due(one, days, site, day, now)
			if doc:
				by_day[day].append(doc)
	for day, docs in by_day.items():
		mail.send(one, day, docs)
	return [doc.name for docs in by_day.values() for doc in docs]


def _due(one: Service, days: Days, site: str, day: date, now: datetime):
	existing = orders.latest(one.kitchen, site, day)
	if not existing:
		if not days.is_open(site, day) or days.cut_off(site, day) > now:
			return None
		return orders.make(one, site, day, orders.CUT_OFF, days)
	cut_off = days.cut_off(site, day)
	if existing.ordered_at < cut_off <= now and day >= now.date():
		# Ordered by hand ahead of time: what the kitchen gets at the cut-off is what is expected then.
		return orders.make(one, site, day, orders.CUT_OFF, days)
	if not one.automatic or now > datetime.combine(day, one.corrections_until):
		return None
	return orders.make(one, site, day, orders.LATE, days)
