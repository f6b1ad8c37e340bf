"""Whose health a user may read: asked of the DocType, so that an administrator changes it in the Role Permission Manager.

Coordinators and directors read it of the children enrolled at their sites, and of those who are enrolled nowhere yet
(``permissions.py``). Whoever ticks at a site sees marks on its lists without that right: ``lists.py``.
"""

from __future__ import annotations

from collections.abc import Iterable

import frappe
from frappe import _

from concerto_education.families.health.service import RECORD


def may_read() -> bool:
	"""The role reads health, of some persons at least."""
	return bool(frappe.has_permission(RECORD, "read")) and 1 in _levels("read")


def may_write() -> bool:
	return bool(frappe.has_permission(RECORD, "write")) and 1 in _levels("write")


def _levels(right: str) -> set[int]:
	if frappe.session.user == "Administrator":
		return {0, 1}
	held = set(frappe.get_roles())
	return {
		int(rule.permlevel or 0)
		for rule in frappe.get_meta(RECORD).permissions
		if rule.role in held and rule.get(right)
	}


def readable(persons: Iterable[str]) -> list[str]:
	"""Those of the persons whose record is there, and may be read by the session user."""
	persons = list(persons)
	if not persons or not may_read():
		return []
	return frappe.get_list(RECORD, filters={"person": ("in", persons)}, pluck="person", limit_page_length=0)


def require_read() -> None:
	if not may_read():
		frappe.throw(_("You may not read the health of children and adults"), frappe.PermissionError)


def require_write(person: str) -> None:
	"""For the record of a person that may not be there yet."""
	record = frappe.db.get_value(RECORD, {"person": person}, "name")
	doc = frappe.get_doc(RECORD, record) if record else frappe.new_doc(RECORD, person=person)
	allowed = may_write() and (
		doc.has_permission("write") if record else frappe.has_permission(RECORD, "create", doc=doc)
	)
	if not allowed or not frappe.has_permission("Person", "read", doc=person):
		frappe.throw(_("You may not change the health of this person"), frappe.PermissionError)
