"""Figures of the workspaces that a simple count can't give."""

from __future__ import annotations

import frappe
from frappe.utils import getdate, today

from concerto_education.families.quotients import UNKNOWN_VALUE


@frappe.whitelist()
def dossiers_without_known_quotient(filters: str | None = None) -> dict:
	"""Active families with no QF today, or with 9999: the coherence check of R7, as one figure."""
	if not frappe.has_permission("Family", "read"):
		raise frappe.PermissionError
	day = getdate(today())
	quotient, family = frappe.qb.DocType("Quotient"), frappe.qb.DocType("Family")
	# Oldest first, so that the latest recorded wins, as in the engine. One query for all families.
	rows = (
		frappe.qb.from_(quotient)
		.join(family)
		.on(family.name == quotient.family)
		.select(quotient.family, quotient.value)
		.where(family.status == "Active")
		.where(quotient.valid_from <= day)
		.where(quotient.valid_to >= day)
		.orderby(quotient.recorded_at, quotient.name)
	).run()
	known = sum(1 for value in dict(rows).values() if value != UNKNOWN_VALUE)
	return {"value": frappe.db.count("Family", {"status": "Active"}) - known, "fieldtype": "Int"}
