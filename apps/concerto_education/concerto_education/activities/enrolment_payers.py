"""Who pays for an enrolment: one payer, several with shares, or two who take turns (R19, R22)."""

from __future__ import annotations

from decimal import Decimal

import frappe
from frappe import _
from frappe.utils import getdate

from concerto_education.activities import errors
from concerto_education.authority.money import decimal_of
from concerto_education.engine.ranges import DateRange

WHOLE = Decimal(100)


def validate(doc) -> None:
	"""All rules about payers, in the order in which a clerk would mend them."""
	_validate_payers(doc)
	_validate_shares(doc)


def _validate_payers(doc) -> None:
	"""Payers of this family, none of them a forbidden contact (R22)."""
	if not doc.payers:
		frappe.throw(_("Payers: name who pays for this enrolment (R22)"), errors.NoPayerNamed)
	names = [row.payer for row in doc.payers]
	# Which payers exist is decided by the family's dossier, not by what the user may list.
	known = {
		payer.name: payer
		for payer in frappe.get_all(
			"Payer",
			filters={"name": ("in", names)},
			fields=["name", "family", "person", "active", "recipient"],
		)
	}
	forbidden = set(
		frappe.get_all(
			"Family Member",
			filters={"parent": doc.family, "parenttype": "Family", "role": "Contact", "forbidden": 1},
			pluck="person",
		)
	)
	for row in doc.payers:
		payer = known.get(row.payer)
		label = (payer and payer.recipient) or row.payer
		if names.count(row.payer) > 1:
			frappe.throw(
				_("Payers, row {0}: {1} is there twice").format(row.idx, label), errors.DuplicatePayer
			)
		if payer and payer.family != doc.family:
			frappe.throw(
				_("Payers, row {0}: {1} is not a payer of the family {2} (R22)").format(
					row.idx, label, doc.family
				),
				errors.PayerOfOtherFamily,
			)
		if payer and payer.person in forbidden:
			frappe.throw(
				_("Payers, row {0}: {1} is a forbidden contact and can't pay (R22)").format(row.idx, label),
				errors.ForbiddenPayer,
			)
		if payer and not payer.active and _is_new_payer(doc, row.payer):
			frappe.throw(
				_("Payers, row {0}: {1} is no longer active").format(row.idx, label), errors.InactivePayer
			)


def _is_new_payer(doc, payer: str) -> bool:
	"""A payer who became inactive later stays on the enrolments that named them."""
	before = doc.get_doc_before_save()
	return not before or payer not in [row.payer for row in before.payers]


def _validate_shares(doc) -> None:
	"""One payer pays all; several share to the whole, or take turns by a custody calendar (R19)."""
	if len(doc.payers) == 1:
		doc.payers[0].share = 100
		doc.custody_calendar = None
		return
	if doc.custody_calendar:
		_validate_custody(doc)
		for row in doc.payers:
			row.share = 0  # the calendar decides, day by day
		return
	shares = [decimal_of(row.share) for row in doc.payers]
	if len(shares) == 2 and (not any(shares) or all(share == WHOLE for share in shares)):
		frappe.throw(
			_("Custody Calendar: two payers without shares need a custody calendar (R19)"),
			errors.CustodyCalendarNeeded,
		)
	if sum(shares) != WHOLE or min(shares) <= 0:
		frappe.throw(
			_("Payers: the shares must each be above 0 and sum to 100 %, not {0} % (R19)").format(
				f"{sum(shares).normalize():f}".replace(".", ",")
			),
			errors.SharesNotWhole,
		)


def _validate_custody(doc) -> None:
	calendar = frappe.get_doc("Custody Calendar", doc.custody_calendar)
	if calendar.family != doc.family or calendar.person != doc.person:
		frappe.throw(
			_("Custody Calendar: {0} is not of this child and family (R19)").format(calendar.name),
			errors.WrongCustodyCalendar,
		)
	if {row.payer for row in doc.payers} != {calendar.first_payer, calendar.second_payer}:
		frappe.throw(
			_("Custody Calendar: the payers of {0} are not the two payers of this enrolment (R19)").format(
				calendar.name
			),
			errors.WrongCustodyCalendar,
		)
	ends = getdate(calendar.valid_to) if calendar.valid_to else None
	held = DateRange(getdate(calendar.valid_from), ends)
	if DateRange(getdate(doc.valid_from), getdate(doc.valid_to)) not in held:
		frappe.throw(
			_("Custody Calendar: {0} does not cover the whole period of the enrolment (R19)").format(
				calendar.name
			),
			errors.WrongCustodyCalendar,
		)
