"""Builders of places and waiting lists: an activity with so many places, children who want them."""

from __future__ import annotations

import frappe
from frappe.utils import getdate

from concerto_education.engine.ranges import DateRange
from tests import builders

# School days to come: tests must not depend on the day on which they run.
TODAY = "2026-11-24"
DAY = getdate("2026-12-01")  # a Tuesday
WEEK = DateRange(getdate("2026-11-30"), getdate("2026-12-04"))


def settings() -> None:
	doc = frappe.get_single("Waiting List Settings")
	doc.update({"automatic": 1, "answer_hours": 48})
	doc.set("criteria", [{"criterion": "Sibling Enrolled", "points": 10}])
	doc.set("margins", [])
	doc.save()


def centre(capacity: int = 2, groups=(), **values):
	"""An activity with so many places at its only site."""
	builders.school_year()
	act = builders.activity(units=values.pop("units", ("jour",)), **values)
	act.sites[0].capacity = capacity
	for name, places_, *more in groups:
		act.append("groups", {"group_name": name, "capacity": places_, **(more[0] if more else {})})
	return act.save()


def enrol(act, pattern="2", **values):
	values.setdefault("valid_from", "2026-11-25")
	return builders.enrolment(None, act, pattern=pattern, **values)


def planned(enrolment) -> int:
	return frappe.db.count("Attendance", {"enrolment": enrolment.name, "status": "Planned"})


def entry_of(enrolment):
	name = frappe.db.get_value("Waiting List Entry", {"enrolment": enrolment.name})
	return name and frappe.get_doc("Waiting List Entry", name)


def on_the_list(act, **values):
	return enrol(act, when_full="Waiting List", **values)
