"""From the fields that administrators fill to the engine's rules, and what is refused in them."""

from __future__ import annotations

from datetime import time

import frappe
from frappe import _
from frappe.utils import cint, get_time

from concerto_education.activities.errors import InvalidBookingRule, LateCancellingNotBilled
from concerto_education.authority.rules import refuse
from concerto_education.engine import booking as engine
from concerto_education.engine.errors import InvalidDeadline

KINDS = {
	"Any Time": engine.DeadlineKind.NONE,
	"Days Before": engine.DeadlineKind.DAYS,
	"Working Days Before": engine.DeadlineKind.WORKING_DAYS,
	"Day of the Week Before": engine.DeadlineKind.WEEK,
	"Days Before the Period": engine.DeadlineKind.PERIOD,
}
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
LATE_BOOKING = {
	"Refused": engine.LateBooking.REFUSED,
	"Price of a Presence Not Booked": engine.LateBooking.SURCHARGE,
	"Normal Price": engine.LateBooking.FREE,
}
LATE_CANCELLING = {
	"Refused": engine.LateCancelling.REFUSED,
	"Stays Billed": engine.LateCancelling.BILLED,
	"Not Billed": engine.LateCancelling.FREE,
}
WITHIN = {
	"School Year": engine.CountedWithin.SCHOOL_YEAR,
	"Month": engine.CountedWithin.MONTH,
}


def deadline_of(row, change: str) -> engine.Deadline:
	"""The deadline of ``booking`` or ``cancelling`` of an Activity or a model, document or row.

	Raises the engine's InvalidDeadline.
	"""
	kind = KINDS[row.get(f"{change}_rule") or "Any Time"]
	if kind is engine.DeadlineKind.NONE:
		return engine.NO_DEADLINE
	at = row.get(f"{change}_time")
	weekday = row.get(f"{change}_weekday")
	weekly = kind is engine.DeadlineKind.WEEK
	return engine.Deadline(
		kind,
		cint(row.get(f"{change}_weeks" if weekly else f"{change}_days")),
		_hour(at),
		WEEKDAYS.index(weekday) + 1 if weekly and weekday in WEEKDAYS else None,
	)


def _hour(value) -> time:
	if value in (None, ""):
		return time(0)
	try:
		return get_time(value).replace(second=0, microsecond=0)
	except (ValueError, TypeError):
		raise InvalidDeadline(reason="hours are written as 12:00") from None


def rules_of(row) -> engine.BookingRules:
	return engine.BookingRules(
		deadline_of(row, "booking"),
		deadline_of(row, "cancelling"),
		LATE_BOOKING[row.get("late_booking") or "Refused"],
		LATE_CANCELLING[row.get("late_cancelling") or "Stays Billed"],
	)


def late_pickup_rule(row) -> engine.LatePickupRule:
	return engine.LatePickupRule(
		cint(row.get("late_pickup_from")),
		WITHIN[row.get("late_pickup_per") or "School Year"],
		cint(row.get("late_pickup_grace")),
	)


def check(doc) -> None:
	"""Refuse a rule that says nothing, or that would reward whoever doesn't cancel at all."""
	for change, label in (("booking", _("Booking")), ("cancelling", _("Cancelling"))):
		if doc.get(f"{change}_rule") != "Any Time" and doc.get(f"{change}_time") in (None, ""):
			frappe.throw(
				_("{0}: enter the hour until which it is possible, for instance 12:00").format(label),
				InvalidBookingRule,
			)
		try:
			deadline = deadline_of(doc, change)
		except InvalidDeadline as error:
			refuse(error, InvalidBookingRule, label)
		if doc.get(f"{change}_rule") != "Any Time":
			doc.set(f"{change}_time", f"{deadline.at:%H:%M}")
	if (
		doc.cancelling_rule != "Any Time"
		and doc.late_cancelling == "Stays Billed"
		and doc.billing_rule == "Present"
	):
		frappe.throw(
			_(
				"A Later Cancelling: it can't stay billed where only presences are billed, because a child who doesn't come without a word costs nothing. Choose “Not Billed”, or bill what was planned"
			),
			LateCancellingNotBilled,
		)
