"""What a placement refuses, in words that name the field and the rule (R17, R18, R22)."""

from __future__ import annotations

from datetime import date

import frappe
from frappe import _
from frappe.utils import cint, formatdate, getdate

from concerto_education.engine.ranges import DateRange
from concerto_education.families import rights
from concerto_education.families.errors import (
	ForbiddenContact,
	HostIsRepresentative,
	HostWithoutAddress,
	InvoicedMeanwhile,
	NobodyTakesIn,
	PlacedPersonIsNoChild,
	PlacementEndsBeforeStart,
	PlacementsOverlap,
)
from concerto_education.families.members import CHILD, CONTACT, check_postcode
from concerto_education.families.payers import member_role

FOSTER_CARER = "Foster Carer"
HOME = "Children's Home"
# Rooms above: functions (person) → the last day of that child on an issued invoice, or None.
INVOICED_UNTIL = "concerto_invoiced_until"


def require_rights(doc) -> None:
	"""A placement writes the family and makes a payer: who may not do that may not place a child either."""
	rights.require("Family", "write", doc.family)
	rights.require("Payer", "create")


def check(doc) -> None:
	"""Throw the first rule that a placement breaks."""
	if doc.valid_to and getdate(doc.valid_to) < getdate(doc.valid_from):
		frappe.throw(_("Placed Until: it cannot be before “Placed From” (R17)"), PlacementEndsBeforeStart)
	if not doc.is_new():
		_check_reopening(doc)
		_check_alone(doc)
		return
	if member_role(doc.family, doc.person) != CHILD:
		frappe.throw(_("Child: this person is not a child of the family (R17)"), PlacedPersonIsNoChild)
	_check_host(doc)
	_check_alone(doc)


def _check_host(doc) -> None:
	if not doc.carer and (doc.host_kind == FOSTER_CARER or not doc.organisation):
		frappe.throw(
			_("Person: name the foster carer, or the children's home that takes the child in (R17)"),
			NobodyTakesIn,
		)
	if doc.carer:
		row = frappe.db.get_value(
			"Family Member",
			{"parent": doc.family, "parenttype": "Family", "person": doc.carer},
			["role", "forbidden", "full_name"],
			as_dict=True,
		)
		if row and row.role != CONTACT:
			frappe.throw(
				_(
					"Person: {0} is “{1}” of this family and cannot take the child in as foster carer (R17)"
				).format(row.full_name, _(row.role)),
				HostIsRepresentative,
			)
		if row and cint(row.forbidden):
			frappe.throw(
				_("Person: {0} is a forbidden contact and cannot pay (R22)").format(row.full_name),
				ForbiddenContact,
			)
	if doc.organisation:
		return
	check_postcode(doc)
	if not (doc.address_line1 and doc.postcode and doc.town):
		frappe.throw(
			_("Address: enter address, postcode and town of the carer, the invoices are sent there (R17)"),
			HostWithoutAddress,
		)


def _check_reopening(doc) -> None:
	"""Days after the end that were invoiced to the representatives stay theirs."""
	before = doc.get_doc_before_save()
	if not before or not before.pays_to or (doc.pays_to and getdate(doc.pays_to) <= getdate(before.pays_to)):
		return
	invoiced = invoiced_until(doc.person)
	if invoiced and invoiced > getdate(before.pays_to):
		frappe.throw(
			_("Placed Until: {0} is already invoiced to others. Record a new placement instead (R17)").format(
				formatdate(invoiced)
			),
			InvoicedMeanwhile,
		)


def _check_alone(doc) -> None:
	mine = span_of(doc)
	# In every dossier, whatever the user may read: a child sleeps in one place.
	for other in frappe.get_all(
		"Placement",
		filters={"person": doc.person, "name": ("!=", doc.name or "")},
		fields=["name", "valid_from", "valid_to"],
	):
		if mine.overlaps(span_of(other)):
			frappe.throw(
				_(
					"Placed From: the child is already placed from {0} ({1}). End that placement first (R17)"
				).format(formatdate(other.valid_from), other.name),
				PlacementsOverlap,
			)


def invoiced_until(person: str) -> date | None:
	"""The last day that an issued invoice covers for this child; None if there is none."""
	days = [frappe.get_attr(path)(person) for path in frappe.get_hooks(INVOICED_UNTIL)]
	return max((getdate(day) for day in days if day), default=None)


def span_of(doc) -> DateRange:
	return DateRange(getdate(doc.valid_from), getdate(doc.valid_to) if doc.valid_to else None)
