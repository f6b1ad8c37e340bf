"""Adding to a health record, which is made at the first need."""

from __future__ import annotations

from typing import Any

import frappe

from concerto_education.families.health.service import RECORD


def record_of(person: str):
	"""The record of the person, made if it is not there; with the user's own rights."""
	# Two colleagues press the button at once: the second waits, and finds the first one's record.
	frappe.db.get_value("Person", person, "name", for_update=True)
	name = frappe.db.get_value(RECORD, {"person": person}, "name")
	if name:
		return frappe.get_doc(RECORD, name)
	return frappe.get_doc({"doctype": RECORD, "person": person}).insert()


def add(person: str, table: str, **values: Any) -> str:
	"""Add a row to one of the record's tables; all rules of the record are checked. Returns the record's name."""
	record = record_of(person)
	record.append(table, values)
	record.save()
	return record.name
