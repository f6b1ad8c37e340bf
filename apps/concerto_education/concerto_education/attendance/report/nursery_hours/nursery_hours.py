"""Hours of nurseries by child and month: agreed, beyond, deducted, billed – and done, which is another number (R36)."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.utils import get_first_day, get_last_day, getdate

from concerto_education.activities.nursery.contracts import HOURS
from concerto_education.attendance.nursery.hours import NurseryHours
from concerto_education.engine.ranges import DateRange


def execute(filters: dict | None = None):
	filters = frappe._dict(filters or {})
	first = getdate(get_first_day(filters.month or getdate()))
	window = DateRange(first, getdate(get_last_day(first)))
	return columns(), rows(window, filters.site)


def rows(window: DateRange, site: str | None = None) -> list[dict]:
	"""One row for each enrolment with hours. Only enrolments that the user may see."""
	# Names only; which enrolments may be seen is asked right below.
	activities = frappe.get_all("Activity", filters={"billing_rule": HOURS}, pluck="name")
	filters = {
		"activity": ("in", activities or [""]),
		"status": "Confirmed",
		"valid_from": ("<=", window.end),
		"valid_to": (">=", window.start),
	}
	if site:
		filters["site"] = site
	enrolments = frappe.get_list(
		"Enrolment",
		filters=filters,
		fields=["name", "person", "activity", "site", "valid_from", "valid_to"],
		limit_page_length=0,
	)
	known = NurseryHours(enrolments, window)
	names = _names([row.person for row in enrolments])
	found = []
	for row in enrolments:
		minutes = _minutes(known, row.name)
		if any(minutes.values()):
			hours = {name: round(value / 60, 2) for name, value in minutes.items()}
			found.append({"child": names.get(row.person), "enrolment": row.name, "site": row.site, **hours})
	return sorted(found, key=lambda row: (row["site"], row["child"] or ""))


def _minutes(known: NurseryHours, enrolment: str) -> dict[str, float]:
	total = dict.fromkeys(("contract", "extra", "deducted", "billed", "done"), 0)
	for month in known.contract_months(enrolment):
		care = month.care
		total["contract"] += int(care.contract * 60)
		total["extra"] += care.extra
		total["deducted"] += care.deducted
		total["billed"] += int(care.hours.billed * 60)
		total["done"] += care.done
	for day in known.occasional_days(enrolment):
		total["billed"] += 0 if day.deducted else day.billed or 0
		total["done"] += day.done
	return total


def _names(persons: list[str]) -> dict[str, str]:
	# Children of enrolments that the user may see.
	rows = frappe.get_all(
		"Person", filters={"name": ("in", persons or [""])}, fields=["name", "full_name"], as_list=True
	)
	return dict(rows)


def columns() -> list[dict]:
	def hours(name: str, label: str) -> dict:
		return {"fieldname": name, "label": label, "fieldtype": "Float", "precision": 2, "width": 120}

	return [
		{"fieldname": "child", "label": _("Child"), "fieldtype": "Data", "width": 200},
		{"fieldname": "site", "label": _("Site"), "fieldtype": "Link", "options": "Site", "width": 180},
		hours("contract", _("Contract (h)")),
		hours("extra", _("Beyond It (h)")),
		hours("deducted", _("Deducted (h)")),
		hours("billed", _("Billed (h)")),
		hours("done", _("Done (h)")),
		{
			"fieldname": "enrolment",
			"label": _("Enrolment"),
			"fieldtype": "Link",
			"options": "Enrolment",
			"width": 130,
		},
	]
