"""The PDF of invoices, by WeasyPrint, from the print format that the settings name (``paper/template.py``).

Frappe's own PDF button gives the same page by its own means. This way needs no address of the site to fetch styles
from, so it works in a worker as well, and it numbers the pages of each invoice.
"""

from __future__ import annotations

from collections.abc import Iterable

import frappe
from frappe import _
from jinja2 import Template

from concerto_education.authority import pdf
from concerto_education.billing.paper import template


@frappe.whitelist(methods=["GET", "POST"])
def invoice_pdf(name: str, with_days: bool = False) -> None:
	"""Download the PDF of an invoice, with a page of the days where they are asked for (buttons of its form)."""
	invoice = frappe.get_doc("Invoice", name)
	invoice.check_permission("print")
	invoice.flags.with_days = with_days
	pdf.respond(render([invoice]), file_name(invoice))


def file_name(invoice) -> str:
	"""``facture-2026-000123.pdf``; without a number yet, the month."""
	kind = "avoir" if invoice.get("kind") == "Credit Note" else "facture"
	return f"{kind}-{invoice.number or f'{invoice.month:%Y-%m}-{invoice.name}'}.pdf"


def render(invoices: Iterable) -> bytes:
	"""One PDF of several invoices, each on pages of its own. Permissions are the caller's affair."""
	invoices = list(invoices)
	with pdf.in_french():
		title = _("Invoice {0}").format(invoices[0].number or "")
		paper = template.compiled()
	return render_bodies([body_of(invoice, paper) for invoice in invoices], title)


def body_of(invoice, paper: Template) -> str:
	"""The page of an invoice in HTML, by a template that was read before."""
	with pdf.in_french():
		return template.body(paper, invoice)


def render_bodies(bodies: Iterable[str], title: str, two_sided: bool = False) -> bytes:
	"""Several pages in one PDF; on both sides of the paper, each letter begins on a sheet of its own."""
	return pdf.render(bodies, title, two_sided)
