"""Letters of payments as PDF: statement of account, receipt. Their frame serves the other letters of this room too."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import frappe
from frappe import _
from frappe.utils import formatdate, getdate

from concerto_education.authority import headers, pdf
from concerto_education.authority.money import decimal_of, format_money
from concerto_education.billing.letter import authority_block
from concerto_education.billing.payments import find, statement
from concerto_education.families.payers import address_blocks
from concerto_education.families.rights import require

FOLDER = Path(__file__).parent / "letters"


# ---------------------------------------------------------------- screen and PDF


@frappe.whitelist(methods=["GET", "POST"])
def account_statement(
	payer: str | None = None, family: str | None = None, start: str | None = None, end: str | None = None
) -> dict:
	"""The account on screen."""
	require("Payment", "read")
	payers = _readable_payers(payer, family)
	found = statement.of(payers, _day(start), _day(end))
	return {"title": _title(payer, family), "payers": find.described(payers), **statement.shown(found)}


@frappe.whitelist(methods=["GET", "POST"])
def account_statement_pdf(
	payer: str | None = None, family: str | None = None, start: str | None = None, end: str | None = None
) -> None:
	require("Payment", "print")
	payers = _readable_payers(payer, family)
	if not payers:
		frappe.throw(_("This family has no payer yet."), frappe.DoesNotExistError)
	found = statement.of(payers, _day(start), _day(end))
	with pdf.in_french():
		title = _("Statement of Account")
		body = letter("statement.html", payers[0], title, statement.shown(found))
		content = pdf.render([body], title)
	pdf.respond(content, headers.file_name("releve", payers[0], ending="pdf"))


@frappe.whitelist(methods=["GET", "POST"])
def receipt_pdf(payment: str) -> None:
	"""Button "Reçu" of a payment."""
	doc = frappe.get_doc("Payment", payment)
	doc.check_permission("print")
	with pdf.in_french():
		cancelled = doc.status == "Cancelled"
		title = _("Receipt (cancelled)") if cancelled else _("Receipt")
		values = {
			"number": doc.name,
			"date": formatdate(doc.payment_date),
			"method": " ".join(filter(None, (doc.payment_method, doc.reference, doc.bank))),
			"amount": format_money(doc.amount),
			"credit": format_money(doc.unallocated) if decimal_of(doc.unallocated) else "",
			"settled": [] if cancelled else find.allocations_of("Payment", doc.name),
		}
		content = pdf.render([letter("receipt.html", doc.payer, title, values)], title)
	pdf.respond(content, headers.file_name("recu", doc.name, ending="pdf"))


# ---------------------------------------------------------------- the frame


def letter(template: str, payer: str, title: str, values: Mapping[str, Any], day=None) -> str:
	"""A letter to a payer, as HTML: the frame with this template inside."""
	settings = frappe.get_cached_doc("Authority Settings")
	content = frappe.render_template(
		(FOLDER / template).read_text("utf-8"),
		{**values, "how_to_pay": settings.payment_instructions or ""},
	)
	return frame(content, payer, title, day)


def frame(content: str, payer: str, title: str, day=None, recipient: Iterable[str] | None = None) -> str:
	settings = frappe.get_cached_doc("Authority Settings")
	if recipient is None:
		block = address_blocks([payer]).get(payer)
		recipient = block.as_text().splitlines() if block else []
	date = formatdate(day or getdate())
	return frappe.render_template(
		(FOLDER / "frame.html").read_text("utf-8"),
		{
			"authority": authority_block(settings),
			"recipient": list(recipient),
			"title": title,
			"content": content,
			"place_and_date": _("{0}, on {1}").format(settings.town, date) if settings.town else date,
			"signatory": frappe.db.get_single_value("Payment Settings", "signatory") or "",
		},
	)


# ---------------------------------------------------------------- small things


def _readable_payers(payer: str | None, family: str | None) -> list[str]:
	"""One payer, or all of a family, that the user may read."""
	if payer:
		frappe.get_doc("Payer", payer).check_permission("read")
		return [payer]
	if not family:
		frappe.throw(_("Choose a payer or a family"), frappe.MandatoryError)
	frappe.get_doc("Family", family).check_permission("read")
	# Payers of a family that the user may read.
	return frappe.get_all(
		"Payer", filters={"family": family}, pluck="name", order_by="active desc, creation asc"
	)


def _title(payer: str | None, family: str | None) -> str:
	if payer:
		return frappe.db.get_value("Payer", payer, "recipient") or payer
	return frappe.db.get_value("Family", family, "people") or family


def _day(value: str | None):
	return getdate(value) if value else None
