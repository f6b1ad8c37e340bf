"""Who read whose health, when and from where: for administrators, and for a family that asks (R43)."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

import frappe
from frappe import _
from frappe.utils import add_days, get_datetime, getdate, today

from concerto_education.families.health.access_log import LOG
from concerto_education.families.rights import require_administrator

MOST_ROWS = 5000
DAYS = 30


def execute(filters: dict | None = None) -> tuple:
	require_administrator()
	filters = frappe._dict(filters or {})
	start = getdate(filters.start) if filters.start else getdate(add_days(today(), -DAYS))
	end = getdate(filters.end) if filters.end else getdate(today())
	rows = _rows(filters, start, end)
	return _columns(), [_shown(row) for row in rows], _message(rows), _chart(rows), _summary(rows)


def _rows(filters, start: date, end: date) -> list:
	wanted: list[list] = [
		["at", ">=", get_datetime(start)],
		["at", "<", get_datetime(add_days(end, 1))],
	]
	wanted += [[field, "=", filters[field]] for field in ("user", "person", "source") if filters.get(field)]
	return frappe.get_list(
		LOG,
		filters=wanted,
		fields=["name", "at", "user", "user_name", "person", "person_name", "source", "detail"],
		order_by="at desc",
		limit_page_length=MOST_ROWS,
	)


def _shown(row) -> dict[str, Any]:
	return {**row, "source": _(row.source)}


def _columns() -> list[dict[str, Any]]:
	return [
		{"fieldname": "at", "fieldtype": "Datetime", "label": _("Read At"), "width": 160},
		{"fieldname": "user_name", "fieldtype": "Data", "label": _("Name of the User"), "width": 180},
		{"fieldname": "user", "fieldtype": "Link", "options": "User", "label": _("User"), "width": 180},
		{"fieldname": "person_name", "fieldtype": "Data", "label": _("Name of the Person"), "width": 200},
		{"fieldname": "person", "fieldtype": "Link", "options": "Person", "label": _("Person"), "width": 130},
		{"fieldname": "source", "fieldtype": "Data", "label": _("Read From"), "width": 150},
		{"fieldname": "detail", "fieldtype": "Data", "label": _("Detail"), "width": 200},
	]


def _message(rows: list) -> str | None:
	if len(rows) == MOST_ROWS:
		return _("The latest {0} readings are shown: choose fewer days").format(MOST_ROWS)
	return None if rows else _("Nobody has read a health record in these days.")


def _chart(rows: list) -> dict[str, Any] | None:
	if not rows:
		return None
	days = Counter(getdate(row.at) for row in rows)
	labels = sorted(days)
	return {
		"data": {
			"labels": [frappe.format(day, {"fieldtype": "Date"}) for day in labels],
			"datasets": [{"name": _("Readings"), "values": [days[day] for day in labels]}],
		},
		"type": "bar",
	}


def _summary(rows: list) -> list[dict]:
	return [
		{"value": len(rows), "label": _("Readings"), "datatype": "Int"},
		{"value": len({row.user for row in rows}), "label": _("Users"), "datatype": "Int"},
		{"value": len({row.person for row in rows if row.person}), "label": _("Persons"), "datatype": "Int"},
	]
