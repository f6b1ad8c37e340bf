"""What the family's form may call. Rights are checked by the first statement.

Types are enforced by Frappe, so no postponed annotations in this file.
"""

import frappe

from concerto_education.families import rights
from concerto_education.families.api_particulier import identity, service, settings


@frappe.whitelist()
def is_enabled() -> bool:
	"""Whether the form offers to ask. Needs the right to add quotients."""
	rights.require("Quotient", "create")
	return settings.is_enabled()


@frappe.whitelist(methods=["POST"])
def look_up(
	family: str,
	person: str,
	town_code: str = "",
	town: str = "",
	department: str = "",
	country_code: str = identity.FRANCE,
	month: str | None = None,
) -> dict:
	"""Ask the CAF or MSA about a representative. Needs the right to add quotients and to write the family."""
	rights.require("Quotient", "create")
	rights.require("Family", "write", family)
	return service.look_up(
		family, person, identity.Birthplace(town_code, town, department, country_code), month
	)


@frappe.whitelist(methods=["POST"])
def add(log: str, valid_from: str, valid_to: str | None = None) -> str:
	"""Add the quotient that one's own look-up found. Needs the right to add quotients; the family is the look-up's."""
	rights.require("Quotient", "create")
	family = frappe.db.get_value(service.LOG, log, "family")
	rights.require("Family", "write", family or "")
	return service.add(log, valid_from, valid_to)
