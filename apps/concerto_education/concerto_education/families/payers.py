"""Who receives the invoices of a family, and how they are addressed (R17–R19)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import frappe
from frappe import _
from frappe.utils import cint, getdate, today

from concerto_education.families.errors import (
	ConsentInFuture,
	DuplicatePayer,
	ForbiddenContact,
	IncompleteAddress,
	NoEmailForInvoice,
	PayerIsChild,
	PayerIsFixed,
	PayerNotInFamily,
	StaffLogin,
)
from concerto_education.families.members import CHILD, REPRESENTATIVES, check_postcode

PERSON = "Person"
ORGANISATION = "Organisation"
ADULT_AGE = 18

# An envelope is written in the language of the post, whatever the language of the clerk's screen.
_CIVILITY = {"M.": "Monsieur", "Mme": "Madame"}
_COUPLE = {
	("M.", "Mme"): "Monsieur et Madame",
	("Mme", "M."): "Monsieur et Madame",
	("M.", "M."): "Messieurs",
	("Mme", "Mme"): "Mesdames",
}


@dataclass(frozen=True, slots=True)
class AddressBlock:
	"""What is printed in the window of the envelope, and where the invoice goes by e-mail."""

	recipient: str
	lines: tuple[str, ...]
	email: str | None = None

	def as_text(self) -> str:
		return "\n".join((self.recipient, *self.lines))


# ---------------------------------------------------------------- saving a payer


def complete(payer) -> None:
	"""Fill what follows from the person or organisation."""
	if payer.payer_kind == ORGANISATION:
		payer.person = None
		payer.capacity = "Organisation"
		source = ("Organisation", payer.organisation)
	else:
		payer.organisation = None
		source = ("Person", payer.person)
		role = member_role(payer.family, payer.person)
		if role in REPRESENTATIVES:
			payer.capacity = "Representative"
		elif payer.capacity not in ("Contact", "Foster Carer"):
			payer.capacity = "Contact"
	if not payer.email and source[1]:
		payer.email = frappe.db.get_value(*source, "email")
	if payer.payer_kind == PERSON:
		payer.user = frappe.db.get_value("Person", payer.person, "user") if payer.person else None
	if not cint(payer.own_address):
		payer.address_line1 = payer.address_line2 = payer.postcode = payer.town = None
	_complete_consent(payer)
	_complete_recipient(payer)


def _complete_consent(payer) -> None:
	"""Invoices by e-mail are a choice of the family, with its date; who goes back to the post has none any more."""
	if payer.invoice_by != "E-mail":
		payer.email_consent_date = None
	elif not payer.email_consent_date:
		payer.email_consent_date = today()


def _complete_recipient(payer) -> None:
	"""Compute the recipient, unless somebody wrote another one; emptying the field goes back to automatic."""
	typed = (payer.recipient or "").strip()
	before = payer.get_doc_before_save()
	automatic = recipient_of(payer)
	if not typed or typed == automatic:
		payer.recipient_by_hand = 0
	elif not before or typed != before.recipient:
		payer.recipient_by_hand = 1
	payer.recipient = typed if cint(payer.recipient_by_hand) else automatic


def check(payer) -> None:
	"""Throw the first rule that a payer breaks."""
	_check_fixed(payer)
	_check_family(payer)
	if payer.payer_kind == PERSON:
		_check_person(payer)
	_check_duplicate(payer)
	if cint(payer.own_address):
		if not (payer.address_line1 and payer.postcode and payer.town):
			frappe.throw(
				_("Own Address: enter the address, the postcode and the town, or untick it"),
				IncompleteAddress,
			)
		check_postcode(payer)
	_check_login(payer)
	if payer.invoice_by == "E-mail" and not payer.email:
		frappe.throw(_("E-mail: it is needed to send invoices by e-mail"), NoEmailForInvoice)
	if payer.email_consent_date and getdate(payer.email_consent_date) > getdate(today()):
		frappe.throw(_("Chosen On: the day of the choice is not to come"), ConsentInFuture)


def _check_fixed(payer) -> None:
	before = payer.get_doc_before_save()
	if before and any(
		(before.get(field) or None) != (payer.get(field) or None)
		for field in ("family", "payer_kind", "person", "organisation")
	):
		frappe.throw(
			_("A payer stays the same person or organisation. Deactivate this one and add another"),
			PayerIsFixed,
		)


def _check_family(payer) -> None:
	"""A payer is one of a family. A funder belongs to none: it is made by the rules of fundings, once (R29)."""
	if not cint(payer.is_funder):
		if not payer.family:
			frappe.throw(_("Family: name the family whose payer this is"), frappe.MandatoryError)
	elif payer.family or payer.payer_kind != ORGANISATION:
		frappe.throw(_("A funder is an organisation and belongs to no family"), PayerNotInFamily)


def _check_person(payer) -> None:
	row = frappe.db.get_value(
		"Family Member",
		{"parent": payer.family, "parenttype": "Family", "person": payer.person},
		["role", "forbidden", "birth_date", "full_name"],
		as_dict=True,
	)
	if not row:
		frappe.throw(
			_("Person: a payer is a member of the family. Add the person as a contact first (R22)"),
			PayerNotInFamily,
		)
	if cint(row.forbidden) and cint(payer.active):
		frappe.throw(
			_("Person: {0} is a forbidden contact and cannot pay (R22)").format(row.full_name),
			ForbiddenContact,
		)
	if row.role == CHILD and not _is_adult(row.birth_date):
		frappe.throw(
			_("Person: {0} is a child of the family and cannot pay").format(row.full_name), PayerIsChild
		)


def _check_login(payer) -> None:
	"""An account of the staff reads dossiers by its role; as a login of a payer it would be one of a family too."""
	if payer.payer_kind != ORGANISATION or not payer.user:
		return
	if frappe.db.get_value("User", payer.user, "user_type") != "Website User":
		frappe.throw(
			_("Portal Login: {0} is an account of the staff, not of the portal").format(payer.user),
			StaffLogin,
		)


def _is_adult(birth_date) -> bool:
	if not birth_date:
		return False
	born, now = getdate(birth_date), getdate(today())
	return now.year - born.year - ((now.month, now.day) < (born.month, born.day)) >= ADULT_AGE


def _check_duplicate(payer) -> None:
	if payer.merged_into:
		return  # kept for its invoices only, see merge_parts.py
	field = "person" if payer.payer_kind == PERSON else "organisation"
	if frappe.db.exists(
		"Payer",
		{
			"family": payer.family or ("is", "not set"),
			field: payer.get(field),
			"name": ("!=", payer.name or ""),
			"merged_into": ("is", "not set"),
		},
	):
		frappe.throw(_("{0} is already a payer of this family").format(payer.recipient), DuplicatePayer)


def member_role(family: str | None, person: str | None) -> str | None:
	if not family or not person:
		return None
	return frappe.db.get_value(
		"Family Member", {"parent": family, "parenttype": "Family", "person": person}, "role"
	)


# ---------------------------------------------------------------- the recipient


def recipient_of(payer) -> str:
	"""First line of the address: the couple where one payer stands for both representatives (R19), else one name."""
	if payer.payer_kind == ORGANISATION:
		return frappe.db.get_value("Organisation", payer.organisation, "organisation_name") or ""
	couple = _couple_of(payer)
	persons = _persons([payer.person, *couple])
	if payer.person not in persons:
		return ""
	me = persons[payer.person]
	other = next((persons[name] for name in couple if name in persons and name != payer.person), None)
	return addressed_to(me, other)


def addressed_to(payer, partner=None) -> str:
	"""The line itself, from what is known of the persons. Bulk creation uses it too."""
	return _for_two(payer, partner) if partner else _for_one(payer)


def _couple_of(payer) -> list[str]:
	"""Both representatives, if this payer is one of them and pays for both from the family's address."""
	if cint(payer.own_address) or not cint(payer.active):
		return []
	# Rules of the address look at the whole family, whatever the user may read.
	representatives = frappe.get_all(
		"Family Member",
		filters={"parent": payer.family, "parenttype": "Family", "role": ("in", REPRESENTATIVES)},
		pluck="person",
		order_by="role asc",
	)
	if len(representatives) != 2 or payer.person not in representatives:
		return []
	other = representatives[1 - representatives.index(payer.person)]
	if frappe.db.exists("Payer", {"family": payer.family, "person": other, "active": 1}):
		return []  # two payers, two invoices: each is addressed alone
	return representatives


def _persons(names: Iterable[str]) -> dict[str, frappe._dict]:
	rows = frappe.get_all(  # an address is composed whatever the user may read
		"Person",
		filters={"name": ("in", [name for name in names if name])},
		fields=["name", "civility", "last_name", "usage_name", "first_name"],
	)
	return {row.name: row for row in rows}


def _for_one(person) -> str:
	civility = _CIVILITY.get(person.civility)
	name = f"{person.usage_name or person.last_name} {person.first_name}"
	return f"{civility} {name}" if civility else name


def _for_two(payer, other) -> str:
	"""One name for a couple that bears one, else both persons in full."""
	title = _COUPLE.get((payer.civility, other.civility))
	mine = payer.usage_name or payer.last_name
	theirs = other.usage_name or other.last_name
	if title and mine == theirs:
		first = payer if payer.civility == "M." or other.civility != "M." else other
		if title == "Monsieur et Madame":
			return f"{title} {mine} {first.first_name}"
		return f"{title} {mine} {payer.first_name} et {other.first_name}"
	return f"{_for_one(payer)} et {_for_one(other)}"


def refresh_recipients(family: str | None) -> None:
	"""Bring the computed recipients of a family up to date: one payer more or less changes the other's."""
	if not family:
		return  # a funder
	# All payers of the family, whatever the user may read; straight on the table, because nothing else changes.
	for payer in frappe.get_all(
		"Payer",
		filters={"family": family, "recipient_by_hand": 0},
		fields=[
			"name",
			"family",
			"payer_kind",
			"person",
			"organisation",
			"own_address",
			"active",
			"recipient",
		],
	):
		recipient = recipient_of(payer)
		if recipient and recipient != payer.recipient:
			frappe.db.set_value("Payer", payer.name, "recipient", recipient)


# ---------------------------------------------------------------- address blocks of many payers


def address_blocks(payers: Iterable[str]) -> dict[str, AddressBlock]:
	"""Address of each payer, in a constant number of queries: own, else family or organisation, else authority (R17)."""
	wanted = list(dict.fromkeys(payers))
	if not wanted:
		return {}
	# For documents that the caller may make: his permission was checked there.
	rows = frappe.get_all(
		"Payer",
		filters={"name": ("in", wanted)},
		fields=["name", "family", "organisation", "recipient", "email", "own_address", *_ADDRESS],
	)
	families = _addresses("Family", {row.family for row in rows})
	organisations = _addresses("Organisation", {row.organisation for row in rows if row.organisation})
	authority = frappe.get_cached_doc("Authority Settings")
	blocks = {}
	for row in rows:
		candidates = [
			row if cint(row.own_address) else None,
			organisations.get(row.organisation) if row.organisation else None,
			families.get(row.family),
			authority,
		]
		source = next(filter(_has_address, candidates), authority)
		blocks[row.name] = AddressBlock(row.recipient or "", address_lines(source), row.email or None)
	return blocks


_ADDRESS = ("address_line1", "address_line2", "postcode", "town")


def _addresses(doctype: str, names: set[str]) -> Mapping[str, frappe._dict]:
	if not names:
		return {}
	rows = frappe.get_all(doctype, filters={"name": ("in", list(names))}, fields=["name", *_ADDRESS])
	return {row.name: row for row in rows}


def _has_address(source) -> bool:
	return bool(source and source.get("town") and (source.get("address_line1") or source.get("postcode")))


def address_lines(source) -> tuple[str, ...]:
	"""The lines of an address as the post wants them, town in capitals."""
	town = " ".join(part for part in (source.get("postcode"), (source.get("town") or "").upper()) if part)
	return tuple(line for line in (source.get("address_line1"), source.get("address_line2"), town) if line)
