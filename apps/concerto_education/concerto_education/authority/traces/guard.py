"""What was done stays written down: no role of the app changes or deletes a trace (R43).

Old traces go by the retention periods of the framework's Log Settings only, which work below documents. Which DocTypes are traces is said in ``hooks.py``.
"""

from __future__ import annotations

import frappe
from frappe import _


class TraceKept(frappe.PermissionError):
	"""A trace is never deleted by hand, by whomever (R43)."""


def refuse_deletion(doc, method: str | None = None) -> None:
	"""Doc event: throw unless the record goes with the site's own housekeeping."""
	if frappe.flags.in_uninstall or frappe.flags.in_install or frappe.flags.in_migrate:
		return
	frappe.throw(_("Traces are kept: they can't be deleted, by anybody (R43)"), TraceKept)
