"""What the month board calls of billing. Types are enforced by Frappe, so no postponed annotations in this file."""

import frappe
from frappe import _
from frappe.utils import getdate

from concerto_education.attendance.closing import first_of
from concerto_education.billing import scheduled


@frappe.whitelist(methods=["POST"])
def check_done(month: str, remark: str = "") -> bool:
	"""An administrator has finished the coherence check of a month: finance is told, and the board shows it (R33)."""
	if not frappe.has_permission("Coherence Settings", "write"):
		frappe.throw(_("Only administrators finish the coherence check (R33)"), frappe.PermissionError)
	who = frappe.db.get_value("User", frappe.session.user, "full_name")
	return scheduled.tell(
		scheduled.CHECKED, first_of(f"{month}-01"), getdate(), [], who=who, remark=remark.strip()
	)
