"""Who may search, compare and merge: asked of the framework, and of the administrators of R7 and R8."""

from __future__ import annotations

import frappe
from frappe import _

from concerto_education.authority import roles


def require_administrator() -> None:
	"""Throw PermissionError unless the user is an administrator. Not ``only_for``: that one lets tests pass."""
	user = frappe.session.user
	if user != "Administrator" and not set(frappe.get_roles(user)) & set(roles.ADMINISTRATORS):
		frappe.throw(
			_("Only administrators may see all duplicates and merge dossiers (R7, R8)"),
			frappe.PermissionError,
		)


def require(doctype: str, right: str, name: str | None = None) -> None:
	"""Throw PermissionError (403) unless the user has this right, on the DocType or on one record.

	Not ``has_permission(throw=True)``: older versions of the framework answer that with a ValidationError.
	"""
	if not frappe.has_permission(doctype, right, doc=name):
		frappe.throw(_("You have no right to do this with “{0}”").format(_(doctype)), frappe.PermissionError)
