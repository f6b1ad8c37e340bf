"""What a login of the demo does on the tablet."""

from __future__ import annotations

import uuid
from datetime import datetime
from zoneinfo import ZoneInfo

import frappe
from frappe.utils import get_system_timezone


def clock_tick(child: dict, unit: str, moment: str) -> dict:
	"""A touch in clock mode: its moment is the time that is noted."""
	at = datetime.fromisoformat(moment).replace(tzinfo=ZoneInfo(get_system_timezone()))
	return {
		"id": str(uuid.uuid4()),
		"action": "Clock",
		"time": round(at.timestamp() * 1000),
		"enrolment": child["enrolment"],
		"day": moment[:10],
		"unit": unit,
	}


def half_hours(user: str, site: str, activity: str, arrival: str, departure: str) -> tuple:
	"""Two touches on a child of a list in clock mode: what the tablet shows of it afterwards."""
	from freezegun import freeze_time

	from concerto_education.attendance import sync, tablet

	day = frappe.utils.getdate(arrival)
	with freeze_time(f"{day} 22:00:00", ignore=["redis"]):
		frappe.set_user(user)
		try:
			listed = tablet.load(site, day)
			offered = next(entry for entry in listed["activities"] if entry["activity"] == activity)
			assert offered["clock"] and offered["open"], offered
			unit = offered["units"][0]["unit"]
			child = next(entry for entry in listed["children"] if entry["activity"] == activity)
			touches = [clock_tick(child, unit, moment) for moment in (arrival, departure)]
			sync.receive("tablette", 0, touches, get_system_timezone())
			rows = tablet.load(site, day)["rows"]
		finally:
			frappe.set_user("Administrator")
	(row,) = [row for row in rows if (row["enrolment"], row["unit"]) == (child["enrolment"], unit)]
	return row["status"], row["arrival"], row["departure"], row["minutes"]
