"""PAI whose review is due: the appointment with the doctor is asked for in time (R23)."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.utils import add_days, getdate, today

from concerto_education.families.health import access_log, plans, rights
from concerto_education.families.health.view import NOTICE_DAYS


def execute(filters: dict | None = None) -> tuple:
	rights.require_read()
	filters = frappe._dict(filters or {})
	until = getdate(filters.until) if filters.until else getdate(add_days(today(), NOTICE_DAYS))
	found = plans.to_review(until)
	access_log.note([row["person"] for row in found], "Report", _("PAI to Review"))
	return _columns(), found, _message(found), None, _summary(found)


def _columns() -> list[dict[str, Any]]:
	return [
		{"fieldname": "full_name", "fieldtype": "Data", "label": _("Person"), "width": 220},
		{"fieldname": "review_on", "fieldtype": "Date", "label": _("To Review On"), "width": 120},
		{"fieldname": "state", "fieldtype": "Data", "label": _("State"), "width": 130},
		{"fieldname": "signed_on", "fieldtype": "Date", "label": _("Date of the PAI"), "width": 120},
		{"fieldname": "school", "fieldtype": "Link", "options": "Site", "label": _("School"), "width": 200},
		{"fieldname": "school_class", "fieldtype": "Data", "label": _("Class"), "width": 80},
		{"fieldname": "document", "fieldtype": "Data", "label": _("PAI Document"), "width": 140},
		{
			"fieldname": "record",
			"fieldtype": "Link",
			"options": "Health Record",
			"label": _("Health Record"),
			"width": 130,
		},
	]


def _message(found: list[dict]) -> str | None:
	return None if found else _("No PAI has to be reviewed until then.")


def _summary(found: list[dict]) -> list[dict]:
	late = sum(row["late"] for row in found)
	missing = sum(not row["has_document"] for row in found)
	return [
		{"value": len(found), "label": _("PAI to Review"), "datatype": "Int", "indicator": "Blue"},
		{"value": late, "label": _("Late"), "datatype": "Int", "indicator": "Red" if late else "Green"},
		{
			"value": missing,
			"label": _("Without document"),
			"datatype": "Int",
			"indicator": "Orange" if missing else "Green",
		},
	]
