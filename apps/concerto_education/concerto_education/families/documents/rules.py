"""What a document of a family is and refuses: whom it concerns, how long it holds, who decided (R7, R24)."""

from __future__ import annotations

from datetime import date

import frappe
from frappe import _
from frappe.utils import add_months, cint, formatdate, getdate, now_datetime, today

from concerto_education.families.documents import errors, files
from concerto_education.families.members import CHILD
from concerto_education.families.payers import member_role
from concerto_education.families.quotients import school_year_of

REQUESTED = "Requested"
RECEIVED = "Received"
VALID = "Valid"
REFUSED = "Refused"
EXPIRED = "Expired"

NO_END = "No End"
MONTHS = "Months"
SCHOOL_YEAR = "School Year"
ON_DOCUMENT = "Date on the Document"


# ---------------------------------------------------------------- filling


def complete(doc) -> None:
	"""Fill what follows from the type and from the dates."""
	kind = frappe.get_cached_doc("Document Type", doc.document_type) if doc.document_type else None
	if not kind:
		return
	doc.concerns, doc.health = kind.concerns, cint(kind.health)
	if doc.concerns != "Child":
		doc.person = None
	if doc.concerns != "Payer":
		doc.payer = None
	_complete_status(doc)
	if doc.received_on and not doc.valid_from:
		doc.valid_from = doc.received_on
	if doc.received_on and not doc.valid_to:
		doc.valid_to = end_of(kind.validity, cint(kind.months), getdate(doc.valid_from))


_DECISION = ("status", "decided_by", "decided_at", "refusal_reason")


def _complete_status(doc) -> None:
	before = doc.get_doc_before_save()
	if not doc.flags.decided:
		# Who decided what, and why, is written by `accept` and `refuse`, never by what a form sends.
		for name in _DECISION:
			doc.set(name, before.get(name) if before else None)
	if doc.file and not doc.received_on:
		doc.received_on = today()
	new_file = doc.file and (not before or before.file != doc.file)
	if not doc.received_on:
		doc.status = REQUESTED
	elif not before or before.status == REQUESTED or (before.status == REFUSED and new_file):
		# Another file after a refusal is looked at anew.
		if not doc.flags.decided:
			doc.status = RECEIVED
			doc.decided_by = doc.decided_at = doc.refusal_reason = None


def end_of(validity: str, months: int, start: date) -> date | None:
	"""The last day on which a document of this validity holds; None is no end, or written on the document."""
	if validity == MONTHS:
		return getdate(add_months(start, months))
	if validity == SCHOOL_YEAR:
		return school_year_of(start).end
	return None


# ---------------------------------------------------------------- checking


def check(doc) -> None:
	"""Throw the first rule that a document breaks."""
	_check_subject(doc)
	if doc.received_on and getdate(doc.received_on) > getdate(today()):
		frappe.throw(
			_("Received On: {0} is in the future").format(formatdate(doc.received_on)),
			errors.ReceivedInFuture,
		)
	if doc.valid_from and doc.valid_to and getdate(doc.valid_to) < getdate(doc.valid_from):
		frappe.throw(_("Valid To: it cannot be before “Valid From”"), errors.DocumentEndsBeforeStart)
	_check_decision(doc)
	files.check(doc)


def _check_subject(doc) -> None:
	if doc.concerns == "Child":
		check_child(doc.family, doc.person)
	elif doc.concerns == "Payer":
		if not doc.payer or frappe.db.get_value("Payer", doc.payer, "family") != doc.family:
			frappe.throw(
				_("Payer: {0} is about a payer of this family. Choose one").format(doc.document_type),
				errors.DocumentOfOtherFamily,
			)


def check_child(family: str, person: str | None) -> None:
	"""The person is a child of the family."""
	role = member_role(family, person)
	if not role:
		frappe.throw(_("Child: choose a child of this family"), errors.DocumentOfOtherFamily)
	if role != CHILD:
		frappe.throw(
			_("Child: {0} is an adult of the family").format(
				frappe.db.get_value("Person", person, "full_name")
			),
			errors.NotAChild,
		)


def _check_decision(doc) -> None:
	if doc.status in (VALID, REFUSED, EXPIRED) and not doc.received_on:
		frappe.throw(_("Received On: only what was received is accepted or refused"), errors.NotReceived)
	if doc.status == REFUSED and not doc.refusal_reason:
		frappe.throw(_("Reason for the Refusal: say why, the family is told"), errors.RefusalNeedsReason)
	if doc.status == VALID and not doc.valid_to and _validity(doc) == ON_DOCUMENT:
		frappe.throw(
			_("Valid To: enter the date on which the document ends, it is written on it"), errors.DateNeeded
		)


def _validity(doc) -> str:
	return frappe.get_cached_value("Document Type", doc.document_type, "validity")


# ---------------------------------------------------------------- deciding


def accept(doc, valid_to: date | None = None):
	"""The document is what was asked for."""
	return _decide(doc, VALID, None, valid_to)


def refuse(doc, reason: str):
	"""It is not: the family is asked again and told why."""
	return _decide(doc, REFUSED, reason.strip())


def _decide(doc, status: str, reason: str | None, valid_to: date | None = None):
	if not doc.received_on and not doc.file:
		frappe.throw(_("Received On: only what was received is accepted or refused"), errors.NotReceived)
	doc.status, doc.refusal_reason = status, reason
	doc.decided_by, doc.decided_at = frappe.session.user, now_datetime()
	if valid_to:
		doc.valid_to = valid_to
	doc.flags.decided = True
	doc.save()
	doc.flags.decided = False
	return doc


def expire(day: date | None = None) -> int:
	"""Write down which accepted documents have ended: every night. The services look at the date anyway."""
	day = day or getdate(today())
	names = frappe.get_all("Family Document", filters={"status": VALID, "valid_to": ("<", day)}, pluck="name")
	for name in names:
		# The night's own job, and the only thing that changes is what the date says already.
		frappe.db.set_value("Family Document", name, "status", EXPIRED)
	return len(names)


def holds(row, day: date) -> bool:
	"""A document that counts on ``day``: accepted and not over, or received and not yet looked at."""
	if row.status not in (VALID, RECEIVED, EXPIRED):
		return False
	starts = not row.valid_from or getdate(row.valid_from) <= day
	return starts and (not row.valid_to or getdate(row.valid_to) >= day)
