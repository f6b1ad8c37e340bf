"""The sites that have not confirmed last month hear of it, on the days of the settings (R33)."""

from __future__ import annotations

import re
from datetime import date

import frappe
from frappe import _
from frappe.utils import add_months, formatdate, getdate, now_datetime

from concerto_education.activities.sites import responsible_users
from concerto_education.attendance import errors
from concerto_education.attendance.closing import left
from concerto_education.attendance.closing.close import record, save
from concerto_education.attendance.closing.months import CLOSED, first_of, month_name, month_span
from concerto_education.authority import mail

TEMPLATE = "Monthly close reminder"


def days_of(text: str | None) -> list[int]:
	"""« 1, 3, 5 » as days of the month. Raises InvalidReminderDays for anything else."""
	words = [word for word in re.split(r"[,;\s]+", text or "") if word]
	if not all(word.isdecimal() and 1 <= int(word) <= 28 for word in words):
		frappe.throw(
			_("Days of the Reminders: write days from 1 to 28, as in 3, 5, 6 (R33)"),
			errors.InvalidReminderDays,
		)
	return sorted({int(word) for word in words})


def check_settings(doc, method=None) -> None:
	"""Hook of Authority Settings."""
	days_of(doc.close_reminder_days)
	if not 1 <= (doc.close_day or 6) <= 28:
		frappe.throw(_("Attendance Closes On Day: a day from 1 to 28 (R33)"), errors.InvalidReminderDays)


def run(today: date | None = None) -> list[str]:
	"""Job of every morning. Returns the sites that were reminded; repeated on the same day it does nothing."""
	today = today or getdate()
	settings = frappe.get_cached_doc("Authority Settings")
	if today.day not in days_of(settings.close_reminder_days):
		return []
	month = first_of(add_months(today, -1))
	return [site for site in unclosed(month) if _remind(site, month, today)]


def unclosed(month: date) -> list[str]:
	"""Sites with attendance in a month that they have not closed."""
	span, row, site = month_span(month), frappe.qb.DocType("Attendance"), frappe.qb.DocType("Site")
	active = (
		frappe.qb.from_(row)
		.join(site)
		.on(row.site == site.name)
		.where(row.attendance_date[span.start : span.end])
		.select(row.site)
		.distinct()
		.orderby(row.site)
		.run(pluck=True)
	)
	# A job of the system, for all sites.
	closed = frappe.get_all("Monthly Close", filters={"month": month, "state": CLOSED}, pluck="site")
	return [name for name in active if name not in closed]


def _remind(site: str, month: date, today: date) -> bool:
	doc = record(site, month)
	if any(row.what == "Reminded" and getdate(row.happened_on) == today for row in doc.history):
		return False
	users = responsible_users(site)
	counted = left.counts([site], month)[site]
	todo = [{"label": kind.label(), "count": counted[kind.name]} for kind in left.KINDS if counted[kind.name]]
	deadline = today.replace(day=frappe.get_cached_doc("Authority Settings").close_day or 6)
	mail.notify(
		users,
		_("{0}: please confirm the attendance of {1} before {2}").format(
			site, month_name(month), formatdate(deadline)
		),
		doc,
	)
	sent = mail.send(
		TEMPLATE,
		mail.addresses(users),
		{
			"site": site,
			"month": month_name(month),
			"deadline": formatdate(deadline),
			"late": today > deadline,
			"todo": todo,
			"link": frappe.utils.get_url(f"/app/month-board?month={month:%Y-%m}"),
		},
		doc,
	)
	if not users:
		remark = _("Nobody is responsible for this site")
	elif sent:
		remark = _("By e-mail and in the Desk: {0}").format(", ".join(users))
	else:
		remark = _("In the Desk only, no e-mail can leave: {0}").format(", ".join(users))
	doc.append("history", {"what": "Reminded", "happened_on": now_datetime(), "remark": remark})
	save(doc)
	return True
