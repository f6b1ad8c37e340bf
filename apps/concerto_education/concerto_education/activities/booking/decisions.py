"""What booking or cancelling a day does if it is done now: for the grid, the portal and the enrolment."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

import frappe
from frappe import _
from frappe.utils import getdate, now_datetime

from concerto_education.activities.booking import rules
from concerto_education.activities.booking.sentences import moment_text
from concerto_education.activities.calendars import school_calendar
from concerto_education.engine.booking import Outcome, Ruling, rule_on
from concerto_education.engine.calendar import SchoolCalendar
from concerto_education.engine.ranges import DateRange

# A period's deadline looks at the first day of the holidays: summer lasts nine weeks.
LOOKS_BACK = 70


@dataclass(frozen=True, slots=True)
class Verdict:
	"""What one change does now. ``text`` is a sentence for whoever makes it; empty when it is free and unlimited.

	REFUSED is for families; whoever may judge absences at the site does it all the same, and then a booking is
	a SURCHARGE and a cancelling BILLED.
	"""

	deadline: datetime | None
	late: bool
	outcome: Outcome
	text: str


@dataclass(frozen=True, slots=True)
class Decision:
	book: Verdict
	cancel: Verdict


def decide(activity: str, day: date, now: datetime | None = None, site: str | None = None) -> Decision:
	"""What booking and cancelling a day of an activity does ``now``. The caller has checked the rights."""
	return deadlines(activity, [day], site, now)[getdate(day)]


def deadlines(
	activity: str, days: Iterable[date], site: str | None = None, now: datetime | None = None
) -> dict[date, Decision]:
	"""``decide`` for many days of one activity, in a constant number of queries."""
	wanted = [getdate(day) for day in days]
	if not wanted:
		return {}
	now = now or now_datetime()
	# The activity's rule is no secret; whether somebody may change the day was settled by the caller.
	doc = frappe.get_cached_doc("Activity", activity)
	first = date.fromordinal(min(wanted).toordinal() - LOOKS_BACK)
	calendar = school_calendar(DateRange(first, max(wanted)), site)
	camp = getdate(doc.valid_from) if doc.kind == "Camp" and doc.valid_from else None
	return {day: _decision(rules.rules_of(doc), day, now, calendar, camp) for day in wanted}


def _decision(rule, day: date, now: datetime, calendar: SchoolCalendar, first_day: date | None) -> Decision:
	book, cancel = rule_on(rule, day, now, calendar, first_day)
	return Decision(_verdict(book, _booking_words), _verdict(cancel, _cancelling_words))


def _verdict(ruling: Ruling, words) -> Verdict:
	text = "" if ruling.deadline is None else words(ruling, moment_text(ruling.deadline))
	return Verdict(ruling.deadline, ruling.late, ruling.outcome, text)


def _booking_words(ruling: Ruling, until: str) -> str:
	if not ruling.late:
		return _("Booking is possible until {0}").format(until)
	if ruling.outcome is Outcome.REFUSED:
		return _("Booking was possible until {0}").format(until)
	if ruling.outcome is Outcome.SURCHARGE:
		return _(
			"Booking was possible until {0}: this day is billed as a presence that was not booked"
		).format(until)
	return _("Booking was possible until {0}; it is still taken at the normal price").format(until)


def _cancelling_words(ruling: Ruling, until: str) -> str:
	if not ruling.late:
		return _("Cancelling is possible until {0}").format(until)
	if ruling.outcome is Outcome.REFUSED:
		return _("Cancelling was possible until {0}").format(until)
	if ruling.outcome is Outcome.BILLED:
		return _("Cancelling was possible until {0}: this day stays billed").format(until)
	return _("Cancelling was possible until {0}; it is still taken and not billed").format(until)
