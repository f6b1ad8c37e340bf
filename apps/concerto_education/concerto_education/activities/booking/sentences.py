"""Booking rules in words: « Réservation jusqu'au jeudi 12 h pour toute la semaine suivante »."""

from __future__ import annotations

from datetime import datetime, time

import frappe
from babel.dates import format_date
from frappe import _

from concerto_education.activities.booking import rules
from concerto_education.engine.booking import Deadline, DeadlineKind, LateBooking, LateCancelling
from concerto_education.engine.errors import InvalidDeadline


def hour_text(at: time) -> str:
	"""« 12 h », « 9 h 30 »."""
	return f"{at.hour}\u00a0h" + (f"\u00a0{at.minute:02d}" if at.minute else "")


def moment_text(moment: datetime) -> str:
	"""« jeudi 26 novembre à 12 h »."""
	day = format_date(moment.date(), "EEEE d MMMM", locale=frappe.local.lang or "fr")
	return _("{0} at {1}").format(day, hour_text(moment.time()))


def rule_sentences(activity) -> list[str]:
	"""The rules of an Activity (document, model or name) as sentences, booking first. Empty without rules.

	No permission is asked: what a town publishes is no secret.
	"""
	doc = frappe.get_cached_doc("Activity", activity) if isinstance(activity, str) else activity
	return [sentence for sentence in (booking_sentence(doc), cancelling_sentence(doc)) if sentence]


def booking_sentence(doc) -> str:
	text = _until(doc, "booking")
	if not text:
		return ""
	late = {
		LateBooking.REFUSED: _("later it is refused"),
		LateBooking.SURCHARGE: _("later it is billed as a presence that was not booked"),
		LateBooking.FREE: _("later it is still taken at the normal price"),
	}[rules.LATE_BOOKING[doc.get("late_booking") or "Refused"]]
	return _("Booking {0}; {1}.").format(text, late)


def cancelling_sentence(doc) -> str:
	text = _until(doc, "cancelling")
	if not text:
		return ""
	late = {
		LateCancelling.REFUSED: _("later it is refused"),
		LateCancelling.BILLED: _("later the day stays billed"),
		LateCancelling.FREE: _("later it is still taken and not billed"),
	}[rules.LATE_CANCELLING[doc.get("late_cancelling") or "Stays Billed"]]
	return _("Cancelling {0}; {1}.").format(text, late)


def _until(doc, change: str) -> str:
	try:
		return _words(rules.deadline_of(doc, change))
	except InvalidDeadline:
		return ""  # a form that is being filled: saving says what is missing


def _words(rule: Deadline) -> str:
	hour, count = hour_text(rule.at), rule.count
	if rule.kind is DeadlineKind.NONE:
		return ""
	if rule.kind is DeadlineKind.WEEK:
		weekday = _(rules.WEEKDAYS[rule.weekday - 1]).lower()
		if count == 1:
			return _("until {0} {1} for the whole of the next week").format(weekday, hour)
		return _("until {0} {1}, {2} weeks ahead").format(weekday, hour, count)
	if rule.kind is DeadlineKind.PERIOD:
		return _("until {0} days before the first day of the period, at {1}").format(count, hour)
	if not count:
		return _("until the day itself, at {0}").format(hour)
	if rule.kind is DeadlineKind.WORKING_DAYS:
		if count == 1:
			return _("until the working day before, at {0}").format(hour)
		return _("until {0} working days before, at {1}").format(count, hour)
	if count == 1:
		return _("until the day before, at {0}").format(hour)
	return _("until {0} days before, at {1}").format(count, hour)
