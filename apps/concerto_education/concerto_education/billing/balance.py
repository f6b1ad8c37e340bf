"""What a family still owes, for the overview of its dossier (hook ``concerto_family_overview``)."""

from __future__ import annotations

import frappe
from frappe import _

from concerto_education.authority.money import format_money
from concerto_education.billing.payments import balance


def family_figures(family: str) -> list[dict]:
	"""One figure: what is due less credits, and what waits en mairie (R35). Empty for who may not read invoices."""
	if not frappe.has_permission("Invoice", "read"):
		return []
	# The caller has checked the family; the sums of all its payers need no more than the right tested above.
	found = balance.of_families([family])[family]
	details = []
	if found.invoices:
		details.append(
			_("1 invoice not paid")
			if found.invoices == 1
			else _("{0} invoices not paid").format(found.invoices)
		)
	if found.credit:
		details.append(_("Credit on account: {0}").format(format_money(found.credit)))
	if found.held:
		details.append(_("Held en mairie: {0}").format(format_money(found.held)))
	return [
		{
			"label": _("Credit") if found.total < 0 else _("Balance Due"),
			"value": format_money(abs(found.total)),
			"detail": " · ".join(details),
			"kind": "is-warning" if found.total > 0 else "",
		}
	]
