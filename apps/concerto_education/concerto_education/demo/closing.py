"""September and October are confirmed by their sites, one of them is late, and somebody was not enrolled (R31, R33)."""

from __future__ import annotations

from datetime import date, datetime, time

import frappe
from frappe.utils import add_months

from concerto_education.activities.sites import responsible_users
from concerto_education.attendance.closing import close, first_of, reminders
from concerto_education.attendance.closing.months import month_span
from concerto_education.attendance.errors import MonthNotReady
from concerto_education.demo import world

# The month that the board shows first has a site that has not confirmed yet.
LATE_SITE = world.SCHOOL_2
UNKNOWN_CHILD = ("Ysaline Vautrin", "CE1", date(2026, 11, 17))


def make(today: date) -> int:
	"""Close what can be closed before ``today``. Returns how many months of sites are closed."""
	month, closed = first_of(world.BILLED_MONTH), 0
	while month_span(month).end < today:
		following = first_of(add_months(month, 1))
		for site in reminders.unclosed(month):
			if site != LATE_SITE or month_span(following).end < today:
				closed += _close(site, month, following)
		month = following
	_remind(today)
	return closed


def _remind(today: date) -> None:
	"""The late site has been reminded on the days of the settings, which are over when the demo is loaded."""
	settings = frappe.get_cached_doc("Authority Settings")
	last = first_of(add_months(today, -1))
	for number in reminders.days_of(settings.close_reminder_days):
		day = first_of(today).replace(day=number)
		if day >= today or last < first_of(world.BILLED_MONTH):
			continue
		reminders.run(day)
		for doc in frappe.get_all("Monthly Close", filters={"month": last, "state": "Open"}, pluck="name"):
			_date_reminder(doc, datetime.combine(day, time(6, 30)))


def _date_reminder(close_record: str, when: datetime) -> None:
	events = frappe.get_all(
		"Monthly Close Event",
		filters={"parent": close_record, "what": "Reminded"},
		order_by="idx desc",
		limit=1,
		pluck="name",
	)
	for name in events:
		frappe.db.set_value("Monthly Close Event", name, "happened_on", when, update_modified=False)


def _close(site: str, month: date, following: date) -> int:
	who = (responsible_users(site) or ["Administrator"])[0]
	frappe.set_user(who)
	try:
		doc = close.close(site, month)
	except MonthNotReady:
		frappe.clear_messages()
		return 0
	finally:
		frappe.set_user("Administrator")
	# It was confirmed on the 4th of the month after, not on the day the demo is loaded.
	when = datetime.combine(following.replace(day=4), time(17, 12))
	frappe.db.set_value("Monthly Close", doc.name, "closed_on", when, update_modified=False)
	for event in doc.history:
		frappe.db.set_value("Monthly Close Event", event.name, "happened_on", when, update_modified=False)
	return 1


def unknown_child() -> None:
	"""A child nobody knows came to the canteen: the coordinator finds the task."""
	name, school_class, day = UNKNOWN_CHILD
	if frappe.db.exists("Attendance Task", {"child_name": name}):
		return
	place = frappe.db.get_value(
		"Attendance",
		{"attendance_date": day, "activity": world.CANTEEN, "site": LATE_SITE},
		["site", "activity", "unit"],
		as_dict=True,
	)
	if not place:
		return
	frappe.get_doc(
		{
			"doctype": "Attendance Task",
			"child_name": name,
			"child_class": school_class,
			"attendance_date": day,
			"reported_at": datetime.combine(day, time(11, 52)),
			**place,
		}
	).insert()
