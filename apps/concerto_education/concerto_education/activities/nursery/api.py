"""What forms of nurseries ask for."""

from __future__ import annotations

import frappe
from frappe.query_builder import DocType

from concerto_education.activities.nursery.contracts import HOURS
from concerto_education.families.rights import require


@frappe.whitelist()
@frappe.validate_and_sanitize_search_inputs
def enrolments_by_hours(
	doctype: str, txt: str, searchfield: str, start: int, page_len: int, filters: dict | None = None
) -> list:
	"""Enrolments of activities billed by hours that the user may see, by name of the child."""
	require("Enrolment", "read")
	# Names only: which of them may be seen is asked right below.
	activities = frappe.get_all("Activity", filters={"billing_rule": HOURS}, pluck="name")
	visible = frappe.get_list(
		"Enrolment",
		filters={"activity": ("in", activities or [""]), "status": "Confirmed"},
		pluck="name",
		limit_page_length=0,
	)
	Enrolment, Person = DocType("Enrolment"), DocType("Person")
	return (
		frappe.qb.from_(Enrolment)
		.join(Person)
		.on(Person.name == Enrolment.person)
		.select(Enrolment.name, Person.full_name, Enrolment.activity, Enrolment.site)
		.where(
			Enrolment.name.isin(visible or [""])
			& (Person.full_name.like(f"%{txt}%") | Enrolment.name.like(f"%{txt}%"))
		)
		.orderby(Person.full_name)
		.limit(page_len)
		.offset(start)
	).run()
