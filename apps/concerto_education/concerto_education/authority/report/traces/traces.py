"""Who changed, read, exported or printed what: per family, per account, between two days; administrators only (R43)."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, time

import frappe
from frappe import _
from frappe.utils import add_days, getdate, today

from concerto_education.authority.accounts.service import require_administrator
from concerto_education.authority.traces.changes import MOST, Wanted, traces

DAYS = 30


def execute(filters: dict | None = None) -> tuple:
	require_administrator()
	filters = frappe._dict(filters or {})
	start = getdate(filters.start or add_days(today(), -DAYS))
	end = getdate(filters.end or today())
	wanted = Wanted(
		datetime.combine(start, time.min), datetime.combine(end, time.max), filters.family, filters.user
	)
	rows = [{**asdict(trace), "doctype_label": _(trace.doctype)} for trace in traces(wanted)]
	message = _("Only the newest {0} traces are shown: choose a shorter time").format(MOST)
	return _columns(), rows, message if len(rows) >= MOST else None


def _columns() -> list[dict]:
	return [
		{"fieldname": "at", "fieldtype": "Datetime", "label": _("When"), "width": 160},
		{"fieldname": "user", "fieldtype": "Link", "options": "User", "label": _("Who"), "width": 190},
		{"fieldname": "what", "fieldtype": "Data", "label": _("Deed"), "width": 100},
		{"fieldname": "doctype_label", "fieldtype": "Data", "label": _("Kind of Record"), "width": 140},
		{
			"fieldname": "name",
			"fieldtype": "Dynamic Link",
			"options": "doctype",
			"label": _("Record"),
			"width": 140,
		},
		{"fieldname": "field", "fieldtype": "Data", "label": _("Field of the Record"), "width": 180},
		{"fieldname": "before", "fieldtype": "Data", "label": _("Before"), "width": 200},
		{"fieldname": "after", "fieldtype": "Data", "label": _("After"), "width": 200},
	]
