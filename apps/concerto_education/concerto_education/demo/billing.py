"""September through the real Billing Run, issued; then what comes late, so that October has régularisations."""

from __future__ import annotations

from datetime import date

import frappe
from frappe.utils import now

from concerto_education.billing import run as runs
from concerto_education.demo import ticks, world
from concerto_education.demo.scenarios.presence import LATE_JUSTIFIED

ISSUE_DATE = date(2026, 10, 15)
DUE_DATE = date(2026, 11, 14)


def bill_september() -> frappe._dict:
	"""Compute and issue September, in this process instead of a background job. May be called again after a cut.

	The statuses are set as the buttons set them; what the jobs do is the jobs' own. Returns the run's figures.
	"""
	name = frappe.db.exists("Billing Run", {"month": world.BILLED_MONTH})
	if not name:
		name = frappe.get_doc({"doctype": "Billing Run", "month": world.BILLED_MONTH}).insert().name
	status = frappe.db.get_value("Billing Run", name, "status")
	if status not in ("Issuing", "Issued"):
		frappe.db.set_value("Billing Run", name, {"status": "Computing", "started_at": now()})
		runs.compute(name)
		frappe.db.set_value(
			"Billing Run", name, {"status": "Issuing", "issue_date": ISSUE_DATE, "due_date": DUE_DATE}
		)
	runs.issue_drafts(name)
	return frappe.db.get_value(
		"Billing Run", name, ["invoices_count", "held_count", "problems_count", "total_due"], as_dict=True
	)


def late_news(scenarios: dict[str, str]) -> None:
	"""After September was issued: a certificate and a QF that change it (R14, R34)."""
	for absence in LATE_JUSTIFIED:
		ticks.apply_absence(absence, scenarios)
	family = scenarios["quotient_recorded_late"]
	if frappe.db.count("Quotient", {"family": family}) < 2:
		frappe.get_doc(
			{
				"doctype": "Quotient",
				"family": family,
				"value": 318,
				"source": "CDAP (CAF)",
				"valid_from": date(2026, 9, 14),
				"valid_to": world.YEAR_END,
				"note": "Attestation reçue en octobre",
			}
		).insert()
