"""The waiting list of an activity at a site: who waits, for which days, at which rank (R40).

An entry belongs to an enrolment. *Whole Enrolment*: it is on status *Waiting*, plans nothing and bills nothing until a
place is accepted. *Some Days*: the enrolment holds, and waits for the days that were full.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

import frappe
from frappe import _
from frappe.utils import cint, getdate, now_datetime

from concerto_education.activities.capacity import priority
from concerto_education.activities.capacity.errors import ReasonMissing
from concerto_education.engine.capacity import Slot, Waiting, ranked

ENTRY = "Waiting List Entry"
WAITING, OFFERED, ACCEPTED, REFUSED, EXPIRED, WITHDRAWN = (
	"Waiting",
	"Offered",
	"Accepted",
	"Refused",
	"Expired",
	"Withdrawn",
)
OPEN = (WAITING, OFFERED)
WHOLE, SOME_DAYS = "Whole Enrolment", "Some Days"
Day = tuple[date, str]


def complete(doc) -> None:
	"""Who and where come from the enrolment; points from the criteria, and from a decision that says why."""
	enrolment = frappe.get_doc("Enrolment", doc.enrolment)
	for field in ("person", "family", "activity", "site", "activity_group"):
		doc.set(field, enrolment.get(field))
	# The framework asked before the site was known: it is the enrolment's, whatever the form says.
	doc.check_permission("create" if doc.is_new() else "write")
	found = priority.of(enrolment)
	doc.points, doc.criteria = found.points + cint(doc.extra_points), found.text
	if cint(doc.extra_points) and not (doc.extra_reason or "").strip():
		frappe.throw(
			_("Reason of the Decision: say why {0} points are given").format(cint(doc.extra_points)),
			ReasonMissing,
		)


# ---------------------------------------------------------------- getting on the list


def wait_for_all(enrolment, days: Sequence[Day]):
	"""The entry of an enrolment that waits as a whole, made or brought up to date."""
	return _put(enrolment.name, WHOLE, days, replace=True)


def wait_for_days(enrolment: str, days: Sequence[Day]):
	"""The entry of the days of an enrolment that were full; days that wait already stay."""
	return _put(enrolment, SOME_DAYS, days, replace=False)


def _put(enrolment: str, scope: str, days: Sequence[Day], *, replace: bool):
	# Written by the rule, for whoever may write the enrolment.
	name = frappe.db.get_value(ENTRY, {"enrolment": enrolment, "scope": scope, "status": ("in", OPEN)})
	doc = frappe.get_doc(ENTRY, name) if name else frappe.new_doc(ENTRY)
	if not name:
		doc.update({"enrolment": enrolment, "scope": scope, "requested_at": now_datetime()})
	known = set() if replace else {(getdate(row.attendance_date), row.unit) for row in doc.days}
	wanted = sorted(known | {(getdate(day), unit) for day, unit in days})
	if name and wanted == sorted((getdate(row.attendance_date), row.unit) for row in doc.days):
		return doc
	doc.set("days", [{"attendance_date": day, "unit": unit} for day, unit in wanted])
	return doc.save(ignore_permissions=True)  # by the rule, as said above


def close(enrolment: str, status: str, scope: str | None = None) -> None:
	"""End the open entries of an enrolment: it was cancelled, or got its place another way."""
	filters = {"enrolment": enrolment, "status": ("in", OPEN)}
	if scope:
		filters["scope"] = scope
	# Follows from the enrolment, whose rights were checked.
	for name in frappe.get_all(ENTRY, filters=filters, pluck="name"):
		doc = frappe.get_doc(ENTRY, name)
		settle_offer(doc, status)
		doc.status = status
		doc.deadline = None
		doc.save(ignore_permissions=True)  # as above


def settle_offer(doc, outcome: str) -> None:
	"""Write down what came of the offer that is open, if there is one."""
	if doc.status == OFFERED and doc.offers:
		row = doc.offers[-1]
		row.outcome, row.answered_at, row.answered_by = outcome, now_datetime(), frappe.session.user


# ---------------------------------------------------------------- reading it


def entries(activity: str, site: str, statuses: Iterable[str] = OPEN) -> list[frappe._dict]:
	"""Entries in order of rank, with their days from tomorrow on, in two queries."""
	# Whoever asks has been checked, or is the scheduler.
	rows = frappe.get_all(
		ENTRY,
		filters={"activity": activity, "site": site, "status": ("in", list(statuses))},
		fields=[
			"name",
			"enrolment",
			"person",
			"family",
			"activity",
			"site",
			"activity_group",
			"status",
			"scope",
			"deadline",
			"requested_at",
			"points",
			"extra_points",
			"criteria",
		],
	)
	days = _days([row.name for row in rows])
	for row in rows:
		row.days = days.get(row.name, [])
	order = {entry.id: index for index, entry in enumerate(ranked(as_waiting(row) for row in rows))}
	rows.sort(key=lambda row: order[row.name])
	for rank, row in enumerate(rows, 1):
		row.rank = rank
	return rows


def _days(names: Sequence[str]) -> dict[str, list[Day]]:
	found: dict[str, list[Day]] = {}
	if not names:
		return found
	for row in frappe.get_all(
		"Waiting List Day",
		filters={"parenttype": ENTRY, "parent": ("in", list(names)), "attendance_date": (">=", getdate())},
		fields=["parent", "attendance_date", "unit"],
		order_by="attendance_date, unit",
	):
		found.setdefault(row.parent, []).append((row.attendance_date, row.unit))
	return found


def as_waiting(row) -> Waiting:
	"""The engine's view of an entry with its days."""
	slots = tuple(
		Slot(row.activity, row.site, day, unit, row.activity_group or "", row.person)
		for day, unit in row.days
	)
	return Waiting(row.name, row.requested_at, slots, cint(row.points))


def rank_of(entry: str) -> int:
	"""Rank of an open entry on its list, 1 is the next."""
	place = frappe.db.get_value(ENTRY, entry, ["activity", "site"], as_dict=True)
	return next((row.rank for row in entries(place.activity, place.site) if row.name == entry), 0)
