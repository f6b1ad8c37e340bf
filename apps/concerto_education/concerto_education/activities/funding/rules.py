"""The rules of a funding, each refusal by its own name (R29), and the funding as the engine reads it."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.utils import cint, flt, formatdate, getdate

from concerto_education.activities.errors import PeriodEndsBeforeStart
from concerto_education.activities.funding import errors
from concerto_education.activities.periods import require_order
from concerto_education.authority.money import decimal_of
from concerto_education.authority.rules import refuse
from concerto_education.engine import funding as engine
from concerto_education.engine.errors import RuleError
from concerto_education.engine.ranges import DateRange

BASIS = {
	"Per Day": engine.Basis.DAY,
	"Per Hour": engine.Basis.HOUR,
	"Per Month": engine.Basis.MONTH,
	"Percentage": engine.Basis.PERCENT,
}
CAP_PERIOD = {
	"Per Day": engine.CapPeriod.DAY,
	"Per Month": engine.CapPeriod.MONTH,
	"Whole Period": engine.CapPeriod.WHOLE,
}
LIVE = ("Requested", "Quoted", "Notified", "Active")
COPIED = ("person", "family", "activity", "site")


def validate(doc) -> None:
	enrolment = _copy_from_enrolment(doc)
	# The framework asked before the site was known: it is the enrolment's, whatever the form says.
	doc.check_permission("create" if doc.is_new() else "write")
	require_order(doc.valid_from, doc.valid_to, PeriodEndsBeforeStart, _("Last Day"))
	_check_period(doc, enrolment)
	_check_amounts(doc)
	if doc.status in LIVE:
		_check_together(doc)


def _copy_from_enrolment(doc):
	# The record's own link; the right to write at that site is asked by the caller.
	enrolment = frappe.db.get_value(
		"Enrolment", doc.enrolment, [*COPIED, "valid_from", "valid_to", "status"], as_dict=True
	)
	if not enrolment:
		frappe.throw(_("Enrolment {0} not found").format(doc.enrolment), frappe.DoesNotExistError)
	for field in COPIED:
		doc.set(field, enrolment[field])
	if enrolment.status == "Cancelled" and doc.is_new():
		frappe.throw(
			_("Enrolment: {0} was cancelled, there is nothing to take in charge").format(doc.enrolment),
			errors.EnrolmentNotFundable,
		)
	return enrolment


def _check_period(doc, enrolment) -> None:
	before = doc.get_doc_before_save()
	if before and (getdate(before.valid_from), getdate(before.valid_to)) == (
		getdate(doc.valid_from),
		getdate(doc.valid_to),
	):
		return  # the enrolment may have been shortened since: that ends what is paid, and needs no correction here
	if getdate(doc.valid_from) < enrolment.valid_from or getdate(doc.valid_to) > enrolment.valid_to:
		frappe.throw(
			_(
				"First Day, Last Day: the funding must lie within the enrolment {0}, from {1} to {2} (R29)"
			).format(doc.enrolment, formatdate(enrolment.valid_from), formatdate(enrolment.valid_to)),
			errors.FundingOutsideEnrolment,
		)


def _check_amounts(doc) -> None:
	"""A request may still be without an amount: the quote says what it will be asked for."""
	if doc.basis == "Percentage":
		doc.amount = 0
	else:
		doc.percentage = 0
	if flt(doc.amount) < 0 or flt(doc.percentage) < 0:
		frappe.throw(_("Amount: it can't be negative"), errors.FundingInvalid)
	if doc.status == "Requested" and not has_amount(doc):
		return
	label = _("Percentage") if doc.basis == "Percentage" else _("Amount")
	try:
		as_engine(doc)
	except RuleError as error:
		refuse(error, errors.FundingInvalid, label)


def has_amount(doc) -> bool:
	return bool(flt(doc.percentage if doc.basis == "Percentage" else doc.amount))


def _check_together(doc) -> None:
	"""Percentages of one enrolment that hold together stay within the price."""
	if doc.basis != "Percentage" or not has_amount(doc):
		return
	# All fundings of the enrolment count, whoever may read them.
	others = frappe.get_all(
		"Funding",
		filters={
			"enrolment": doc.enrolment,
			"name": ("!=", doc.name or ""),
			"status": ("in", LIVE),
			"basis": "Percentage",
			"percentage": (">", 0),
		},
		fields=["*"],
	)
	try:
		engine.check_together([as_engine(row) for row in (*others, doc)])
	except RuleError as error:
		refuse(error, errors.FundingInvalid, _("Percentage"))


def as_engine(row, payer: str = "") -> engine.Funding:
	"""The engine's funding of a record or row. Raises its RuleError."""
	percent = row.basis == "Percentage"
	cap = decimal_of(row.cap)
	return engine.Funding(
		id=row.name or _("of this form"),
		payer=payer,
		enrolment=row.enrolment,
		basis=BASIS[row.basis],
		rate=decimal_of(row.percentage if percent else row.amount),
		span=DateRange(getdate(row.valid_from), getdate(row.valid_to)),
		cap=cap or None,
		cap_period=CAP_PERIOD[row.cap_period or "Whole Period"],
		order=cint(row.priority),
	)
