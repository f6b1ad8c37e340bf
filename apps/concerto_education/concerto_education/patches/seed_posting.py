"""The text of the message with an invoice; payers who chose e-mail before it was dated get the day of their last change."""

import frappe
from frappe.query_builder import DocType
from frappe.query_builder.functions import Date

from concerto_education.billing.posting import emails


def execute() -> None:
	emails.seed()
	Payer = DocType("Payer")
	(
		frappe.qb.update(Payer)
		.set(Payer.email_consent_date, Date(Payer.modified))
		.where((Payer.invoice_by == "E-mail") & Payer.email_consent_date.isnull())
	).run()
