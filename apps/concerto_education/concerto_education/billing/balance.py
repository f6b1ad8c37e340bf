"""What a family still owes, for the overview of its dossier (hook ``concerto_family_overview``)."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.query_builder import DocType
from frappe.query_builder.functions import Count, Sum

from concerto_education.authority.money import decimal_of, format_money
from concerto_education.engine.money import ZERO, money

# Paid, carried over, cancelled and nothing due are settled: they are not asked for again.
OWED = ("Issued", "Sent")
HELD = "Held"


def family_figures(family: str) -> list[dict]:
	"""One figure: issued and not paid, and what waits en mairie (R35). Empty for who may not read invoices."""
	if not frappe.has_permission("Invoice", "read"):
		return []
	Invoice = DocType("Invoice")
	# The caller has checked the family; the sums of all its payers need no more than the right tested above.
	rows = (
		frappe.qb.from_(Invoice)
		.select(Invoice.status, Count("*"), Sum(Invoice.total))
		.where((Invoice.family == family) & (Invoice.docstatus == 1) & Invoice.status.isin((*OWED, HELD)))
		.groupby(Invoice.status)
	).run()
	found = {status: (count, money(decimal_of(total))) for status, count, total in rows}
	owed = sum((found[status][1] for status in OWED if status in found), ZERO)
	count = sum(found[status][0] for status in OWED if status in found)
	details = [_("{0} invoices not paid").format(count)] if count else []
	if HELD in found:
		details.append(_("Held en mairie: {0}").format(format_money(found[HELD][1])))
	return [
		{
			"label": _("Balance Due"),
			"value": format_money(money(owed)),
			"detail": " · ".join(details),
			"kind": "is-warning" if owed > 0 else "",
		}
	]
