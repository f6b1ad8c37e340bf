"""Badges: a random code for each child, which only this system can turn into a name.

| what       | where                                                                                        |
|------------|----------------------------------------------------------------------------------------------|
| the code   | on the badge, as a QR code; in the database, in a field that no role reads                     |
| its SHA-256 | on tablets, with the child's name, so that they recognise a badge without network            |

A code is never used again: a lost badge is taken back, and the child gets a new record with a new code.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import frappe
from frappe import _
from frappe.utils import format_datetime, now_datetime

from concerto_education.attendance.errors import BadgeNotActive, BadgesSwitchedOff, ReasonNeeded

ACTIVE, TAKEN_BACK = "Active", "Taken Back"
# Stands before the code, so that a tablet knows our badges from any other QR code. The scripts of the tablet know it too.
PREFIX = "CB1:"
BYTES = 16  # 128 bits: nobody guesses one


def in_use() -> bool:
	return bool(frappe.get_cached_doc("Authority Settings").use_badges)


def require_in_use() -> None:
	if not in_use():
		frappe.throw(
			_("Badges are not in use: an administrator switches them on in the settings of the authority"),
			BadgesSwitchedOff,
		)


def fingerprint(token: str) -> str:
	return hashlib.sha256(token.encode()).hexdigest()


def fingerprints(persons: Iterable[str]) -> dict[str, str]:
	"""What tablets keep, by person. Empty where badges are not in use."""
	persons = sorted(set(persons))
	if not persons or not in_use():
		return {}
	# For whoever ticks at the site of these children; the code itself stays here.
	rows = frappe.get_all(
		"Child Badge",
		filters={"person": ("in", persons), "status": ACTIVE},
		fields=["person", "token_hash"],
	)
	return {row.person: row.token_hash for row in rows}


def known(marks: Iterable[str]) -> dict[str, Any]:
	"""Badges by their fingerprints, with those that were taken back. One query."""
	marks = sorted(set(marks))
	if not marks:
		return {}
	# For ticks whose right is asked one by one; the code itself stays here.
	rows = frappe.get_all(
		"Child Badge",
		filters={"token_hash": ("in", marks)},
		fields=["token_hash", "person", "status", "taken_back_at"],
	)
	return {row.token_hash: row for row in rows}


def why_not(badge: Any, person: str | None, moment: datetime) -> str:
	"""Why a badge (of ``known``) did not open the list for this person at that moment; empty if it did."""
	if not badge or badge.person != person:
		return _("This badge is unknown here")
	if badge.status == ACTIVE or badge.taken_back_at > moment:
		return ""
	return _("The badge was taken back on {0}: tick the child by its name, if it was there").format(
		format_datetime(badge.taken_back_at, "dd/MM/yyyy HH:mm")
	)


def issue(persons: Iterable[str]) -> dict[str, str]:
	"""The codes of these persons; who has none gets one. The caller has checked the right."""
	require_in_use()
	persons = list(dict.fromkeys(persons))
	# Below the field's level, where no role reads: the caller prints them.
	rows = frappe.get_all(
		"Child Badge",
		filters={"person": ("in", persons), "status": ACTIVE},
		fields=["person", "token"],
	)
	found = {row.person: row.token for row in rows}
	for person in persons:
		if person not in found:
			found[person] = _new(person)
	return {person: found[person] for person in persons}


def _new(person: str) -> str:
	token = secrets.token_urlsafe(BYTES)
	doc = frappe.new_doc("Child Badge")
	doc.update(
		{
			"person": person,
			"status": ACTIVE,
			"token": token,
			"token_hash": fingerprint(token),
			"issued_at": now_datetime(),
			"issued_by": frappe.session.user,
		}
	)
	doc.flags.by_service = True
	# Nobody writes badges by hand; the right to make them was checked by the caller.
	doc.insert(ignore_permissions=True)
	return token


def take_back(person: str, because: str) -> int:
	"""The active badge of a person opens nothing any more. Returns how many there were."""
	if not because.strip():
		frappe.throw(_("Say why the badge is taken back"), ReasonNeeded)
	# Locked: two colleagues who take back at once do it once. The caller has checked the right.
	names = frappe.get_all("Child Badge", filters={"person": person, "status": ACTIVE}, pluck="name")
	for name in names:
		doc = frappe.get_doc("Child Badge", name, for_update=True)
		doc.update(
			{
				"status": TAKEN_BACK,
				"taken_back_at": now_datetime(),
				"taken_back_by": frappe.session.user,
				"taken_back_because": because.strip()[:500],
			}
		)
		doc.flags.by_service = True
		# Nobody changes badges by hand; the right to take them back was checked by the caller.
		doc.save(ignore_permissions=True)
	return len(names)


def renew(person: str, because: str) -> str:
	"""Another code; the old badge is worth nothing from now on."""
	require_in_use()
	take_back(person, because)
	return _new(person)


def find(token: str) -> tuple[str | None, str]:
	"""Whose badge this is, or None and why it opens nothing."""
	require_in_use()
	# By its fingerprint, so that the comparison says nothing about the code.
	found = frappe.db.get_value(
		"Child Badge", {"token_hash": fingerprint(token)}, ["person", "status"], as_dict=True
	)
	if not found:
		return None, _("This badge is unknown here")
	if found.status != ACTIVE:
		return None, _("This badge was taken back: ask the child for its name")
	return found.person, ""


def person_of(token: str) -> str:
	"""Whose badge this is. Throws BadgeNotActive for one that is unknown or was taken back."""
	person, reason = find(token)
	if not person:
		frappe.throw(reason, BadgeNotActive)
	return person
