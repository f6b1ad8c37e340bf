"""Every site against the calendar of R33: where the month stands, who is late, what is next."""

from __future__ import annotations

from datetime import date

import frappe
from frappe import _
from frappe.utils import add_months, cint, formatdate, getdate

from concerto_education.activities.sites import responsible_users
from concerto_education.attendance import rights
from concerto_education.attendance.closing import left
from concerto_education.attendance.closing.months import (
	CLOSED,
	first_of,
	month_name,
	month_span,
)
from concerto_education.families.rights import require

STEPS_HOOK = "concerto_month_steps"


def load(month: date | str | None = None) -> dict:
	"""The board of a month; without one: last month, which is the one being worked on."""
	require("Monthly Close", "read")
	today = getdate()
	first = first_of(month) if month else first_of(add_months(today, -1))
	sites = _sites(first)
	return {
		"month": f"{first:%Y-%m}",
		"title": month_name(first),
		"previous": f"{add_months(first, -1):%Y-%m}",
		"next": f"{add_months(first, 1):%Y-%m}",
		"over": month_span(first).end < today,
		"calendar": calendar(first, today),
		"sites": sites,
		"closed": sum(site["state"] == CLOSED for site in sites),
	}


def deadline_of(month: date) -> date:
	"""The day before which the attendance of a month is confirmed: the 6th of the next, or the setting."""
	day = cint(frappe.get_cached_doc("Authority Settings").close_day) or 6
	return add_months(first_of(month), 1).replace(day=day)


def calendar(month: date, today: date) -> list[dict]:
	"""The steps of R33 with their dates and whether they are done, due or to come.

	Rooms above add theirs through the hook: functions of the month that return {label, from, to, done, text, route}.
	"""
	deadline = deadline_of(month)
	steps = [
		{
			"label": _("Attendance confirmed by the sites"),
			"from": add_months(month, 1),
			"to": deadline,
			"done": _all_closed(month),
			"text": _("before {0}").format(formatdate(deadline)),
		}
	]
	for path in frappe.get_hooks(STEPS_HOOK):
		steps += frappe.get_attr(path)(month)
	for step in steps:
		step["state"] = (
			"done"
			if step["done"]
			else "late"
			if step["to"] and today > step["to"]
			else "due"
			if today >= step["from"]
			else "coming"
		)
		step["from"], step["to"] = str(step["from"]), str(step["to"] or "")
	return steps


def _all_closed(month: date) -> bool:
	from concerto_education.attendance.closing.reminders import unclosed

	has_any = frappe.db.exists("Monthly Close", {"month": month, "state": CLOSED})
	return bool(has_any) and not unclosed(month)


def _sites(month: date) -> list[dict]:
	"""The sites that the user may see and that had attendance in the month."""
	allowed = frappe.get_list("Site", fields=["name"], order_by="name", limit_page_length=0)
	span = month_span(month)
	names = [row.name for row in allowed]
	active = set(
		# Whether anybody was expected at a site that the user may see.
		frappe.get_all(
			"Attendance",
			filters={"site": ("in", names), "attendance_date": ("between", (span.start, span.end))},
			pluck="site",
			distinct=True,
			order_by="",
		)
		if names
		else ()
	)
	names = [name for name in names if name in active]
	records = {row.site: row for row in _records(names, month)}
	counted = left.counts(names, month)
	return [_site(name, month, records.get(name), counted[name]) for name in names]


def _records(sites: list[str], month: date) -> list:
	# The sites were read under permissions; their records follow them.
	return frappe.get_all(
		"Monthly Close",
		filters={"site": ("in", sites or [""]), "month": month},
		fields=["name", "site", "state", "closed_by", "closed_on"],
	)


def _site(site: str, month: date, record, counted) -> dict:
	today, state = getdate(), record.state if record else "Open"
	over = month_span(month).end < today
	waiting = left.blocking(counted)
	users = responsible_users(site)
	return {
		"site": site,
		"name": record.name if record else None,
		"state": state,
		"closed_by": record
		and record.closed_by
		and frappe.db.get_value("User", record.closed_by, "full_name"),
		"closed_on": record and record.closed_on and formatdate(record.closed_on),
		"responsible": [frappe.db.get_value("User", user, "full_name") for user in users],
		"left": [
			{"kind": kind.name, "label": kind.label(), "count": counted[kind.name], "blocking": kind.blocking}
			for kind in left.KINDS
			if counted[kind.name]
		],
		"waiting": waiting,
		"late": state != CLOSED and over and today > deadline_of(month),
		"reminded": _reminded(record),
		"changes": frappe.db.count("Closed Month Change", {"monthly_close": record.name}) if record else 0,
		"may_close": state != CLOSED and over and not waiting and rights.may_judge(site),
		"may_reopen": state == CLOSED and bool(frappe.has_permission("Monthly Close", "write")),
	}


def _reminded(record) -> str | None:
	if not record:
		return None
	last = frappe.db.get_value(
		"Monthly Close Event",
		{"parent": record.name, "what": "Reminded"},
		"happened_on",
		order_by="happened_on desc",
	)
	return formatdate(last) if last else None
