"""The invoice on paper: what it says, on one page, with the code to pay it and the template that was chosen (R2, R21, R34, R35, R45)."""

import json
import re
from decimal import Decimal
from io import BytesIO

import frappe
import pytest
from pypdf import PdfReader

from concerto_education.authority.money import format_money
from concerto_education.billing import pdf
from concerto_education.billing.paper import qr, template
from concerto_education.billing.paper.errors import (
	InvalidQrAddress,
	PaymentAccountMissing,
	TemplateFailed,
	WrongPrintFormat,
)
from concerto_education.families.mandates.errors import InvalidIban
from tests import billing_builders as b
from tests import builders

IBAN = "FR7630006000011234567890189"


@pytest.fixture(autouse=True)
def one_transaction(one_billing_transaction):
	"""Nothing is committed."""


def set_up(**values) -> None:
	"""Settings of the authority, checked as when somebody saves them."""
	settings = frappe.get_doc("Authority Settings")
	settings.update(values)
	settings.save()
	frappe.clear_document_cache("Authority Settings", "Authority Settings")


@pytest.fixture(autouse=True)
def plain_settings(site):
	set_up(
		authority_name="Communauté de communes du Val",
		invoice_days="Beside the Lines",
		invoice_qr="None",
		invoice_print_format=None,
		payment_instructions="Par chèque à l'ordre du Trésor public.",
	)
	yield
	frappe.clear_document_cache("Authority Settings", "Authority Settings")


def pages(invoice) -> list[str]:
	reader = PdfReader(BytesIO(pdf.render([invoice])))
	return [" ".join(page.extract_text().split()) for page in reader.pages]


def text(invoice) -> str:
	return " ".join(pages(invoice))


def plain(amount) -> str:
	return " ".join(format_money(amount).split())


@pytest.fixture
def family():
	"""Two children in canteen and garderie: an ordinary family."""
	home = b.household(children=2, qf=512)
	canteen, garderie = b.canteen(), b.garderie()
	for child in home.children:
		b.attend(b.enrol(home, canteen, child), b.SEPTEMBER)
		enrolment = b.enrol(home, garderie, child)
		b.attend(enrolment, b.SEPTEMBER[:9], "Present", "matin")
		b.attend(enrolment, b.SEPTEMBER[:5], "Present", "soir")
	home.invoice = b.invoice_of(b.issue(b.compute()), home.payer)
	return home


# ---------------------------------------------------------------- what it says


def test_one_page_says_who_what_how_much_until_when_and_how_to_pay(family):
	set_up(
		treasury_name="SGC de Verrinay", treasury_address="3 rue du Trésor\n86995 VERRINAY", payment_iban=IBAN
	)
	invoice = family.invoice
	found = pages(invoice)
	assert len(found) == 1
	page = found[0]
	for part in (
		invoice.number,
		"Communauté de communes du Val",
		"septembre 2026",
		"Montant à payer",
		plain(invoice.total),
		frappe.utils.formatdate(invoice.due_date),
		"Par chèque à l'ordre du Trésor public.",
		"SGC de Verrinay",
		"FR76 3000 6000 0112 3456 7890 189",
		f"FACTURE {invoice.number}",
	):
		assert part in page, part
	for line in invoice.lines:
		assert " ".join(line.label.split()) in page
		assert plain(line.amount) in page
	for child in family.children:
		first, last = frappe.db.get_value("Person", child, ["first_name", "last_name"])
		assert f"{first} {last}" in page


def test_the_amounts_on_paper_add_up(family):
	"""Σ of the lines = Σ of the groups = the total, read from the page itself."""
	letter = family.invoice.letter()

	def cents(amount: str) -> int:
		return int(re.sub(r"[^0-9-]", "", amount.replace("−", "-")))

	lines = sum(cents(line.amount) for group in letter.groups for line in group.lines)
	assert lines == sum(cents(group.total) for group in letter.groups) == cents(letter.total)


@pytest.mark.parametrize("month", [f"{2026 + (m > 12)}-{(m - 1) % 12 + 1:02d}-01" for m in range(9, 21)])
def test_every_month_of_a_year_is_one_page_for_an_ordinary_family(family, month):
	"""Twelve months of the same services, with as many days as a month can have."""
	invoice = family.invoice
	invoice.month = frappe.utils.getdate(month)
	name = frappe.utils.formatdate(invoice.month, "MMMM")
	for line in invoice.lines:
		line.days = ", ".join(str(day) for day in range(1, 24)) + f" {name}"
	found = pages(invoice)
	assert len(found) == 1, month
	assert plain(invoice.total) in found[0]


def test_a_held_invoice_is_a_statement_that_asks_for_nothing(family):
	"""R35: under the threshold it is kept en mairie, and says so; nobody can pay it by its code."""
	home = b.household(qf=512)
	set_up(invoice_qr="Bank Transfer", payment_iban=IBAN)
	b.attend(b.enrol(home, b.canteen()), b.OCTOBER[:2])
	invoice = b.invoice_of(b.issue(b.compute(month="2026-10-01")), home.payer)
	page = text(invoice)
	assert invoice.status == "Held"
	assert "conservé en mairie" in page
	assert "Montant à payer" not in page
	assert "Comment payer" not in page
	assert not invoice.letter().payment.get("qr")


def test_a_credit_note_says_which_invoice_it_lowers(family):
	"""R34: an "avoir" with the number of its invoice, and no way to pay it."""
	note = frappe.copy_doc(family.invoice)
	note.update({"name": "credit", "docstatus": 1, "number": "2026-000999", "outcome": "To Send"})
	note.kind, note.credits = "Credit Note", family.invoice.name
	note.total = -family.invoice.total
	note.correction_reason = "Repas comptés deux fois"
	page = text(note)
	assert page.startswith("Avoir") or "Avoir septembre 2026" in page
	assert f"Sur la facture n° {family.invoice.number}" in page
	assert "Motif : Repas comptés deux fois" in page
	assert "Comment payer" not in page
	assert pdf.file_name(note) == "avoir-2026-000999.pdf"


def test_what_was_paid_already_is_taken_off_what_is_asked_for(family):
	invoice = family.invoice
	invoice.outstanding = 20
	page = text(invoice)
	assert "Déjà réglé" in page
	assert "Reste à payer" in page
	assert "20,00 €" in page


def test_whoever_is_debited_is_told_not_to_pay(family):
	"""R20: with an active mandate there is nothing to do, so no code and no instructions."""
	set_up(invoice_qr="Bank Transfer", payment_iban=IBAN, sepa_creditor_id="FR72ZZZ123456")
	builders.mandate(frappe.get_doc("Payer", family.payer), signed_on="2026-09-01")
	frappe.db.set_value("Payer", family.payer, "payment_method", "Direct Debit")
	page = text(family.invoice)
	assert "Montant prélevé" in page
	assert "Ne payez pas cette facture par un autre moyen" in page
	assert "Comment payer" not in page


# ---------------------------------------------------------------- days


def test_days_stand_beside_the_lines_or_on_a_second_page_or_nowhere(family):
	"""A setting; and on demand for one invoice, whatever the setting."""
	assert "1, 3, 4" in text(family.invoice)
	set_up(invoice_days="Not Printed")
	found = pages(family.invoice)
	assert len(found) == 1
	assert "1, 3, 4" not in found[0]
	family.invoice.flags.with_days = True
	assert len(pages(family.invoice)) == 2
	family.invoice.flags.with_days = False
	set_up(invoice_days="On a Second Page")
	second = pages(family.invoice)[1]
	assert "Détail des jours" in second
	assert second.count("●") == 2 * (len(b.SEPTEMBER) + 9 + 5) + 1  # one in the legend


def test_the_calendar_of_the_days_holds_what_is_billed_and_nothing_else(family):
	family.invoice.flags.with_days = True
	calendars = family.invoice.letter().day_pages
	assert len(calendars) == 2
	canteen = calendars[0].lines[-1] if len(calendars[0].lines[-1].total) > 1 else calendars[0].lines[0]
	ticked = [number for number, cell in enumerate(canteen.cells, 1) if cell]
	assert ticked == [day.day for day in b.SEPTEMBER]
	assert [column.number for column in calendars[0].columns if column.weekend][:2] == [5, 6]


# ---------------------------------------------------------------- the code


def test_the_transfer_code_holds_account_amount_and_reference(family):
	"""EPC069-12, line by line; the picture is decoded in tests/browser/test_invoice_qr.py."""
	set_up(invoice_qr="Bank Transfer", payment_iban=IBAN, payment_account_holder="SGC de Verrinay")
	settings = frappe.get_cached_doc("Authority Settings")
	code = qr.code(settings, "2026-000001", "x", Decimal("47.60"))
	assert code.error == "M"
	assert family.invoice.letter().payment.qr.startswith("data:image/png;base64,")


def test_a_code_for_transfers_needs_an_account_that_exists():
	with pytest.raises(PaymentAccountMissing):
		set_up(invoice_qr="Bank Transfer", payment_iban="")
	with pytest.raises(InvalidIban):
		set_up(payment_iban="FR7630006000011234567890188")


def test_the_web_page_behind_the_code_names_the_invoice(family):
	with pytest.raises(InvalidQrAddress):
		set_up(invoice_qr="Web Page", qr_address="payfip")
	set_up(invoice_qr="Web Page", qr_address="https://pay.example/?ref={number}&m={amount}")
	settings = frappe.get_cached_doc("Authority Settings")
	assert (
		qr.address(settings, "2026-000001", "x", Decimal("9.5"))
		== "https://pay.example/?ref=2026-000001&m=9.50"
	)
	set_up(qr_address="")
	settings = frappe.get_cached_doc("Authority Settings")
	assert qr.address(settings, "2026-000001", "abc", Decimal(1)).endswith("/facture/abc")


# ---------------------------------------------------------------- the print format (R45)


def own_format(html: str, name: str = "Facture du Val", **values) -> str:
	copy = frappe.copy_doc(frappe.get_doc("Print Format", template.PRINT_FORMAT))
	copy.update({"name": b.unique(name), "standard": "No", "html": html, **values})
	copy.insert(set_name=copy.name)
	return copy.name


def test_the_copy_of_an_administrator_is_what_is_printed_and_stays_after_an_update(family):
	"""R45: copied and changed without code; ``bench migrate`` brings ours anew, never the copy or the choice."""
	html = template.OWN.read_text().replace("Comment payer", "Régler en mairie de Verrinay")
	chosen = own_format(html)
	set_up(invoice_print_format=chosen)
	assert "Régler en mairie de Verrinay" in text(family.invoice)
	frappe.reload_doc("billing", "print_format", "facture", force=True)
	frappe.reload_doc("authority", "doctype", "authority_settings", force=True)
	assert template.name_in_use() == chosen
	assert "Régler en mairie de Verrinay" in text(family.invoice)


def test_only_a_format_that_can_print_invoices_is_chosen():
	other = frappe.db.get_value("Print Format", {"doc_type": ("!=", "Invoice")})
	with pytest.raises(WrongPrintFormat):
		set_up(invoice_print_format=other)
	with pytest.raises(WrongPrintFormat):
		set_up(invoice_print_format=own_format("x", custom_format=0))


def test_a_template_that_fails_says_which_one_and_why(family):
	broken = own_format("{{ 1 }}")
	frappe.db.set_value(
		"Print Format", broken, "html", "{% for x in %}"
	)  # the framework checks the form only
	frappe.db.set_single_value("Authority Settings", "invoice_print_format", broken)
	frappe.clear_document_cache("Authority Settings", "Authority Settings")
	with pytest.raises(TemplateFailed, match=broken):
		pdf.render([family.invoice])


def test_a_template_reaches_neither_files_nor_python(family):
	chosen = own_format("{{ doc.__class__ }}<img src='file:///etc/passwd'>")
	frappe.db.set_single_value("Authority Settings", "invoice_print_format", chosen)
	frappe.clear_document_cache("Authority Settings", "Authority Settings")
	with pytest.raises(TemplateFailed):
		pdf.render([family.invoice])


def test_the_format_that_is_installed_is_the_file_that_is_edited():
	"""The template stands in two files: the one that one reads, and the one that ``bench migrate`` loads."""
	shipped = json.loads(template.OWN.with_suffix(".json").read_text("utf-8"))
	assert shipped["html"] == template.OWN.read_text("utf-8")
