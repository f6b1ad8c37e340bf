"""The rules of a voucher (R21): its number, its child, its quota; and the voucher as the engine reads it."""

from __future__ import annotations

from decimal import Decimal

import frappe
from frappe import _
from frappe.utils import getdate

from concerto_education.activities.errors import PeriodEndsBeforeStart
from concerto_education.activities.funding import errors, funders
from concerto_education.activities.periods import require_order
from concerto_education.authority.money import decimal_of, format_money
from concerto_education.authority.rules import refuse
from concerto_education.engine import funding as engine
from concerto_education.engine.errors import RuleError
from concerto_education.engine.ranges import DateRange

MEASURE = {"Days": engine.Measure.DAYS, "Amount": engine.Measure.AMOUNT}


def validate(doc) -> None:
	require_order(doc.valid_from, doc.valid_to, PeriodEndsBeforeStart, _("Last Day"))
	doc.reference = " ".join((doc.reference or "").split())
	_check_child(doc)
	_check_number(doc)
	if not doc.kinds:
		frappe.throw(
			_("Kinds of Activity: say what the voucher is good for, for instance “{0}”").format(
				_("Leisure Centre, Wednesday")
			),
			errors.VoucherInvalid,
		)
	if doc.measure == "Days":
		doc.total = 0
	else:
		doc.days = 0
	try:
		as_engine(doc, [row.kind for row in doc.kinds])
	except RuleError as error:
		refuse(error, errors.VoucherInvalid, _("Quota"))
	_check_quota(doc)


def _check_child(doc) -> None:
	if not frappe.db.exists(
		"Family Member", {"parent": doc.family, "parenttype": "Family", "person": doc.person}
	):
		frappe.throw(
			_("Child: {0} is not a member of the family {1}").format(doc.person, doc.family),
			errors.VoucherOfStranger,
		)


def _check_number(doc) -> None:
	other = frappe.db.get_value(
		"Voucher",
		{
			"funder": doc.funder,
			"reference": doc.reference,
			"status": "Active",
			"name": ("!=", doc.name or ""),
		},
	)
	if other and doc.status == "Active":
		frappe.throw(
			_("Number of the Voucher: {0} is recorded already ({1})").format(doc.reference, other),
			errors.DuplicateVoucher,
		)


def _check_quota(doc) -> None:
	"""A quota can't be made smaller than what invoices have used."""
	before = doc.get_doc_before_save()
	if not before:
		return
	amount, days = used(doc.name)
	quota, taken = (doc.days, days) if doc.measure == "Days" else (decimal_of(doc.total), amount)
	if taken > quota:
		shown = (
			(str(quota), str(taken)) if doc.measure == "Days" else (format_money(quota), format_money(taken))
		)
		frappe.throw(
			_("Quota: the voucher {0} has a quota of {1}, and {2} are used already (R21)").format(
				doc.reference, *shown
			),
			errors.VoucherOverQuota,
		)


def used(name: str) -> tuple[Decimal, int]:
	"""Euros and days that the ledger has used of a voucher or funding: asked of the rooms above."""
	for path in frappe.get_hooks("concerto_funding_used"):
		return frappe.get_attr(path)(name)
	return Decimal(0), 0


def after_save(doc) -> None:
	if doc.status == "Active":
		funders.payer_of(doc.funder)


def as_engine(row, kinds: list[str], payer: str = "") -> engine.Voucher:
	"""The engine's voucher of a record or row. Raises its RuleError."""
	return engine.Voucher(
		id=row.name or row.reference,
		payer=payer,
		person=row.person,
		kinds=frozenset(kinds),
		measure=MEASURE[row.measure],
		quota=Decimal(row.days or 0) if row.measure == "Days" else decimal_of(row.total),
		span=DateRange(getdate(row.valid_from), getdate(row.valid_to)),
		value=decimal_of(row.value) or None,
	)
