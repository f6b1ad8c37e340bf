"""The mandate as a paper to sign: everything that is printed, as plain text, ready for a print format."""

from __future__ import annotations

from pathlib import Path

import frappe
from frappe import _
from frappe.utils import cint, formatdate

from concerto_education.authority import pdf
from concerto_education.authority.boot import appearance
from concerto_education.engine import mandates as engine
from concerto_education.families.mandates.creditor import creditor
from concerto_education.families.payers import address_blocks, address_lines

PRINT_FORMAT = "Mandat SEPA"


def render(mandate) -> bytes:
	"""The PDF. The right to print was checked by the caller."""
	with pdf.in_french():
		body = frappe.render_template(_template(), {"doc": mandate})
		title = _("Mandate {0}").format(mandate.rum)
	return pdf.render([body], title)


def content(mandate) -> frappe._dict:
	"""All that the paper says. ``Mandate.paper()`` gives it to the template."""
	block = address_blocks([mandate.payer])[mandate.payer]
	own = address_lines(mandate) if cint(mandate.own_address) else ()
	collects = creditor()
	return frappe._dict(
		rum=mandate.rum,
		creditor=frappe._dict(
			identifier=collects.identifier, name=collects.name, lines=list(collects.lines), country="FRANCE"
		),
		debtor=frappe._dict(name=mandate.account_holder, lines=list(own or block.lines)),
		iban=_shown_iban(mandate),
		bic=mandate.bic or "",
		signed_on=formatdate(mandate.signature_date) if mandate.signature_date else "",
		signed_at=mandate.signature_place or "",
		family=mandate.family or "",
		recipient=block.recipient,
		colour=appearance()["accent_colour"],
	)


def _shown_iban(mandate) -> str:
	"""In full on the paper to sign; later only for who may see accounts."""
	if mandate.state != engine.AWAITING and "iban" not in mandate.meta.get_permitted_fieldnames():
		return mandate.account
	return " ".join(mandate.iban[i : i + 4] for i in range(0, len(mandate.iban), 4))


def _template() -> str:
	"""The print format that the DocType names as its default: ours, or the copy of an administrator."""
	name = frappe.get_meta("Mandate").default_print_format or PRINT_FORMAT
	html = frappe.db.get_value("Print Format", {"name": name, "disabled": 0}, "html")
	folder = Path(__file__).parent.parent / "print_format" / frappe.scrub(PRINT_FORMAT)
	return html or (folder / f"{frappe.scrub(PRINT_FORMAT)}.html").read_text()
