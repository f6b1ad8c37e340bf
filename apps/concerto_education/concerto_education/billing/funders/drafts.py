"""What funders would owe by a run that is not issued yet (R21, R29)."""

from __future__ import annotations

import frappe
from frappe.query_builder import DocType


def delete_funders_drafts() -> None:
	"""What funders would owe by a run that isn't issued: these charges are on no invoice, see `ledger._Rows.add`."""
	Charge, Run = DocType("Charge"), DocType("Billing Run")
	open_runs = frappe.qb.from_(Run).select(Run.name).where(Run.status != "Issued").run(pluck=True)
	(
		frappe.qb.from_(Charge)
		.delete()
		.where(
			Charge.billing_run.isin(open_runs or [""])
			& Charge.invoice.isnull()
			& (Charge.funding.isnotnull() | Charge.voucher.isnotnull())
		)
	).run()
