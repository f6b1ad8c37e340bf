"""What the settings say about paper is checked where it is entered (doc event of Authority Settings)."""

from __future__ import annotations

import frappe
from frappe import _

from concerto_education.billing.paper import qr, template
from concerto_education.billing.paper.errors import InvalidQrAddress, PaymentAccountMissing
from concerto_education.families.mandates import iban


def check_settings(settings, method: str | None = None) -> None:
	"""Refuse an account that can't receive, an address that leads nowhere, a format that can't be printed."""
	settings.payment_iban = iban.checked(settings.payment_iban) if settings.payment_iban else ""
	if settings.payment_bic and settings.payment_iban:
		settings.payment_bic = iban.checked_bic(settings.payment_bic, settings.payment_iban)
	if settings.invoice_qr == qr.TRANSFER and not settings.payment_iban:
		frappe.throw(
			_(
				"IBAN for Transfers: the QR code for a bank transfer needs it. Enter it, or choose another code"
			),
			PaymentAccountMissing,
		)
	wanted = (settings.qr_address or "").strip()
	if wanted and not wanted.startswith(("https://", "http://")):
		frappe.throw(
			_("Address Behind the QR Code: it begins with https://"),
			InvalidQrAddress,
		)
	settings.qr_address = wanted
	template.check(settings.invoice_print_format)
