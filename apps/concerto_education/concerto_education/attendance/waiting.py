"""Days that somebody waited for and has now accepted become planned (R40)."""

from __future__ import annotations

import frappe

from concerto_education.attendance.service import CANCELLED, JUSTIFIED, PLANNED


def on_entry_update(doc, method: str | None = None) -> None:
	"""Hook of Waiting List Entry: "Some Days" that were accepted are planned, through the gate like all others."""
	before = doc.get_doc_before_save()
	if doc.scope != "Some Days" or doc.status != "Accepted" or (before and before.status == "Accepted"):
		return
	for row in doc.days:
		_plan(doc.enrolment, row.attendance_date, row.unit)


def _plan(enrolment: str, day, unit: str) -> None:
	found = frappe.db.get_value("Attendance", {"enrolment": enrolment, "attendance_date": day, "unit": unit})
	if not found:
		# The family's answer, recorded by whoever may: the place was held for this very row.
		frappe.get_doc(
			{
				"doctype": "Attendance",
				"enrolment": enrolment,
				"attendance_date": day,
				"unit": unit,
				"status": PLANNED,
			}
		).insert(ignore_permissions=True)
		return
	doc = frappe.get_doc("Attendance", found)
	if doc.status in (CANCELLED, JUSTIFIED):
		doc.status = PLANNED
		doc.save(ignore_permissions=True)  # as above
