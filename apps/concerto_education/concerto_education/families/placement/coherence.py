"""Coherence rule of placed children (R17)."""

from __future__ import annotations

import frappe
from frappe import _

from concerto_education.authority.coherence import Finding, Rule, Scope


class PlacedChildAddress(Rule):
	code, memo, billing = "placed-child-address", "R17", True
	reads = ("Family", "Person", "Placement")

	def title(self):
		return _("Address of a placed child")

	def help(self):
		return _(
			"Invoices go to the carer or home, letters to the representatives: both need an address, and not the same one."
		)

	def find(self, scope: Scope) -> list[Finding]:
		found = []
		for row in _placed(scope):
			reason = _wrong_address(row)
			if reason:
				found.append(
					Finding("Placement", row.name, row.full_name, reason, scope.sites_of(row.family))
				)
		return found


def _placed(scope: Scope) -> list:
	placement, family = frappe.qb.DocType("Placement"), frappe.qb.DocType("Family")
	person, home = frappe.qb.DocType("Person"), frappe.qb.DocType("Organisation")
	return (
		frappe.qb.from_(placement)
		.join(family)
		.on(family.name == placement.family)
		.join(person)
		.on(person.name == placement.person)
		.left_join(home)
		.on(home.name == placement.organisation)
		.where(
			placement.family.isin(list(scope.families) or [""])
			& (placement.valid_to.isnull() | (placement.valid_to >= scope.span.start))
		)
		.select(
			placement.name,
			placement.family,
			placement.organisation,
			placement.address_line1,
			placement.postcode,
			placement.town,
			placement.payer,
			person.full_name,
			family.address_line1.as_("parents_line"),
			family.postcode.as_("parents_postcode"),
			home.address_line1.as_("home_line"),
			home.town.as_("home_town"),
		)
		.orderby(person.full_name)
	).run(as_dict=True)


def _wrong_address(row) -> str | None:
	at_carer = bool(row.address_line1 and row.postcode and row.town)
	if not at_carer and not (row.organisation and row.home_line and row.home_town):
		return _("the carer or home has no address")
	if not row.parents_line:
		return _("the representatives have no address")
	if at_carer and (row.address_line1, row.postcode) == (row.parents_line, row.parents_postcode):
		return _("carer and representatives have the same address")
	return None
