"""One pass: every line is asked of the rules of Enrolment first, then made, all of them or those that can be.

Nothing is made twice: who is enrolled already is told so, however often the pass is sent. The family is locked, so that
two clerks who enrol the same siblings at once are served one after the other.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import frappe
from frappe import _
from frappe.utils import getdate, strip_html

from concerto_education.activities import errors
from concerto_education.activities.calendars import school_calendar
from concerto_education.activities.catalogue import PATTERN_FIELDS, opening_of, pattern_of
from concerto_education.activities.enrolling.offers import period_of
from concerto_education.activities.periods import require_order
from concerto_education.engine.patterns import planned
from concerto_education.engine.ranges import DateRange
from concerto_education.families.rights import require

# "new": it would be made. "waiting": it is made, on the waiting list.
NEW, ALREADY, REFUSED, MADE, WAITING = "new", "already", "refused", "made", "waiting"
LARGEST = 60
SAVEPOINT = "enrolment_of_a_pass"


@dataclass(frozen=True, slots=True)
class Line:
	"""One enrolment that is asked for."""

	person: str
	activity: str
	site: str
	category: str
	pattern: tuple[dict, ...] = ()
	age_override_reason: str = ""


@dataclass(frozen=True, slots=True)
class Request:
	family: str
	start: date
	end: date
	lines: tuple[Line, ...]
	payers: tuple[dict, ...]  # {payer, share}
	custody: bool = False  # the two payers take turns by the calendar of each child
	when_full: str = "Refuse"
	_seen: set = field(default_factory=set, compare=False)


def preview(request: Request) -> list[dict]:
	"""What would become of each line: the pass is made, looked at and taken back, so that no rule is forgotten.

	The endpoint ends the transaction with a rollback: what was to happen after a commit is forgotten too.
	"""
	frappe.db.savepoint(f"{SAVEPOINT}_preview")
	try:
		results = create(request, whole=False)["results"]
	finally:
		frappe.db.rollback(save_point=f"{SAVEPOINT}_preview")
	return [
		{**answer, "state": NEW if answer["state"] == MADE else answer["state"], "enrolment": None}
		for answer in results
	]


def create(request: Request, whole: bool) -> dict:
	"""Make what can be made; with ``whole`` nothing at all unless every line can be.

	Lines that exist already don't count as refused: sending a pass again makes nothing and refuses nothing.
	"""
	_require(request)
	_lock(request.family)
	asked = [_asked(request, line) for line in request.lines]
	if whole and any(answer["state"] == REFUSED for _doc, answer in asked):
		return {"results": [answer for _doc, answer in asked], "made": 0}
	frappe.db.savepoint(f"{SAVEPOINT}_whole")
	results = [_make(doc, answer) if doc else answer for doc, answer in asked]
	if whole and any(answer["state"] == REFUSED for answer in results):
		frappe.db.rollback(save_point=f"{SAVEPOINT}_whole")
		results = [
			{**answer, "state": NEW} if answer["state"] in (MADE, WAITING) else answer for answer in results
		]
	return {"results": results, "made": sum(answer["state"] in (MADE, WAITING) for answer in results)}


# ---------------------------------------------------------------- one line


def _require(request: Request) -> None:
	require("Family", "read", request.family)
	require("Enrolment", "create")
	require_order(request.start, request.end, errors.PeriodEndsBeforeStart)
	if not request.lines:
		frappe.throw(_("Choose at least one child and one activity"), errors.ActivitiesError)
	if len(request.lines) > LARGEST:
		frappe.throw(_("At most {0} enrolments can be made at once").format(LARGEST), errors.ActivitiesError)
	if not request.payers:
		frappe.throw(_("Payers: say who pays for these enrolments (R22)"), errors.PayerChoiceMissing)


def _lock(family: str) -> None:
	table = frappe.qb.DocType("Family")
	frappe.qb.from_(table).select(table.name).where(table.name == family).for_update().run()


def _asked(request: Request, line: Line) -> tuple:
	"""The document of a line and what the rules say of it; no document if it can't be made."""
	answer = {
		"person": line.person,
		"name": frappe.db.get_value("Person", line.person, "full_name") or line.person,
		"activity": line.activity,
		"site": line.site,
		"category": line.category,
		"state": NEW,
		"reason": "",
		"days": 0,
		"enrolment": None,
	}
	try:
		doc = _document(request, line)
		answer |= {"from": doc.valid_from, "to": doc.valid_to}
		key = (line.person, line.activity, line.site)
		if key in request._seen:
			frappe.throw(_("This enrolment is in the list twice"), errors.EnrolmentsOverlap)
		request._seen.add(key)
		doc.check_permission("create")
		# The rules of the form, without saving.
		doc.run_method("before_validate")
		doc.run_method("validate")
		answer["days"] = _planned_days(doc)
	except errors.EnrolmentsOverlap as error:
		return None, answer | {"state": ALREADY, "reason": _said(error)}
	except (frappe.ValidationError, frappe.PermissionError) as error:
		return None, answer | {"state": REFUSED, "reason": _said(error)}
	return _document(request, line), answer


def _document(request: Request, line: Line):
	if not frappe.db.exists("Activity", line.activity):
		frappe.throw(_("Activity: {0} does not exist").format(line.activity), errors.NotOffered)
	activity = frappe.get_cached_doc("Activity", line.activity)
	if not line.site:
		frappe.throw(_("Site: choose where"), errors.NotOffered)
	if not line.category:
		frappe.throw(_("Category: choose one"), errors.NotOffered)
	span = period_of(activity, DateRange(request.start, request.end))
	if not span:
		frappe.throw(
			_("{0} does not take place in this period").format(line.activity), errors.OutsideActivity
		)
	doc = frappe.new_doc("Enrolment")
	doc.update(
		{
			"family": request.family,
			"person": line.person,
			"activity": line.activity,
			"site": line.site,
			"category": line.category,
			"valid_from": span.start,
			"valid_to": span.end,
			"when_full": request.when_full,
			"age_override": int(bool(line.age_override_reason)),
			"age_override_reason": line.age_override_reason or None,
			"custody_calendar": _calendar(request, line.person, span) if request.custody else None,
		}
	)
	for row in line.pattern:
		doc.append("pattern", {name: row.get(name) for name in PATTERN_FIELDS})
	for row in request.payers:
		doc.append("payers", {"payer": row.get("payer"), "share": 0 if request.custody else row.get("share")})
	return doc


def _calendar(request: Request, person: str, span: DateRange) -> str:
	"""The custody calendar of the child that holds over the whole period (R19)."""
	# Calendars of the dossier that the user has open.
	found = frappe.get_all(
		"Custody Calendar",
		filters={"family": request.family, "person": person, "valid_from": ("<=", span.start)},
		fields=["name", "valid_to"],
		order_by="valid_from desc",
	)
	for row in found:
		if not row.valid_to or getdate(row.valid_to) >= span.last:
			return row.name
	frappe.throw(
		_("Custody Calendar: none of this child covers the whole period. Make it first (R19)"),
		errors.CustodyCalendarNeeded,
	)


def _planned_days(doc) -> int:
	if not doc.pattern:
		return 0
	span = DateRange(getdate(doc.valid_from), getdate(doc.valid_to))
	calendar = school_calendar(span, doc.site)
	opening = opening_of(frappe.get_cached_doc("Activity", doc.activity))
	return len({day for day, _unit in planned(pattern_of(doc.pattern), span, calendar, opening)})


def _make(doc, answer: dict) -> dict:
	frappe.db.savepoint(SAVEPOINT)
	try:
		doc.insert()
	except (frappe.ValidationError, frappe.PermissionError) as error:
		frappe.db.rollback(save_point=SAVEPOINT)
		return answer | {"state": REFUSED, "reason": _said(error)}
	waiting = doc.status == "Waiting"
	return answer | {"state": WAITING if waiting else MADE, "enrolment": doc.name}


def _said(error: Exception) -> str:
	"""The refusal as text; it is an answer of this line, and no message of the whole request."""
	frappe.clear_messages()
	return strip_html(str(error)) or _("Not allowed")
