"""What billing asks of other rooms."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.query_builder import functions as fn
from frappe.utils import get_last_day

from concerto_education.billing.lock import is_billing_busy
from concerto_education.families.errors import MergeMustWait


def before_merge(doctype: str, kept: str, dropped: str) -> None:
	"""A run that is being computed would write charges for a dossier that is about to vanish."""
	if is_billing_busy():
		frappe.throw(
			_("A billing run is being computed or issued at this moment. Merge when it has finished"),
			MergeMustWait,
		)


def invoiced_until(person: str):
	"""Last day of the latest month in which somebody was invoiced for this person; None if nobody ever was (R17)."""
	Charge, Invoice = frappe.qb.DocType("Charge"), frappe.qb.DocType("Invoice")
	latest = (
		frappe.qb.from_(Charge)
		.join(Invoice)
		.on(Invoice.name == Charge.invoice)
		.select(fn.Max(Invoice.month))
		.where((Charge.person == person) & (Invoice.docstatus == 1))
	).run()[0][0]
	return get_last_day(latest) if latest else None
