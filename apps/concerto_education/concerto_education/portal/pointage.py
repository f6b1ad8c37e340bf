"""What the tablet page calls. Types are enforced by Frappe, so no postponed annotations in this file.

Rights are checked by the first statement of the function each endpoint calls, against the site of the stored record;
for ticks, each tick is checked by itself.
"""

import time
from datetime import date, datetime

import frappe
from frappe import _
from frappe.sessions import get_csrf_token
from frappe.utils import get_system_timezone, getdate

from concerto_education.attendance import sync, tablet
from concerto_education.attendance.badges import service as badges
from concerto_education.authority.transactions import in_fresh_transaction

TRAVEL = 30_000  # milliseconds


@frappe.whitelist()
def start() -> dict:
	"""Who is logged in, where they may tick, what time it is. Tablets ask this first, and to measure their clock."""
	places = tablet.places()
	user = frappe.session.user
	return {
		"user": user,
		"full_name": frappe.db.get_value("User", user, "full_name") or user,
		"csrf_token": get_csrf_token(),
		"server_time": round(time.time() * 1000),
		"day": getdate(),
		"sites": [place["site"] for place in places],
		"badges": badges.in_use(),
	}


@frappe.whitelist()
def load(site: str, day: date) -> dict:
	"""All lists of a site on a day, to be kept on the device (R32)."""
	return tablet.load(site, day)


@frappe.whitelist()
def changes(site: str, day: date, since: datetime) -> dict:
	"""What has changed on the lists since they were last asked for."""
	return tablet.changes(site, day, since)


@frappe.whitelist()
def search(site: str, text: str) -> list:
	"""Children by name, for one who is present without enrolment (R31)."""
	return tablet.search(site, text)


@frappe.whitelist(methods=["POST"])
def badge(site: str, token: str) -> dict:
	"""Whose badge this is, when the lists on the device don't know it. By POST: codes stay out of the server's log."""
	return tablet.owner_of_badge(site, token)


@frappe.whitelist(methods=["POST"])
def send(device: str, user: str, sent_at: int, ticks: list) -> dict:
	"""A batch of ticks, in the order in which they were made; each is applied once, however often it is sent.

	Each tick brings the difference of clocks that its device had measured. For those that could not measure it,
	``sent_at``, the device's own time now in milliseconds, tells whether the clock is wrong. ``user`` is whom the
	device believes to be logged in: nobody's ticks are signed by a colleague who has logged in meanwhile.
	"""
	tablet.places()
	if user != frappe.session.user:
		frappe.throw(_("Somebody else has logged in on this device"), frappe.PermissionError)
	if len(ticks) > sync.LARGEST:
		frappe.throw(_("At most {0} ticks can be sent at once").format(sync.LARGEST))
	now = round(time.time() * 1000)
	zone = get_system_timezone()
	# A short difference is the way through the network and the wait for a free server: no clock is that bad.
	offset = now - sent_at if abs(now - sent_at) > TRAVEL else 0
	outcome = in_fresh_transaction(lambda: sync.receive(device[:40], offset, ticks, zone))
	return {"server_time": now, "results": outcome["results"], "rows": tablet.rows_of(outcome["keys"])}
