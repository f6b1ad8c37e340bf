"""A funder as a payer: the one record that receives what it owes, whatever the family (R21, R29).

A payer of a family pays that family's invoices. A funder pays its part for many: its payer belongs to none, so that
one claim a month gathers all its prises en charge, and balances, payments and treasury files know it as any payer.
"""

from __future__ import annotations

from collections.abc import Iterable

import frappe
from frappe import _

from concerto_education.activities.funding.errors import FundingIncomplete


def payer_of(organisation: str) -> str:
	"""The payer of a funder, made when it is first needed."""
	found = payers_of([organisation]).get(organisation)
	if found:
		return found
	row = frappe.db.get_value(
		"Organisation", organisation, ["organisation_name", "address_line1", "postcode", "town"], as_dict=True
	)
	if not row:
		frappe.throw(_("Funder: {0} not found").format(organisation), frappe.DoesNotExistError)
	if not (row.town and row.postcode):
		frappe.throw(
			_(
				"Funder: {0} has no address, and claims are sent to it. Complete the organisation first"
			).format(row.organisation_name),
			FundingIncomplete,
		)
	doc = frappe.get_doc(
		{
			"doctype": "Payer",
			"payer_kind": "Organisation",
			"organisation": organisation,
			"is_funder": 1,
			"active": 1,
		}
	)
	# Follows from the step of the funding, which was permitted; nobody makes these by hand.
	return doc.insert(ignore_permissions=True).name


def payers_of(organisations: Iterable[str]) -> dict[str, str]:
	"""Payers of some funders, in one query."""
	wanted = sorted(set(organisations))
	if not wanted:
		return {}
	# Billing reads it for everybody.
	return dict(
		frappe.get_all(
			"Payer",
			filters={"organisation": ("in", wanted), "is_funder": 1},
			fields=["organisation", "name"],
			as_list=True,
		)
	)
