"""Close and reopen the month of a site (R33). Each function checks the rights of the session user first."""

from __future__ import annotations

from datetime import date

import frappe
from frappe import _
from frappe.utils import formatdate, getdate, now_datetime

from concerto_education.attendance import errors, rights
from concerto_education.attendance.closing import left
from concerto_education.attendance.closing.months import CLOSED, OPEN, first_of, month_name, month_span
from concerto_education.authority import mail, roles

TEMPLATE = "Monthly close confirmed"
TOLD = (roles.SCHOOL_ADMINISTRATOR, roles.EARLY_CHILDHOOD_ADMINISTRATOR)


def record(site: str, month: date | str):
	"""The record of a month, locked; begun if there is none yet. The caller has checked the rights."""
	first = first_of(month)
	name = frappe.db.get_value("Monthly Close", {"site": site, "month": first}, for_update=True)
	if name:
		return frappe.get_doc("Monthly Close", name, for_update=True)
	doc = frappe.new_doc("Monthly Close")
	doc.update({"site": site, "month": first, "state": OPEN})
	return save(doc)


def save(doc):
	doc.flags.by_service = True
	# Nobody writes these records by hand; who may close or reopen was checked for the site.
	return doc.save(ignore_permissions=True)


def close(site: str, month: date | str, remark: str = ""):
	"""The responsible of a site confirms its attendance of a month. Refused while something is left to do.

	The transaction must be fresh (see ``api.py``): what is counted after the lock is then all that was ticked.
	"""
	rights.require_judge(site)
	month = first_of(month)
	if month_span(month).end >= getdate():
		frappe.throw(
			_("{0} is not over yet. It can be closed from {1} on (R33)").format(
				month_name(month), formatdate(frappe.utils.add_days(month_span(month).end, 1))
			),
			errors.MonthNotOver,
		)
	doc = record(site, month)
	if doc.state == CLOSED:
		return doc
	counted = left.counts([site], month)[site]
	if left.blocking(counted):
		frappe.throw(
			_("{0} can't be closed at {1} yet: {2} (R31, R33)").format(
				month_name(month),
				site,
				", ".join(
					f"{kind.label()} ({counted[kind.name]})"
					for kind in left.KINDS
					if kind.blocking and counted[kind.name]
				),
			),
			errors.MonthNotReady,
		)
	doc.update(left.figures(site, month))
	doc.update({"state": CLOSED, "closed_by": frappe.session.user, "closed_on": now_datetime()})
	_remember(doc, "Closed", remark)
	save(doc)
	_tell_administrators(doc, remark)
	return doc


def reopen(site: str, month: date | str, because: str):
	"""Whoever may write Monthly Close opens a month again, and says why."""
	name = frappe.db.get_value("Monthly Close", {"site": site, "month": first_of(month)})
	if not name:
		frappe.throw(_("{0} is not closed at {1}").format(month_name(month), site), errors.MonthOpen)
	doc = frappe.get_doc("Monthly Close", name, for_update=True)
	doc.check_permission("write")
	if doc.state != CLOSED:
		frappe.throw(_("{0} is not closed at {1}").format(month_name(month), site), errors.MonthOpen)
	if not because.strip():
		frappe.throw(_("Say why the month is opened again"), errors.ReasonNeeded)
	doc.update({"state": OPEN, "closed_by": None, "closed_on": None})
	_remember(doc, "Reopened", because.strip())
	return save(doc)


def _remember(doc, what: str, remark: str) -> None:
	doc.append(
		"history",
		{"what": what, "user": frappe.session.user, "happened_on": now_datetime(), "remark": remark.strip()},
	)


def _tell_administrators(doc, remark: str) -> None:
	"""R33: the confirmation is a message to the administrator."""
	users = roles.users_with(TOLD)
	who = frappe.db.get_value("User", frappe.session.user, "full_name")
	mail.notify(
		users,
		_("{0}: the attendance of {1} is confirmed by {2}").format(doc.site, month_name(doc.month), who),
		doc,
	)
	mail.send(
		TEMPLATE,
		mail.addresses(users),
		{
			"site": doc.site,
			"month": month_name(doc.month),
			"who": who,
			"remark": remark,
			"present": doc.present,
			"absent": doc.absent,
			"justified": doc.justified,
			"link": frappe.utils.get_url_to_form("Monthly Close", doc.name),
		},
		doc,
	)
