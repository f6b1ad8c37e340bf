"""What may be corrected, and when (R34).

Whatever an invoice's state, it is never altered: it is corrected by a credit note, and that is all the treasury and the
bank ever see. ``locked`` asks those who have sent an invoice away (issue 9: debit files, treasury files) what to tell
the clerk about it: functions of hook ``concerto_invoice_locked`` get names of invoices and return {invoice: sentence}.
"""

from __future__ import annotations

from collections.abc import Sequence

import frappe
from frappe import _

from concerto_education.billing.corrections.errors import NotCorrectable, RunIsOpen
from concerto_education.billing.explain import month_text

INVOICE = "Invoice"
CREDIT_NOTE = "Credit Note"
OPEN_TO_CREDIT = ("Held", "Issued", "Sent", "Paid", "Carried Over")


def locked(invoices: Sequence[str]) -> dict[str, str]:
	"""Why these invoices have left the house, if they have: sentences for the clerk."""
	found: dict[str, str] = {}
	for path in frappe.get_hooks("concerto_invoice_locked"):
		found.update(frappe.get_attr(path)(list(invoices)))
	return found


def why_not(invoice) -> str:
	"""Why this invoice can't be corrected, or nothing."""
	name = invoice.number or invoice.name
	if invoice.docstatus == 0:
		return _("Invoice {0} is a draft: correct the facts and compute the billing run again").format(name)
	if invoice.kind == CREDIT_NOTE:
		return _("{0} is a credit note: what it took off by mistake is added by a manual adjustment").format(
			name
		)
	if invoice.statement:
		return _(
			"Invoice {0} claims from a funder: correct the prise en charge or the attendance, its next statement takes it back"
		).format(name)
	if invoice.status not in OPEN_TO_CREDIT:
		return _("Invoice {0} is “{1}”: there is nothing to cancel").format(name, _(invoice.status))
	return ""


def check(invoice) -> None:
	reason = why_not(invoice)
	if reason:
		frappe.throw(reason, NotCorrectable)


def refuse_open_runs() -> None:
	"""Lock the runs, so that none starts meanwhile, and refuse while one has counted on the ledger as it stands."""
	from concerto_education.billing import run as runs

	rows = runs.lock_runs()
	runs.refuse_busy(rows)
	for row in rows.values():
		if row.status in runs.OPEN:
			frappe.throw(
				_(
					"The billing run {0} of {1} is open: its drafts count on the invoices as they stand. Issue or discard it, then correct."
				).format(row.name, month_text(row.month)),
				RunIsOpen,
			)


def refuse_working_runs() -> None:
	"""Lock the runs, and refuse while one computes or issues at this moment."""
	from concerto_education.billing import run as runs

	runs.refuse_busy(runs.lock_runs())
