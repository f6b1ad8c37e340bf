"""Settings of the waiting list that a new site starts with: seeded once, then the administrator's (R40)."""

from __future__ import annotations

import frappe

from concerto_education.activities.capacity import messages

CRITERIA = (("Resident", 20), ("Sibling Enrolled", 10), ("School of the Site", 5), ("Enrolled Last Year", 5))


def seed() -> None:
	messages.seed()
	settings = frappe.get_single("Waiting List Settings")
	if settings.criteria or settings.offer_template:
		return
	settings.offer_template = messages.OFFER
	settings.automatic = 1
	settings.answer_hours = settings.answer_hours or 48
	for criterion, points in CRITERIA:
		settings.append("criteria", {"criterion": criterion, "points": points})
	settings.save()
