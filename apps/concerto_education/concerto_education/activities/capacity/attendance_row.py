"""A planned row written one by one, by form or service, goes through the same gate (R40)."""

from __future__ import annotations

import frappe
from frappe.utils import getdate

from concerto_education.activities.capacity import gate, offers, places


def validate(doc, method: str | None = None) -> None:
	"""Hook of Attendance: whoever newly takes a place on a day to come needs a free one."""
	doc.activity_group = frappe.db.get_value("Enrolment", doc.enrolment, "activity_group")
	before = doc.get_doc_before_save()
	if doc.status != "Planned" or (before and before.status in places.TAKING):
		return
	if getdate(doc.attendance_date) >= getdate():
		gate.reserve([gate.Place(doc.enrolment, getdate(doc.attendance_date), doc.unit)])


def on_update(doc, method: str | None = None) -> None:
	"""Hook of Attendance: a place that is freed is offered."""
	before = doc.get_doc_before_save()
	if before and before.status in places.TAKING and doc.status not in places.TAKING:
		offers.freed(doc.activity, doc.site)
