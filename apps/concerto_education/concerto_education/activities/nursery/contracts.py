"""Nursery contracts: what is refused, and many of them as the engine reads them (R36)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import time

import frappe
from frappe import _
from frappe.utils import cint, formatdate, getdate

from concerto_education.activities import errors
from concerto_education.activities.periods import require_order
from concerto_education.authority.money import decimal_of
from concerto_education.authority.rules import refuse
from concerto_education.engine.errors import BackwardHours
from concerto_education.engine.hours import Slot, to_hours
from concerto_education.engine.nursery import Contract
from concerto_education.engine.ranges import DateRange

HOURS = "Hours"
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
COPIED = ("person", "family", "activity", "site")


def copy_from_enrolment(doc) -> None:
	"""Who and where come from the enrolment, never from the form."""
	# The record's own link; whether the user may write there is asked in `validate`, once the site is known.
	found = frappe.db.get_value("Enrolment", doc.enrolment, [*COPIED, "valid_from", "valid_to"], as_dict=True)
	if not found:
		return
	doc.update({name: found[name] for name in COPIED})
	doc.valid_from = doc.valid_from or found.valid_from
	doc.valid_to = doc.valid_to or found.valid_to
	if not cint(doc.months):
		doc.months = sum(1 for _month in _span(doc).months())


def validate(doc) -> None:
	# The framework asked before the site was known: it is the enrolment's, whatever the form says.
	doc.check_permission("create" if doc.is_new() else "write")
	require_order(doc.valid_from, doc.valid_to, errors.PeriodEndsBeforeStart, _("Last Day"))
	_check_enrolment(doc)
	_check_schedule(doc)
	_check_months(doc)
	contract = to_engine(doc, doc.schedule)
	doc.weekly_hours = float(contract.weekly_hours)
	doc.monthly_hours = float(contract.monthly_hours)
	if not contract.monthly_hours:
		frappe.throw(_("Weeks of Care: enter them, so that there are hours to bill"), errors.InvalidContract)
	_check_alone(doc)


def _check_enrolment(doc) -> None:
	enrolment = frappe.db.get_value(
		"Enrolment", doc.enrolment, ["activity", "valid_from", "valid_to"], as_dict=True
	)
	if frappe.get_cached_value("Activity", enrolment.activity, "billing_rule") != HOURS:
		frappe.throw(
			_("Enrolment: {0} is not billed by hours. Change “What Is Billed” of the activity first").format(
				enrolment.activity
			),
			errors.ContractOutsideEnrolment,
		)
	held = DateRange(enrolment.valid_from, enrolment.valid_to)
	if _span(doc) not in held:
		frappe.throw(
			_("Last Day: the contract must lie inside the enrolment, from {0} to {1}").format(
				formatdate(held.start), formatdate(held.end)
			),
			errors.ContractOutsideEnrolment,
		)


def _check_schedule(doc) -> None:
	seen = set()
	for row in doc.schedule:
		if row.weekday in seen:
			frappe.throw(
				_("Booked Hours, row {0}: {1} is there twice").format(row.idx, _(row.weekday)),
				errors.InvalidContract,
			)
		seen.add(row.weekday)
		try:
			slot = _slot(row)
		except BackwardHours as error:
			refuse(error, errors.InvalidContract, _("Booked Hours, row {0}").format(row.idx))
		except ValueError:
			frappe.throw(
				_("Booked Hours, row {0}: write hours and minutes, as in 08:30").format(row.idx),
				errors.InvalidContract,
			)
		row.arrival, row.departure = f"{slot.start:%H:%M}", f"{slot.end:%H:%M}"


def _check_months(doc) -> None:
	touched = sum(1 for _month in _span(doc).months())
	if not 1 <= cint(doc.months) <= touched:
		frappe.throw(
			_("Billed in Months: between 1 and {0}, the months of the contract").format(touched),
			errors.InvalidContract,
		)


def _check_alone(doc) -> None:
	"""A month is billed by one contract: the next one begins with a month."""
	mine = {month.start for month in _span(doc).months()}
	for other in frappe.get_all(  # a contract made by somebody else counts too
		"Nursery Contract",
		filters={"enrolment": doc.enrolment, "name": ("!=", doc.name or "")},
		fields=["name", "valid_from", "valid_to"],
	):
		common = mine & {month.start for month in _span(other).months()}
		if common:
			frappe.throw(
				_(
					"First Day: {0} already bills the month of {1}. End it with a month, and begin this one with the next"
				).format(other.name, formatdate(min(common))),
				errors.ContractsShareMonth,
			)


# ---------------------------------------------------------------- as the engine reads them


def to_engine(row, schedule: Iterable) -> Contract:
	"""The engine's contract of a record, document or row. The hours a week are those of the schedule."""
	slots = {WEEKDAYS.index(day.weekday) + 1: _slot(day) for day in schedule}
	return Contract(
		span=_span(row),
		weekly_hours=to_hours(sum(slot.minutes for slot in slots.values()), 4),
		weeks=decimal_of(row.weeks),
		months=max(cint(row.months), 1),
		schedule=slots,
	)


def contracts_of(enrolments: Iterable[str]) -> dict[str, list[Contract]]:
	"""Contracts by enrolment, in two queries."""
	names = sorted(set(enrolments))
	if not names:
		return {}
	# Called by billing, whoever starts it, and for lists whose rights are settled.
	rows = frappe.get_all(
		"Nursery Contract",
		filters={"enrolment": ("in", names)},
		fields=["name", "enrolment", "valid_from", "valid_to", "weeks", "months"],
		order_by="valid_from asc",
	)
	days = defaultdict(list)
	if rows:
		for day in frappe.get_all(
			"Nursery Contract Day",
			filters={"parenttype": "Nursery Contract", "parent": ("in", [row.name for row in rows])},
			fields=["parent", "weekday", "arrival", "departure"],
		):
			days[day.parent].append(day)
	found = defaultdict(list)
	for row in rows:
		found[row.enrolment].append(to_engine(row, days[row.name]))
	return dict(found)


def _slot(row) -> Slot:
	return Slot(moment(row.arrival), moment(row.departure))


def moment(text: str) -> time:
	"""« 8h30 » or « 08:30 ». Raises ValueError."""
	hours, _sep, minutes = str(text or "").strip().lower().replace("h", ":").partition(":")
	return time(int(hours), int(minutes.split(":")[0] or 0))


def _span(row) -> DateRange:
	return DateRange(getdate(row.valid_from), getdate(row.valid_to))
