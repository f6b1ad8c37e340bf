"""Whom to call: representatives, then contacts to call in an emergency; never a forbidden one (R22)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import frappe
from frappe import _

from concerto_education.families.members import CHILD, CONTACT, REPRESENTATIVES

ORDER = (*REPRESENTATIVES, CONTACT)


def contacts_of(families: Iterable[str]) -> dict[str, list[dict]]:
	"""Persons of each family with their telephone numbers, in the order in which to call them. Two queries."""
	families = sorted(set(filter(None, families)))
	if not families:
		return {}
	member, person = frappe.qb.DocType("Family Member"), frappe.qb.DocType("Person")
	rows = (
		frappe.qb.from_(member)
		.join(person)
		.on(member.person == person.name)
		.select(
			member.parent,
			member.role,
			member.relation,
			member.may_collect,
			member.emergency,
			person.full_name,
			person.phone,
			person.phone_2,
		)
		.where((member.parenttype == "Family") & member.parent.isin(families))
		.where((member.role != CHILD) & (member.forbidden == 0))
		.orderby(member.parent, member.idx)
	).run(as_dict=True)
	home = _home_numbers(families)
	found: dict[str, list[dict]] = defaultdict(list)
	for row in sorted(rows, key=lambda row: ORDER.index(row.role)):
		if row.role == CONTACT and not row.emergency:
			continue
		phones = [phone_text(phone) for phone in (row.phone, row.phone_2) if phone]
		found[row.parent].append(
			{
				"name": row.full_name,
				"relation": row.relation or _(row.role),
				"phones": phones or home.get(row.parent, []),
				"may_collect": bool(row.may_collect) or row.role in REPRESENTATIVES,
			}
		)
	return dict(found)


def _home_numbers(families: list[str]) -> dict[str, list[str]]:
	"""The number of the dossier, where a person has none."""
	# For the list of whoever receives the children.
	rows = frappe.get_all("Family", filters={"name": ("in", families)}, fields=["name", "phone"])
	return {row.name: [phone_text(row.phone)] for row in rows if row.phone}


def phone_text(number: str) -> str:
	"""As it is dialled and read in France: “+33-612345678” is 06 12 34 56 78; a number from abroad stays."""
	digits = "".join(c for c in number if c.isdigit() or c == "+")
	if digits.startswith("+33"):
		digits = "0" + digits[3:]
	if len(digits) != 10 or not digits.startswith("0"):
		return number
	return " ".join(digits[place : place + 2] for place in range(0, 10, 2))
