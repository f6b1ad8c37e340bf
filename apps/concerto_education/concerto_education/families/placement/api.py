"""What the family's form may call about placed children. Rights are checked by the first statement.

Types are enforced by Frappe, so no postponed annotations in this file.
"""

import frappe
from frappe import _
from frappe.utils import getdate, today

from concerto_education.authority import inputs
from concerto_education.families import rights
from concerto_education.families.placement import rules, service

DOCTYPE = "Placement"


@frappe.whitelist()
def placements_of(family: str) -> list:
	"""Placements of a family, latest first. Nothing for those who may not read placements."""
	rights.require("Family", "read", family)
	if not frappe.has_permission(DOCTYPE, "read"):
		return []
	rows = frappe.get_list(
		DOCTYPE,
		filters={"family": family},
		fields=["name", "person", "carer", "organisation", "payer", "valid_from", "valid_to", "pays_from"],
		order_by="valid_from desc",
	)
	now = getdate(today())
	return [
		{
			**row,
			"child": frappe.db.get_value("Person", row.person, "full_name"),
			"host": service.host_name(row),
			"current": row.valid_from <= now and (not row.valid_to or row.valid_to >= now),
		}
		for row in rows
	]


@frappe.whitelist()
def suggest(family: str, person: str, carer: str | None = None) -> dict:
	"""What the dialog fills in: from when the host can pay, and the address of a carer who is known here."""
	rights.require(DOCTYPE, "create")
	rights.require("Family", "read", family)
	invoiced = rules.invoiced_until(person)
	found = {"invoiced_until": invoiced, "address": {}}
	if carer:
		rights.require("Person", "read", carer)
		found["address"] = _address_of(carer)
	return found


def _address_of(carer: str) -> dict:
	"""Own address of the carer as payer, else that of the dossier in which the carer is a representative."""
	# Where the person may be read, so may the address: it is copied into the dialog and shown.
	for row in frappe.get_all(
		"Payer",
		filters={"person": carer, "own_address": 1},
		fields=list(service.ADDRESS),
		order_by="modified desc",
		limit=1,
	):
		return dict(row)
	home = frappe.db.get_value(
		"Family Member",
		{"person": carer, "parenttype": "Family", "role": ("like", "Representative%")},
		"parent",
	)
	return dict(frappe.db.get_value("Family", home, service.ADDRESS, as_dict=True) or {}) if home else {}


@frappe.whitelist(methods=["POST"])
def end_placement(placement: str, last_day: str) -> dict:
	"""The child goes home: from the day after, the payers that the enrolments name pay again (R17)."""
	rights.require(DOCTYPE, "write", placement)
	doc = frappe.get_doc(DOCTYPE, placement)
	doc.valid_to = inputs.day(last_day, _("Last Day"))
	doc.save()
	return {"pays_to": doc.pays_to, "enrolments": service.enrolments_of_host(doc)}
