"""Certificates as PDF: for one payer, or for all of a year in one file (R42)."""

from __future__ import annotations

from datetime import date

import frappe
from frappe import _
from frappe.utils import cint, formatdate, getdate

from concerto_education.authority import headers, pdf
from concerto_education.authority.money import format_money
from concerto_education.billing.payments import papers
from concerto_education.billing.payments.certificates import care, receipts
from concerto_education.billing.payments.errors import NothingToCertify
from concerto_education.engine.money import ZERO
from concerto_education.families.rights import require

FIRST_YEAR = 2000
CHUNK = 200


@frappe.whitelist(methods=["GET", "POST"])
def care_pdf(payer: str, year: int) -> None:
	"""The tax certificate of one payer."""
	require("Payment", "print")
	frappe.get_doc("Payer", payer).check_permission("read")
	children = care.paid([payer], _year(year))[payer]
	if not children:
		frappe.throw(
			_("{0}: no care of a child under six was paid in {1}").format(_name(payer), year),
			NothingToCertify,
		)
	with pdf.in_french():
		content = pdf.render([care_letter(payer, cint(year), children)], _care_title(year))
	pdf.respond(content, headers.file_name("attestation-garde", str(year), payer, ending="pdf"))


@frappe.whitelist(methods=["GET", "POST"])
def care_batch_pdf(year: int) -> None:
	"""All tax certificates of a year in one file, in the order of names."""
	require("Payment", "print")
	found = _batch(_year(year))
	if not found:
		frappe.throw(_("No care of a child under six was paid in {0}").format(year), NothingToCertify)
	with pdf.in_french():
		content = pdf.render(
			[care_letter(payer, cint(year), children) for _title, payer, children in found],
			_care_title(year),
		)
	pdf.respond(content, headers.file_name("attestations-garde", str(year), ending="pdf"))


@frappe.whitelist(methods=["GET", "POST"])
def care_batch(year: int) -> dict:
	"""How many certificates there are, before the file is made."""
	require("Payment", "read")
	found = _batch(_year(year))
	total = sum((child.amount for row in found for child in row[2]), ZERO)
	return {
		"payers": len(found),
		"children": sum(len(row[2]) for row in found),
		"total": format_money(total),
	}


@frappe.whitelist(methods=["GET", "POST"])
def payments_pdf(payer: str, year: int) -> None:
	"""The certificate of all payments of a year."""
	require("Payment", "print")
	frappe.get_doc("Payer", payer).check_permission("read")
	rows = receipts.of(payer, _year(year))
	if not rows:
		frappe.throw(_("{0}: nothing was paid in {1}").format(_name(payer), year), NothingToCertify)
	with pdf.in_french():
		title = _("Certificate of Payments {0}").format(year)
		values = {
			"year": year,
			"rows": [
				{
					"date": formatdate(row.day),
					"number": row.name,
					"method": " ".join(filter(None, (row.method, row.reference))),
					"amount": format_money(row.amount),
				}
				for row in rows
			],
			"total": format_money(receipts.total(rows)),
		}
		content = pdf.render([papers.letter("payments_certificate.html", payer, title, values)], title)
	pdf.respond(content, headers.file_name("attestation-paiement", str(year), payer, ending="pdf"))


def care_letter(payer: str, year: int, children: list[care.Child]) -> str:
	settings = frappe.get_cached_doc("Authority Settings")
	total = sum((child.amount for child in children), ZERO)
	return papers.letter(
		"care_certificate.html",
		payer,
		_care_title(year),
		{
			"year": year,
			"payer": _name(payer),
			"authority_name": settings.authority_name or "",
			"siret": settings.siret or "",
			"children": [
				{
					"name": child.name,
					"birth_date": formatdate(child.birth_date),
					"amount": format_money(child.amount),
				}
				for child in children
			],
			"total": format_money(total),
			"text": frappe.db.get_single_value("Payment Settings", "certificate_text") or "",
		},
	)


def _batch(year: int) -> list[tuple[str, str, list[care.Child]]]:
	payers = care.payers_of(year)
	found = []
	for start in range(0, len(payers), CHUNK):  # memory stays flat however large the town is
		paid = care.paid(payers[start : start + CHUNK], year)
		found.extend((_name(payer), payer, children) for payer, children in paid.items() if children)
	return sorted(found, key=lambda row: row[:2])


def _year(value) -> int:
	year = cint(value)
	if not FIRST_YEAR <= year <= getdate().year:
		frappe.throw(_("Year: {0} is not a year that can be certified").format(value), frappe.ValidationError)
	return date(year, 1, 1).year


def _name(payer: str) -> str:
	return frappe.db.get_value("Payer", payer, "recipient") or payer


def _care_title(year) -> str:
	return _("Certificate of Childcare Expenses {0}").format(year)
