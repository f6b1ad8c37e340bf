"""The PDF of an invoice, by WeasyPrint, from the default print format of the DocType.

Frappe's own PDF button gives the same page by wkhtmltopdf. This way needs no address of the site to fetch
styles from, so it works in a worker as well, and it numbers the pages.
"""

from __future__ import annotations

from pathlib import Path

import frappe
from frappe import _

from concerto_education.authority import pdf

PRINT_FORMAT = "Facture"


@frappe.whitelist(methods=["GET", "POST"])
def invoice_pdf(name: str) -> None:
	"""Download the PDF of an invoice (button "PDF")."""
	invoice = frappe.get_doc("Invoice", name)
	invoice.check_permission("print")
	pdf.respond(render([invoice]), file_name(invoice))


def file_name(invoice) -> str:
	"""``facture-2026-000123.pdf``; without a number yet, the month."""
	return f"facture-{invoice.number or f'{invoice.month:%Y-%m}-{invoice.name}'}.pdf"


def render(invoices: list) -> bytes:
	"""One PDF of several invoices, each on pages of its own. Permissions are the caller's affair."""
	with pdf.in_french():
		template = _template()
		bodies = [frappe.render_template(template, {"doc": invoice}) for invoice in invoices]
		title = _("Invoice {0}").format(invoices[0].number or "")
	return pdf.render(bodies, title)


def _template() -> str:
	"""The print format that the DocType names as its default: ours, or the copy of an administrator."""
	name = frappe.get_meta("Invoice").default_print_format or PRINT_FORMAT
	html = frappe.db.get_value("Print Format", {"name": name, "disabled": 0}, "html")
	return (
		html
		or (Path(__file__).parent / "print_format" / frappe.scrub(PRINT_FORMAT) / "facture.html").read_text()
	)
