"""What screens may call about health. Types are enforced by Frappe, so no postponed annotations in this file.

Rights are checked by the first statement of each endpoint; what is shown is recorded in the log of readings.
"""

import frappe

from concerto_education.families.health import changes, rights, view


@frappe.whitelist(methods=["POST"])
def health_of_person(person: str) -> dict:
	"""The health tab of a person. POST, because the reading is recorded."""
	rights.require_read()
	return view.of_persons([person], "Health Tab")


@frappe.whitelist(methods=["POST"])
def health_of_family(family: str) -> dict:
	"""The health tab of a dossier: its children, and its adults who have a record."""
	rights.require_read()
	doc = frappe.get_doc("Family", family)
	doc.check_permission("read")
	return view.of_members(doc)


@frappe.whitelist(methods=["POST"])
def open_record(person: str) -> str:
	"""The health record of a person, made empty if it is not there yet."""
	rights.require_write(person)
	return changes.record_of(person).name


@frappe.whitelist(methods=["POST"])
def add_allergy(
	person: str,
	allergen: str,
	other: str | None = None,
	severity: str | None = None,
	instructions: str | None = None,
	valid_from: str | None = None,
	valid_to: str | None = None,
) -> str:
	"""From the dialog of a person's or family's form; no end is the rule (R23)."""
	rights.require_write(person)
	return changes.add(
		person,
		"allergies",
		allergen=allergen,
		other=other,
		severity=severity,
		instructions=instructions,
		valid_from=valid_from or None,
		valid_to=valid_to or None,
	)


@frappe.whitelist(methods=["POST"])
def add_diet(person: str, diet: str, valid_from: str | None = None, valid_to: str | None = None) -> str:
	"""From the dialog of a person's or family's form."""
	rights.require_write(person)
	return changes.add(person, "diets", diet=diet, valid_from=valid_from or None, valid_to=valid_to or None)


@frappe.whitelist()
def may_see_health() -> dict:
	"""Whether the health tab is shown at all: about the asker alone."""
	return {"read": rights.may_read(), "write": rights.may_write()}
