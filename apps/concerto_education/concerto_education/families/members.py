"""Who is in a family, and what is refused (R12, R22)."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.utils import cint

from concerto_education.families.errors import (
	DuplicateMember,
	ForbiddenContact,
	ForbiddenNotContact,
	InvalidName,
	InvalidPostcode,
	MemberIsPayer,
	NoMember,
	SecondRepresentative,
)
from concerto_education.families.names import family_name, is_name

CHILD = "Child"
CONTACT = "Contact"
REPRESENTATIVES = ("Representative 1", "Representative 2")
PEOPLE_LENGTH = 240


def complete(family) -> None:
	"""Fill what follows from the rest: copies of the persons, the family's name."""
	for row in family.members or []:
		if row.role == CHILD:
			row.may_collect = row.emergency = 0
	if not (family.family_name or "").strip() and family.members:
		ordered = sorted(family.members, key=lambda row: (row.role not in REPRESENTATIVES, row.role or ""))
		family.family_name = frappe.db.get_value("Person", ordered[0].person, "last_name")
	family.people = people_of(family.members or [])


def people_of(rows) -> str:
	"""First names, adults then children, so that a list tells one MARTIN from another: ``Claire, Jean · Lea``."""
	# Names only, of persons that the family shows anyway.
	names = dict(
		frappe.get_all(
			"Person",
			filters={"name": ("in", [row.person for row in rows])},
			fields=["name", "first_name"],
			as_list=True,
		)
	)
	return people_text(
		[names.get(row.person) or "" for row in rows if row.role in REPRESENTATIVES],
		[names.get(row.person) or "" for row in rows if row.role == CHILD],
	)


def people_text(representatives: list[str], children: list[str]) -> str:
	"""The same from first names, for who inserts families in bulk."""
	return " · ".join(filter(None, (", ".join(representatives), ", ".join(children))))[:PEOPLE_LENGTH]


def refresh_people(family: str) -> None:
	"""A first name was corrected: bring the family's line up to date, without saving the family."""
	rows = frappe.get_all(  # all members, whatever the user may read
		"Family Member",
		filters={"parent": family, "parenttype": "Family"},
		fields=["person", "role"],
		order_by="idx asc",
	)
	frappe.db.set_value("Family", family, "people", people_of(rows), update_modified=False)


def check(family) -> None:
	"""Throw the first rule that the family breaks."""
	if not family.members:
		frappe.throw(_("Members: a dossier has at least one person (R12)"), NoMember)
	if not is_name(family_name(family.family_name)):
		frappe.throw(
			_("{0}: “{1}” is not a name. Use letters only (R13)").format(
				_("Family Name"), family.family_name
			),
			InvalidName,
		)
	_check_rows(family)
	check_postcode(family)
	_check_payers(family)


def _check_rows(family) -> None:
	persons, representatives = set(), set()
	for row in family.members:
		if row.person in persons:
			frappe.throw(
				_("Members: {0} is there twice (row {1})").format(name_of(row), row.idx), DuplicateMember
			)
		persons.add(row.person)
		if row.role in REPRESENTATIVES:
			if row.role in representatives:
				frappe.throw(
					_("Members: a family has only one “{0}” (row {1})").format(_(row.role), row.idx),
					SecondRepresentative,
				)
			representatives.add(row.role)
		if not cint(row.forbidden):
			continue
		if row.role != CONTACT:
			frappe.throw(
				_("Members: only a contact can be forbidden. Change the role of {0} first (R22)").format(
					name_of(row)
				),
				ForbiddenNotContact,
			)
		if cint(row.may_collect) or cint(row.emergency):
			frappe.throw(
				_(
					"Members: {0} is forbidden, and can neither collect the child nor be called in an emergency (R22)"
				).format(name_of(row)),
				ForbiddenContact,
			)


def _check_payers(family) -> None:
	"""Payers stay members, and none becomes a forbidden contact."""
	if family.is_new():
		return
	present = {row.person: row for row in family.members}
	# Whatever the user may read: a rule of the dossier, not a list for him.
	for payer in frappe.get_all(
		"Payer",
		filters={"family": family.name, "payer_kind": "Person", "active": 1},
		fields=["person", "recipient"],
	):
		row = present.get(payer.person)
		if not row:
			frappe.throw(
				_(
					"Members: {0} is a payer of this family. Deactivate the payer before removing the person"
				).format(payer.recipient),
				MemberIsPayer,
			)
		if cint(row.forbidden):
			frappe.throw(
				_("Members: {0} is a payer of this family and cannot be forbidden (R22)").format(
					payer.recipient
				),
				ForbiddenContact,
			)


def name_of(row) -> str:
	return row.full_name or frappe.db.get_value("Person", row.person, "full_name") or row.person


def check_postcode(doc) -> None:
	postcode = (doc.postcode or "").strip()
	if postcode and not (len(postcode) == 5 and postcode.isdigit()):
		frappe.throw(_("Postcode: five digits are needed, not “{0}”").format(postcode), InvalidPostcode)
	doc.postcode = postcode
