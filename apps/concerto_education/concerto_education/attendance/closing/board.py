"""Every site against the calendar of R33: where the month stands, who is late, what is next."""

from __future__ import annotations

from datetime import date

import frappe
from frappe import _
from frappe.query_builder.functions import Count, Max
from frappe.utils import add_months, cint, formatdate, getdate

from concerto_education.activities.sites import responsible_of
from concerto_education.attendance.closing import left
from concerto_education.attendance.closing.months import (
	CLOSED,
	first_of,
	month_name,
	month_span,
)
from concerto_education.families.rights import require

STEPS_HOOK = "concerto_month_steps"
REMINDERS_HOOK = "concerto_month_reminders"
TELL_HOOK = "concerto_month_may_tell"


def load(month: date | str | None = None) -> dict:
	"""The board of a month; without one: last month, which is the one being worked on."""
	require("Monthly Close", "read")
	today = getdate()
	first = first_of(month) if month else first_of(add_months(today, -1))
	sites = _sites(first)
	steps = calendar(first, today)
	return {
		"month": f"{first:%Y-%m}",
		"title": month_name(first),
		"previous": f"{add_months(first, -1):%Y-%m}",
		"next": f"{add_months(first, 1):%Y-%m}",
		"over": month_span(first).end < today,
		"calendar": steps,
		"next_step": _next_step(steps, sites),
		"reminders": _reminders(first, sites),
		"may_tell": any(frappe.get_attr(path)(first) for path in frappe.get_hooks(TELL_HOOK)),
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


def _next_step(steps: list[dict], sites: list[dict]) -> str:
	"""What has to be done now, in a sentence: who is late comes first."""
	late = [site["site"] for site in sites if site["late"]]
	if late:
		return _("Waiting for the confirmation of {0}").format(", ".join(late))
	for state in ("late", "due"):
		for step in steps:
			if step["state"] == state:
				return _("Now: {0}").format(step["label"])
	coming = next((step for step in steps if step["state"] == "coming"), None)
	if coming:
		return _("Next: {0}, {1}").format(coming["label"], coming["text"])
	return _("The month is finished")


def _reminders(month: date, sites: list[dict]) -> list[dict]:
	"""What was sent about the month: to the sites that the user may see, and by the rooms above. Latest first."""
	event, record = frappe.qb.DocType("Monthly Close Event"), frappe.qb.DocType("Monthly Close")
	rows = (
		frappe.qb.from_(event)
		.join(record)
		.on(event.parent == record.name)
		.where((event.what == "Reminded") & (record.month == month))
		# The sites were read under permissions; their reminders follow them.
		.where(record.site.isin([site["site"] for site in sites] or [""]))
		.select(event.happened_on, record.site, event.remark)
	).run(as_dict=True)
	found = [
		{
			"day": getdate(row.happened_on),
			"text": _("{0} was reminded to confirm its attendance").format(row.site),
			"detail": row.remark or "",
		}
		for row in rows
	]
	for path in frappe.get_hooks(REMINDERS_HOOK):
		found += frappe.get_attr(path)(month)
	found.sort(key=lambda one: one["day"], reverse=True)
	return [{**one, "day": formatdate(one["day"])} for one in found]


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
	return _rows(names, month) if names else []


def _rows(names: list[str], month: date) -> list[dict]:
	"""A constant number of queries, however many sites."""
	records = {row.site: row for row in _records(names, month)}
	closes = [row.name for row in records.values()]
	counted = left.counts(names, month)
	responsible = responsible_of(names)
	people = _full_names(
		{user for users in responsible.values() for user in users}
		| {row.closed_by for row in records.values() if row.closed_by}
	)
	reminded, changes = _reminded(closes), _changes(closes)
	# The sites are those that the user may see: what is left to ask is the same for all of them.
	may_judge = all(frappe.has_permission("Attendance", right) for right in ("read", "write"))
	may_reopen = bool(frappe.has_permission("Monthly Close", "write"))
	over = month_span(month).end < getdate()
	late = over and getdate() > deadline_of(month)
	found = []
	for name in names:
		record = records.get(name) or frappe._dict(state="Open")
		closed, waiting = record.state == CLOSED, left.blocking(counted[name])
		found.append(
			{
				"site": name,
				"name": record.name,
				"state": record.state,
				"closed_by": people.get(record.closed_by),
				"closed_on": record.closed_on and formatdate(record.closed_on),
				"responsible": [people.get(user) for user in responsible[name]],
				"left": [
					{
						"kind": kind.name,
						"label": kind.label(),
						"count": counted[name][kind.name],
						"blocking": kind.blocking,
					}
					for kind in left.KINDS
					if counted[name][kind.name]
				],
				"waiting": waiting,
				"late": late and not closed,
				"reminded": reminded.get(record.name),
				"changes": changes.get(record.name, 0),
				"may_close": may_judge and over and not closed and not waiting,
				"may_reopen": may_reopen and closed,
			}
		)
	return found


def _records(sites: list[str], month: date) -> list:
	# The sites were read under permissions; their records follow them.
	return frappe.get_all(
		"Monthly Close",
		filters={"site": ("in", sites), "month": month},
		fields=["name", "site", "state", "closed_by", "closed_on"],
	)


def _full_names(users: set[str]) -> dict[str, str]:
	# Names of colleagues, on a board that the user may read.
	return dict(
		frappe.get_all(
			"User",
			filters={"name": ("in", sorted(users) or [""])},
			fields=["name", "full_name"],
			as_list=True,
		)
	)


def _reminded(closes: list[str]) -> dict[str, str]:
	"""The day of the last reminder of each record."""
	Event = frappe.qb.DocType("Monthly Close Event")
	rows = (
		frappe.qb.from_(Event)
		.select(Event.parent, Max(Event.happened_on))
		.where((Event.what == "Reminded") & Event.parent.isin(closes or [""]))
		.groupby(Event.parent)
	).run()
	return {name: formatdate(day) for name, day in rows}


def _changes(closes: list[str]) -> dict[str, int]:
	"""How many rows were changed after each record was closed."""
	Change = frappe.qb.DocType("Closed Month Change")
	rows = (
		frappe.qb.from_(Change)
		.select(Change.monthly_close, Count("*"))
		.where(Change.monthly_close.isin(closes or [""]))
		.groupby(Change.monthly_close)
	).run()
	return dict(rows)
