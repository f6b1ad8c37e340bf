"""Who ticks and who judges an absence (R10, R31).

Ticking: whoever works at the site with the role Attendance Agent, and whoever may judge.
Late pick-ups: whoever may create the record, that is coordinators and directors.
Judging (A, AJ, cancelled): whoever the DocType lets write Attendance. So an administrator changes both
in the Role Permission Manager. The site always counts: it is asked of the Site record itself.
"""

from __future__ import annotations

import frappe
from frappe import _

from concerto_education.attendance.errors import NotJudging, NotPlanning, NotRecordingLate, NotTicking
from concerto_education.authority.roles import ATTENDANCE_AGENT


def may_read(site: str) -> bool:
	return bool(
		frappe.has_permission("Attendance", "read") and frappe.has_permission("Site", "read", doc=site)
	)


def may_judge(site: str) -> bool:
	return may_read(site) and bool(frappe.has_permission("Attendance", "write"))


def may_tick(site: str) -> bool:
	return may_judge(site) or (may_read(site) and ATTENDANCE_AGENT in frappe.get_roles())


def require_read(site: str) -> None:
	if not may_read(site):
		frappe.throw(_("You may not read the attendance of {0}").format(site), frappe.PermissionError)


def require_tick(site: str) -> None:
	if not may_tick(site):
		frappe.throw(_("You may not tick at {0} (R10)").format(site), NotTicking)


def require_judge(site: str) -> None:
	if not may_judge(site):
		frappe.throw(_("You may not record absences at {0} (R10)").format(site), NotJudging)


def require_plan(site: str) -> None:
	"""Forecasts are changed by whoever judges absences: both decide what is billed."""
	if not may_judge(site):
		frappe.throw(_("You may not change the forecasts of {0} (R10)").format(site), NotPlanning)


def may_record_late(site: str) -> bool:
	return may_read(site) and bool(frappe.has_permission("Late Pickup", "create"))


def require_record_late(site: str) -> None:
	if not may_record_late(site):
		frappe.throw(
			_("Only coordinators and directors record late pick-ups at {0} (R10)").format(site),
			NotRecordingLate,
		)
