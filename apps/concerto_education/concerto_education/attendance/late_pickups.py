"""Late pick-ups (dépassement horaire): who may record one, and which of them are billed (R10).

From the nth on, counted within the month or the school year, as the activity says; the price is a tariff of the
activity for late pick-ups. Whether one is billed is never stored: it follows from what is recorded, so that one
that is excused later takes its number away from those after it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import frappe
from frappe import _
from frappe.utils import formatdate, getdate

from concerto_education.activities.booking.rules import late_pickup_rule
from concerto_education.attendance import closing, errors
from concerto_education.attendance.closing import trace
from concerto_education.engine.booking import billed_pickups
from concerto_education.engine.ranges import DateRange

COPIED = ("person", "family", "activity", "site")


@dataclass(frozen=True, slots=True)
class BilledPickup:
	enrolment: str
	day: date
	minutes: int
	number: int  # its place in the count
	within: str  # "month" or "school_year"

	@property
	def key(self) -> str:
		return f"{self.enrolment}|{self.day}|late"


def copy_from_enrolment(doc) -> None:
	"""Who and where come from the enrolment, never from the form; the site is then asked of the permissions."""
	# The record's own link.
	found = frappe.db.get_value("Enrolment", doc.enrolment, COPIED, as_dict=True)
	if found:
		doc.update(found)


def validate(doc) -> None:
	# The framework asked before the site was known: it is the enrolment's, whatever the form says.
	doc.check_permission("create" if doc.is_new() else "write")
	day = getdate(doc.pickup_date)
	if day > getdate():
		frappe.throw(_("Date: {0} is in the future").format(formatdate(day)), errors.FutureTick)
	if (doc.minutes or 0) < 1:
		frappe.throw(
			_("Minutes Late: enter how many minutes late the child was fetched (R10)"), errors.NoMinutes
		)
	if doc.excused and not (doc.note or "").strip():
		frappe.throw(_("Note: say why it is excused"), errors.ReasonNeeded)
	enrolment = frappe.db.get_value(
		"Enrolment", doc.enrolment, ["status", "valid_from", "valid_to"], as_dict=True
	)
	if enrolment.status != "Confirmed" or not enrolment.valid_from <= day <= enrolment.valid_to:
		frappe.throw(
			_("Date: the enrolment {0} does not hold on {1}").format(doc.enrolment, formatdate(day)),
			errors.OutsideEnrolment,
		)
	if frappe.db.exists(
		"Late Pickup",
		{"enrolment": doc.enrolment, "pickup_date": day, "name": ("!=", doc.name or "")},
	):
		frappe.throw(
			_("Date: a late pick-up of this child on {0} is recorded already").format(formatdate(day)),
			errors.AlreadyRecorded,
		)
	_ask_month(doc)


# ---------------------------------------------------------------- closed months (R33)


def _ask_month(doc) -> None:
	"""Refuse a change in a closed month, or remember that a trace is due. The day itself never changes."""
	before = doc.get_doc_before_save()
	if before and _text(before) == _text(doc):
		return
	doc.flags.in_closed_month = closing.require_open(doc.site, getdate(doc.pickup_date))


def leave_trace(doc) -> None:
	if doc.flags.in_closed_month:
		before = doc.get_doc_before_save()
		_write_trace(doc, "Changed" if before else "Added", _text(before) if before else "", _text(doc))


def before_delete(doc) -> None:
	if closing.require_open(doc.site, getdate(doc.pickup_date)):
		_write_trace(doc, "Deleted", _text(doc), "")


def _write_trace(doc, what: str, before: str, after: str) -> None:
	row = {field: doc.get(field) for field in ("site", "person", "activity", "name")}
	trace.write(frappe._dict(row, attendance_date=doc.pickup_date), what, before, after)


def _text(doc) -> str:
	"""« Dépassement horaire : 20 min · Excusé »."""
	text = _("Late pick-up: {0} min").format(doc.minutes)
	return f"{text} · {_('Excused')}" if doc.excused else text


def billed(enrolments: Mapping[str, frappe._dict], window: DateRange) -> Iterator[BilledPickup]:
	"""Those to bill in ``window``, of these enrolments (name → row with activity and person). Two queries.

	The count of a child starts with the school year: what came before the window counts, but isn't answered.
	"""
	# Rules of activities and what is recorded, for a billing run: nobody's permissions.
	rules = {
		row.name: late_pickup_rule(row)
		for row in frappe.get_all(
			"Activity",
			filters={"late_pickup_from": (">", 0)},
			fields=["name", "late_pickup_from", "late_pickup_per", "late_pickup_grace"],
		)
	}
	names = [name for name, row in enrolments.items() if row.activity in rules]
	if not names:
		return
	first = window.start.year if window.start.month >= 9 else window.start.year - 1
	counted: dict[tuple[str, str], list[tuple[date, str, int]]] = defaultdict(list)
	for row in _recorded(names, date(first, 9, 1), window.end):
		enrolment = enrolments[row.enrolment]
		day = getdate(row.pickup_date)
		counted[enrolment.person, enrolment.activity].append((day, f"{row.enrolment}|{day}", row.minutes))
	for (_person, activity), pickups in counted.items():
		numbers = billed_pickups(rules[activity], pickups)
		for day, key, minutes in pickups:
			if key in numbers and day in window:
				yield BilledPickup(
					key.partition("|")[0], day, minutes, numbers[key], rules[activity].within.value
				)


def _recorded(names: Iterable[str], start: date, end: date):
	# As above.
	return frappe.get_all(
		"Late Pickup",
		filters={"enrolment": ("in", list(names)), "pickup_date": ("between", (start, end)), "excused": 0},
		fields=["enrolment", "pickup_date", "minutes"],
		order_by="pickup_date, enrolment",
	)
