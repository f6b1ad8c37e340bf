"""The QR code of an invoice: a transfer that the bank's app fills in (EPC069-12), or the way to a web page.

Only what is due can be paid: a draft, a held invoice, a credit note and a direct debit have no code.
"""

from __future__ import annotations

from decimal import Decimal
from urllib.parse import quote

import frappe
import segno
from segno import helpers

TRANSFER = "Bank Transfer"
WEB_PAGE = "Web Page"
# EPC069-12: 0.01 to 999,999,999.99 euros.
LARGEST = Decimal("999999999.99")
QUIET_ZONE = 2  # modules: the box around the code is white as well


def code(settings, number: str, invoice: str, amount: Decimal) -> segno.QRCode | None:
	"""The code that the settings ask for, or None."""
	if settings.invoice_qr == TRANSFER and settings.payment_iban and 0 < amount <= LARGEST:
		return helpers.make_epc_qr(
			name=(settings.payment_account_holder or settings.authority_name)[:70],
			iban=settings.payment_iban,
			bic=settings.payment_bic or None,
			amount=amount,
			# Unstructured: a French creditor reads the number of the invoice, not an ISO 11649 reference.
			text=reference(number),
			encoding=1,  # UTF-8
		)
	if settings.invoice_qr == WEB_PAGE:
		return segno.make(address(settings, number, invoice, amount), error="m", micro=False)
	return None


def reference(number: str) -> str:
	"""What the payer's bank passes on, and what the payment is found by."""
	return f"FACTURE {number}"


def address(settings, number: str, invoice: str, amount: Decimal) -> str:
	"""The page behind the code: the authority's own, or the invoice on this site."""
	if not settings.qr_address:
		return frappe.utils.get_url(f"/facture/{invoice}")
	return settings.qr_address.replace("{number}", quote(number)).replace("{amount}", f"{amount:.2f}")


def picture(qr: segno.QRCode) -> str:
	"""The code as an address for ``<img src>``: eight points for each module, so sharp on paper."""
	return qr.png_data_uri(border=QUIET_ZONE, scale=8)
