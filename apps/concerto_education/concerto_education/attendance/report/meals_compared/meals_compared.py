"""Meals ordered, served and billed, day by day and site by site, with the causes of each difference (R41)."""

from __future__ import annotations

from datetime import date
from typing import Any

import frappe
from frappe import _
from frappe.utils import add_days, cint, getdate

from concerto_education.attendance.meals import board, comparison
from concerto_education.attendance.meals.services import services

LONGEST = 366


def execute(filters: dict | None = None) -> tuple[list, list, str | None, dict | None, list]:
	filters = frappe._dict(filters or {})
	start, end = _span(filters)
	rows, days = [], []
	for one in services():
		if filters.kitchen and filters.kitchen != one.kitchen:
			continue
		sites = [site for site in board.sites_shown(one) if not filters.site or site == filters.site]
		if not sites:
			continue
		found = comparison.compare(one, sites, start, end)
		days += found
		rows += [_row(one.kitchen, day) for day in found]
	if cint(filters.only_differences):
		rows = [row for row in rows if row["waste"] or row["unpaid"]]
	return _columns(), rows, None if rows else _("Nothing was ordered in this period"), None, _summary(days)


def _span(filters: frappe._dict) -> tuple[date, date]:
	end = getdate(filters.to_date) if filters.to_date else getdate()
	start = getdate(filters.from_date) if filters.from_date else add_days(end, -30)
	if start > end:
		frappe.throw(_("From: it must not come after the last day"))
	if (end - start).days > LONGEST:
		frappe.throw(_("From: choose a year at most"))
	return start, end


def _row(kitchen: str, day: comparison.Day) -> dict[str, Any]:
	served, paid = day.served, day.to_pay
	is_over = day.day <= getdate()
	return {
		"day": day.day,
		"kitchen": kitchen,
		"site": day.site,
		"version": day.version,
		"ordered": day.ordered,
		"served": served if is_over else None,
		"billed": None if paid is None else len(paid),
		"not_ticked": day.not_ticked if is_over else None,
		"waste": served - day.ordered if is_over and day.ordered is not None else None,
		"why_served": comparison.in_words(comparison.causes_of_service(day)) if is_over else "",
		"unpaid": len(paid) - served if paid is not None else None,
		"why_billed": comparison.in_words(comparison.causes_of_billing(day)),
	}


def _columns() -> list[dict[str, Any]]:
	def number(name: str, label: str, width: int = 90) -> dict:
		return {"fieldname": name, "label": label, "fieldtype": "Int", "width": width}

	return [
		{"fieldname": "day", "label": _("Day"), "fieldtype": "Date", "width": 105},
		{"fieldname": "site", "label": _("Site"), "fieldtype": "Data", "width": 180},
		number("ordered", _("Ordered")),
		number("served", _("Served")),
		number("billed", _("Billed")),
		number("waste", _("Served − Ordered"), 120),
		{"fieldname": "why_served", "label": _("Why"), "fieldtype": "Data", "width": 300},
		number("unpaid", _("Billed − Served"), 120),
		{"fieldname": "why_billed", "label": _("Why"), "fieldtype": "Data", "width": 320},
		number("not_ticked", _("Left to tick"), 100),
		number("version", _("Corrections"), 100),
		{"fieldname": "kitchen", "label": _("Kitchen"), "fieldtype": "Data", "width": 150},
	]


def _summary(days: list[comparison.Day]) -> list[dict]:
	over = [day for day in days if day.day <= getdate()]
	sums = comparison.totals(over)
	known = [day for day in over if day.ordered is not None]
	left = sum(day.ordered - day.served for day in known)
	return [
		{"label": _("Ordered"), "value": sums.get("ordered", 0), "datatype": "Int"},
		{"label": _("Served"), "value": sums.get("served", 0), "datatype": "Int"},
		{"label": _("Billed"), "value": sums.get("billed", 0), "datatype": "Int"},
		{
			"label": _("Cooked and not served"),
			"value": left,
			"datatype": "Int",
			"indicator": "Orange" if left > 0 else "Green",
		},
	]
