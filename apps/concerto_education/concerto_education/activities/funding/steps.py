"""The steps of a funding: request → quote → notification → active (R29). Who did what, when and why is kept.

| from      | to                                      | needs                                              |
|-----------|-----------------------------------------|----------------------------------------------------|
| Requested | Quoted, Notified, Refused, Cancelled    | Quoted: an amount; made by ``billing/funders/quotes`` |
| Quoted    | Quoted, Notified, Refused, Cancelled    | Notified: reference and date of the funder's notice |
| Notified  | Active, Refused, Cancelled              | Active: an amount                                  |
| Active    | Cancelled                               | a reason; what was deducted comes back by itself   |

An active funding counts from its first day, also where that is past: the next run makes the régularisation (R34).
"""

from __future__ import annotations

import frappe
from frappe import _
from frappe.utils import getdate, now_datetime

from concerto_education.activities.funding import errors, funders, rules

REQUESTED, QUOTED, NOTIFIED, ACTIVE, REFUSED, CANCELLED = (
	"Requested",
	"Quoted",
	"Notified",
	"Active",
	"Refused",
	"Cancelled",
)
NEXT: dict[str, tuple[str, ...]] = {
	REQUESTED: (QUOTED, NOTIFIED, REFUSED, CANCELLED),
	QUOTED: (QUOTED, NOTIFIED, REFUSED, CANCELLED),
	NOTIFIED: (ACTIVE, REFUSED, CANCELLED),
	ACTIVE: (CANCELLED,),
	REFUSED: (),
	CANCELLED: (),
}


def guard(doc) -> None:
	"""The status changes by a step only, never by the form. A new funding is a request."""
	before = doc.get_doc_before_save()
	if not before:
		if doc.status != REQUESTED and not doc.flags.step:
			frappe.throw(_("Status: a funding begins as a request"), errors.WrongFundingStep)
		if not doc.history:
			_remember(doc, None)
		return
	if before.status != doc.status and not doc.flags.step:
		frappe.throw(
			_("Status: use the buttons of the form, they keep who did what"), errors.WrongFundingStep
		)
	if not doc.flags.step and before.status in (REFUSED, CANCELLED):
		frappe.throw(
			_("Status: {0} is {1}, make a new request").format(doc.name, _(before.status)),
			errors.WrongFundingStep,
		)


def move(doc, status: str, note: str | None = None):
	"""Bring a funding to its next status and save it. The caller has checked the right to write it."""
	if status not in NEXT[doc.status]:
		frappe.throw(
			_("{0}: from “{1}” there is no step to “{2}”").format(doc.name, _(doc.status), _(status)),
			errors.WrongFundingStep,
		)
	_require(doc, status, note)
	doc.status = status
	_remember(doc, note)
	doc.flags.step = True
	doc.save()
	doc.flags.step = False
	return doc


def _require(doc, status: str, note: str | None) -> None:
	if status in (QUOTED, ACTIVE) and not rules.has_amount(doc):
		_incomplete(
			_("Percentage") if doc.basis == "Percentage" else _("Amount"),
			_("say what is taken in charge first"),
		)
	if status == NOTIFIED:
		if not (doc.reference or "").strip():
			_incomplete(_("Reference of the Funder"), _("it is on the notification"))
		if not doc.notified_on:
			_incomplete(_("Notified On"), _("the date of the notification"))
		if getdate(doc.notified_on) > getdate():
			_incomplete(_("Notified On"), _("the date is in the future"))
	if status == ACTIVE:
		funders.payer_of(doc.funder)
	if status in (REFUSED, CANCELLED) and not (note or "").strip():
		_incomplete(_("Reason"), _("say why, it is kept in the history"))


def _incomplete(field: str, what: str) -> None:
	frappe.throw(_("{0}: {1}").format(field, what), errors.FundingIncomplete)


def _remember(doc, note: str | None) -> None:
	doc.append(
		"history",
		{
			"status": doc.status,
			"moment": now_datetime(),
			"user": frappe.session.user,
			"note": (note or "").strip() or None,
		},
	)


def refuse_deletion(doc) -> None:
	"""What the funder has promised, or was asked for, is history: a request that was a mistake may go."""
	if doc.status not in (REQUESTED, CANCELLED) or any(row.status == ACTIVE for row in doc.history):
		frappe.throw(
			_("{0} can't be deleted: cancel it with a reason").format(doc.name), errors.WrongFundingStep
		)
