"""Hours of units and of booking rules are text now, written as 07:30."""

import frappe
from pypika.functions import Substring

FIELDS = {
	"Activity": ("booking_time", "cancelling_time"),
	"Activity Model": ("booking_time", "cancelling_time"),
	"Activity Unit": ("starts_at", "ends_at"),
}


def execute() -> None:
	for doctype, fields in FIELDS.items():
		table = frappe.qb.DocType(doctype)
		for field in fields:
			# What was a time of the database is text as 07:30:00.000000 after the change of type.
			(
				frappe.qb.update(table)
				.set(table[field], Substring(table[field], 1, 5))
				.where(table[field].like("__:__:%"))
			).run()
	frappe.clear_cache()
