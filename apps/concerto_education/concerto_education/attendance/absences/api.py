"""What the screen of absences calls. Types are enforced by Frappe, so no postponed annotations in this file.

Rights are asked by the first statement of each function called, of the sites of the stored rows.
"""

from datetime import date

import frappe

from concerto_education.attendance.absences import decide as decisions
from concerto_education.attendance.absences import expected


@frappe.whitelist()
def options() -> dict:
	"""Sites at which the user decides, activities, reasons."""
	return expected.options()


@frappe.whitelist()
def load(
	start: date,
	end: date,
	site: str | None = None,
	activity: str | None = None,
	school_class: str | None = None,
	status: str = "Planned",
) -> dict:
	"""Who was expected and not ticked, or whose absence was decided."""
	return expected.load(expected.Wanted(start, end, site, activity, school_class, status))


@frappe.whitelist(methods=["POST"])
def decide(
	names: list,
	status: str,
	reason: str | None = None,
	note: str | None = None,
	document_type: str | None = None,
	file: str | None = None,
) -> list:
	"""A, AJ, or present after all, for many rows. Returns what became of each."""
	return decisions.decide([str(name) for name in names], status, reason, note, document_type, file)
