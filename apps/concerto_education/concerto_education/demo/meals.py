"""The central kitchen, what was ordered from it, a correction of the day, and badges of one class (R27, R41).

Orders of days that are over say what was expected then; those of the next days are made by the service itself.
"""

from __future__ import annotations

from datetime import date, timedelta

import frappe
from frappe.utils import getdate

from concerto_education.attendance.badges import service as badges
from concerto_education.attendance.meals import census, orders, services
from concerto_education.attendance.service import CANCELLED
from concerto_education.demo import world
from concerto_education.engine.ranges import DateRange

MONTHS_ORDERED = (world.BILLED_MONTH, world.OPEN_MONTH)
AHEAD = timedelta(days=10)
BADGE_CLASS = "CP"
# Adults without enrolment, a number for each site.
ADULTS = {world.SCHOOL_1: 2, world.SCHOOL_2: 1, world.SCHOOL_3: 1, world.LEISURE_CENTRE: 4}


def make(today: date) -> int:
	"""Kitchen and orders. Returns how many orders there are."""
	one = _kitchen()
	for start in MONTHS_ORDERED:
		_past(one, start, min(_end_of_month(start), today - timedelta(days=1)))
	_next(one, max(today, getdate()))
	return frappe.db.count("Meal Order")


def _kitchen() -> services.Service:
	if not frappe.db.exists("Meal Service", world.KITCHEN):
		rows = [
			{"site": site, "activity": world.CANTEEN, "unit": world.NOON, "adults": ADULTS[site]}
			for site in world.SCHOOLS
		]
		leisure = {
			"site": world.LEISURE_CENTRE,
			"activity": world.WEDNESDAY,
			"adults": ADULTS[world.LEISURE_CENTRE],
		}
		frappe.get_doc(
			{
				"doctype": "Meal Service",
				"kitchen": world.KITCHEN,
				"email": f"cuisine@{world.MAIL_DOMAIN}",
				"days_before": 1,
				"working_days": 1,
				"cut_off_time": "10:00",
				"corrections": "By the System",
				"corrections_until": "09:30",
				"show_names": 0,
				"sites": [*rows, leisure],
			}
		).insert()
	return services.service(world.KITCHEN)


def _end_of_month(start: date) -> date:
	return (start.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def _past(one: services.Service, start: date, end: date) -> None:
	"""What was expected on days that are over, as orders made at their cut-off."""
	if end < start:
		return
	days = services.Days(one, DateRange(start, end))
	for day in days_between(start, end):
		for site in one.sites:
			if days.is_open(site, day) and not orders.latest(one.kitchen, site, day):
				now = census.census(one, site, day, as_planned=True)
				doc = orders.document(one, site, day, orders.CUT_OFF, None, now)
				doc.ordered_at = doc.cut_off = days.cut_off(site, day)
				doc.insert()


def days_between(start: date, end: date):
	return DateRange(start, end).days()


def _next(one: services.Service, start: date) -> None:
	"""Orders of the next two days with a meal; on the first of them a child falls ill and two adults come."""
	days = services.Days(one, DateRange(start, start + AHEAD))
	served = [
		day
		for day in days_between(start, start + AHEAD)
		if any(days.is_open(site, day) for site in world.SCHOOLS)
	][:2]
	if not served:
		return  # after the school year
	for day in days_between(start, served[-1]):
		for site in one.sites:
			if days.is_open(site, day) and not orders.latest(one.kitchen, site, day):
				orders.make(one, site, day, orders.CUT_OFF, days)
	_correct(one, served[0], days)


def _correct(one: services.Service, day: date, days: services.Days) -> None:
	site = world.SCHOOL_1
	before = orders.latest(one.kitchen, site, day)
	if not before or before.version:
		return
	name = frappe.db.get_value(
		"Attendance",
		{"site": site, "activity": world.CANTEEN, "attendance_date": day, "status": "Planned"},
		order_by="enrolment",
	)
	if name:
		row = frappe.get_doc("Attendance", name)
		row.update({"status": CANCELLED, "note": "Malade, la famille a appelé à 8 h 10"})
		row.save()
	census.set_extra_adults(one.at(site)[0], day, ADULTS[site] + 2, "Deux stagiaires de passage")
	orders.make(one, site, day, orders.LATE, days)


# ---------------------------------------------------------------- badges


def make_badges() -> int:
	"""Badges are in use, and one class of the first school has them."""
	frappe.db.set_single_value("Authority Settings", "use_badges", 1)
	frappe.clear_document_cache("Authority Settings", "Authority Settings")
	enrolment, person = frappe.qb.DocType("Enrolment"), frappe.qb.DocType("Person")
	persons = (
		frappe.qb.from_(enrolment)
		.join(person)
		.on(enrolment.person == person.name)
		.select(person.name)
		.distinct()
		.where((enrolment.site == world.SCHOOL_1) & (person.school_class == BADGE_CLASS))
		.orderby(person.name)
	).run(pluck=True)
	return len(badges.issue(persons))
