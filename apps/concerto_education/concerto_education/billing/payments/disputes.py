"""An invoice that a family contests is not reminded until that is settled. Reason and end are kept."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.utils import getdate

from concerto_education.authority.money import decimal_of
from concerto_education.billing.payments.errors import NotDisputable, ReasonMissing


def open(invoice: str, reason: str) -> None:
	doc, reason = _read(invoice, reason)
	if doc.docstatus != 1 or decimal_of(doc.outstanding) <= 0:
		frappe.throw(
			_("Invoice {0}: nothing is due on it, there is nothing to dispute").format(
				doc.number or doc.name
			),
			NotDisputable,
		)
	_write(doc, {"disputed": 1, "disputed_on": getdate(), "dispute_reason": reason})
	doc.add_comment("Info", _("Disputed: {0}").format(reason))


def close(invoice: str, reason: str) -> None:
	doc, reason = _read(invoice, reason)
	if not doc.disputed:
		frappe.throw(
			_("Invoice {0} is not disputed").format(doc.number or doc.name),
			NotDisputable,
		)
	_write(doc, {"disputed": 0, "disputed_on": None, "dispute_reason": None})
	doc.add_comment("Info", _("End of the dispute: {0}").format(reason))


def _read(invoice: str, reason: str):
	reason = (reason or "").strip()
	if not reason:
		frappe.throw(_("Reason: say what is disputed, or how it was settled"), ReasonMissing)
	return frappe.get_doc("Invoice", invoice, for_update=True), reason


def _write(doc, values: dict) -> None:
	# Straight on the table: the form of an invoice refuses every change, and what it claims stays as it is.
	frappe.db.set_value("Invoice", doc.name, values)
