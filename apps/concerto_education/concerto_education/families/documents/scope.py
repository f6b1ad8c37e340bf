"""Who sees which document: those about health only who may read the child's health (R10, R23).

One criterion for lists and for documents; whose health a user may read is decided in ``families/health``.
"""

from __future__ import annotations

import frappe
from frappe.utils import cint

from concerto_education.families.health import access_log
from concerto_education.families.health import rights as health_rights
from concerto_education.families.health.scope import criterion as health_criterion

DOCUMENT = "Family Document"
_SHOWN_FOR = frozenset({"read", "print", "email"})


def conditions(user: str | None = None) -> str:
	user = user or frappe.session.user
	if user == "Administrator":
		return ""
	ordinary = f"`tab{DOCUMENT}`.`health` = 0"
	if not may_read_health(user):
		return ordinary
	rule = health_criterion(user)
	if rule is None:
		return ""
	persons = rule.as_sql(DOCUMENT)
	return f"({ordinary} or `tab{DOCUMENT}`.`person` is null or {persons})"


def has_permission(doc, ptype: str | None = None, user: str | None = None) -> bool:
	"""The same, asked of one document; the stored one counts too, so that nobody unticks ``health`` to get in."""
	user = user or frappe.session.user
	stored = (
		None if doc.is_new() else frappe.db.get_value(DOCUMENT, doc.name, ["health", "person"], as_dict=True)
	)
	allowed = all(may_see(row, user) for row in (doc, stored) if row)
	is_health = any(cint(row.get("health")) for row in (doc, stored) if row)
	if allowed and is_health and ptype in _SHOWN_FOR and user == frappe.session.user:
		_note_reading(doc)
	return allowed


def may_see(row, user: str) -> bool:
	if not cint(row.get("health")) or user == "Administrator":
		return True
	if not may_read_health(user):
		return False
	rule = health_criterion(user)
	return rule is None or rule.holds(row.get("person"))


def may_read_health(user: str | None = None) -> bool:
	"""For the session user: a helper of the name only, so that others need not know where it is decided."""
	if user and user != frappe.session.user:
		return bool(frappe.has_permission(health_rights.RECORD, "read", user=user))
	return health_rights.may_read()


def sees_accounts(user: str | None = None) -> bool:
	"""Whether the role reads IBANs (permlevel 1 of Mandate)."""
	user = user or frappe.session.user
	if user == "Administrator":
		return True
	held = set(frappe.get_roles(user))
	return any(
		rule.permlevel == 1 and rule.read and rule.role in held
		for rule in frappe.get_meta("Mandate").permissions
	)


def _note_reading(doc) -> None:
	"""Every reading of health by staff is recorded, once in a request."""
	if doc.is_new() or not getattr(frappe.local, "request", None) or not doc.get("person"):
		return
	done = frappe.local.__dict__.setdefault("concerto_document_read", set())
	if doc.name not in done:
		done.add(doc.name)
		access_log.note([doc.person], access_log.source_of_request(), doc.document_type or "")
