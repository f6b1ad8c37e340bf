"""Effort rates and bounds of resources of nurseries, and the waiting days of an illness, on sites that were there
before them (R36)."""

import frappe

from concerto_education.activities.nursery import scale


def execute() -> None:
	scale.seed()
	# The column is new: nobody can have chosen another number yet.
	frappe.db.set_value("Absence Reason", "Certificat médical", "nursery_waiting_days", 3)
