"""The QR code on a printed invoice, taken out of its PDF and read by a real reader (EPC069-12)."""

from __future__ import annotations

from base64 import b64encode
from io import BytesIO
from pathlib import Path

import frappe
import pytest
from pypdf import PdfReader

from concerto_education.billing import pdf
from tests import billing_builders as b

IBAN = "FR7630006000011234567890189"
# A reader of the framework's own packages: the one that its camera dialog uses.
READER = Path(frappe.__file__).parent.parent / "node_modules" / "html5-qrcode" / "html5-qrcode.min.js"
READ = """async (data) => {
	document.body.innerHTML = '<div id="reader"></div>';
	const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
	const file = new File([bytes], "code.png", { type: "image/png" });
	return new Html5Qrcode("reader").scanFile(file, false);
}"""


@pytest.fixture
def invoice(one_billing_transaction):
	home = b.household(qf=512)
	b.attend(b.enrol(home, b.canteen()), b.SEPTEMBER)
	return b.invoice_of(b.issue(b.compute()), home.payer)


def settings(**values) -> None:
	frappe.db.set_single_value("Authority Settings", values)
	frappe.clear_document_cache("Authority Settings", "Authority Settings")


def code_on(invoice, browser) -> str:
	images = PdfReader(BytesIO(pdf.render([invoice]))).pages[0].images
	assert len(images) == 1
	page = browser.new_page()
	try:
		page.add_script_tag(path=str(READER))
		return page.evaluate(READ, b64encode(images[0].data).decode())
	finally:
		page.close()


def test_a_bank_reads_who_is_paid_how_much_and_for_what(invoice, browser):
	settings(
		logo=None,
		invoice_print_format=None,
		invoice_qr="Bank Transfer",
		payment_iban=IBAN,
		payment_bic=None,
		payment_account_holder="SGC de Verrinay",
	)
	lines = code_on(invoice, browser).splitlines()
	assert lines[:4] == ["BCD", "002", "1", "SCT"]
	assert lines[5:8] == ["SGC de Verrinay", IBAN, "EUR47.6"]
	assert f"FACTURE {invoice.number}" in lines


def test_a_phone_is_led_to_the_invoice(invoice, browser):
	settings(
		logo=None,
		invoice_print_format=None,
		invoice_qr="Web Page",
		qr_address="https://pay.example/?ref={number}",
	)
	assert code_on(invoice, browser) == f"https://pay.example/?ref={invoice.number}"
