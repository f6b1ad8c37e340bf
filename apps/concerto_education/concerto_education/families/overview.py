"""What the family's form shows at a glance: people, quotient, payers, enrolments, and what other rooms add.

Rooms above this one contribute through the hook ``concerto_family_overview``: a function of the family's name
that returns figures ``{"label", "value", "detail"?, "kind"?, "tab"?}``. So billing shows its balance here, and
this room knows nothing of billing.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import frappe
from frappe import _
from frappe.utils import cint, getdate, today

from concerto_education.families import payers, quotients
from concerto_education.families.documents import overview as documents_overview
from concerto_education.families.health.view import short_marks
from concerto_education.families.placement.days import hosts_of

HOOK = "concerto_family_overview"


@frappe.whitelist()
def family_overview(family: str) -> dict[str, Any]:
	"""All that the form of one family shows besides its fields. Needs the right to read the family."""
	doc = frappe.get_doc("Family", family)
	doc.check_permission("read")
	documents = documents_overview.of_family(doc.name)
	return {
		"members": _members(doc),
		"quotient": _quotient_today(doc.name),
		"quotients": _quotient_timeline(doc.name),
		"payers": _payers(doc.name),
		"enrolments": _enrolments(doc.name),
		"documents": documents,
		"figures": [*_figures(doc.name), *documents.pop("figures")],
	}


def age_on(birth_date: date | None, day: date) -> int | None:
	"""Age in whole years; a child born on 29 February is a year older on 1 March."""
	if not birth_date:
		return None
	return day.year - birth_date.year - ((day.month, day.day) < (birth_date.month, birth_date.day))


def age_text(birth_date: date | None, day: date) -> str:
	"""As people say it: months under two years."""
	years = age_on(birth_date, day)
	if years is None or years < 0:
		return ""
	if years >= 2:
		return _("{0} years").format(years)
	months = (day.year - birth_date.year) * 12 + day.month - birth_date.month - (day.day < birth_date.day)
	return _("{0} months").format(months)


def _members(doc) -> list[dict]:
	now = getdate(today())
	# The family may be read, so its members may be seen; school and telephone live on the person.
	persons = {
		row.name: row
		for row in frappe.get_all(
			"Person",
			filters={"name": ("in", [member.person for member in doc.members])},
			fields=["name", "full_name", "birth_date", "school", "school_class", "phone"],
		)
	}
	health = short_marks([member.person for member in doc.members])
	rows = []
	for member in doc.members:
		person = persons.get(member.person) or frappe._dict(name=member.person, full_name=member.full_name)
		rows.append(
			{
				"person": person.name,
				"full_name": person.full_name,
				"role": member.role,
				"relation": member.relation,
				"age": age_text(person.birth_date, now),
				"school": " · ".join(part for part in (person.school, person.school_class) if part),
				"phone": person.phone,
				"may_collect": cint(member.may_collect),
				"emergency": cint(member.emergency),
				"forbidden": cint(member.forbidden),
				"health": health.get(member.person, []),
			}
		)
	return rows


def _quotient_today(family: str) -> dict | None:
	if not frappe.has_permission("Quotient", "read"):
		return None
	found = quotients.histories([family])[family].as_map().get(getdate(today()))
	if not found:
		return {"missing": True}
	return {
		"value": float(found.value),
		"unknown": found.is_unknown,
		"source": found.source,
		"until": found.span.end,
	}


def _quotient_timeline(family: str) -> list[dict]:
	"""All recorded QF, latest first, each with the stretches of time in which it holds (R14)."""
	if not frappe.has_permission("Quotient", "read"):
		return []
	now = getdate(today())
	history = quotients.histories([family])[family]
	held: dict[str, list] = {}
	for span, record in history.as_map():
		held.setdefault(record.id, []).append(span)
	return [
		{
			"name": record.id,
			"value": float(record.value),
			"unknown": record.is_unknown,
			"source": record.source,
			"valid_from": record.span.start,
			"valid_to": record.span.end,
			"recorded_at": record.recorded_at,
			"current": any(now in span for span in held.get(record.id, [])),
			"replaced": record.id not in held,
			"held": [{"from": span.start, "to": span.end} for span in held.get(record.id, [])],
		}
		for record in reversed(history.records)
	]


def _payers(family: str) -> list[dict]:
	rows = frappe.get_list(
		"Payer",
		filters={"family": family},
		fields=["name", "recipient", "capacity", "active", "invoice_by", "email"],
		order_by="active desc, creation asc",
	)
	blocks = payers.address_blocks(row.name for row in rows)
	# That a child is placed is not for everybody who reads the dossier (R17).
	hosts = hosts_of(family, getdate(today())) if frappe.has_permission("Placement", "read") else []
	return [
		{
			**row,
			"lines": list(blocks[row.name].lines),
			"pays_for_placed": [one for one in hosts if one["payer"] == row.name],
			"replaced": [one for one in hosts if one["payer"] != row.name and row.active],
		}
		for row in rows
	]


def _enrolments(family: str) -> list[dict]:
	"""Enrolments that hold today or later, as far as the user may see their sites."""
	if not frappe.has_permission("Enrolment", "read"):
		return []
	rows = frappe.get_list(
		"Enrolment",
		filters={"family": family, "status": "Confirmed", "valid_to": (">=", today())},
		fields=["name", "person", "activity", "site", "category", "valid_from", "valid_to"],
		order_by="person asc, activity asc",
	)
	return [dict(row) for row in rows]


def _figures(family: str) -> list[dict]:
	return [figure for path in frappe.get_hooks(HOOK) for figure in frappe.get_attr(path)(family) or []]
