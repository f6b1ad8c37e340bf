"""The PDF of an invoice, by WeasyPrint, from the default print format of the DocType.

Frappe's own PDF button gives the same page by wkhtmltopdf. This way needs no address of the site to fetch
styles from, so it works in a worker as well, and it numbers the pages.
"""

from __future__ import annotations

import mimetypes
import re
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from pathlib import Path

import frappe
from frappe import _
from frappe.utils import escape_html

PRINT_FORMAT = "Facture"
PAGE = """<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>{title}</title><style>
@page {{ size: A4; margin: 14mm 15mm 18mm; @bottom-right {{ content: "page " counter(page) " / " counter(pages);
  font: 7.5pt "Liberation Sans", Arial, "DejaVu Sans", sans-serif; color: #666; }} }}
html, body {{ margin: 0; }}
</style></head><body>{body}</body></html>"""


@frappe.whitelist(methods=["GET", "POST"])
def invoice_pdf(name: str) -> None:
	"""Download the PDF of an invoice (button "PDF")."""
	invoice = frappe.get_doc("Invoice", name)
	invoice.check_permission("print")
	frappe.local.response.filename = file_name(invoice)
	frappe.local.response.filecontent = render([invoice])
	frappe.local.response.type = "pdf"


def file_name(invoice) -> str:
	"""``facture-2026-000123.pdf``; without a number yet, the month."""
	return f"facture-{invoice.number or f'{invoice.month:%Y-%m}-{invoice.name}'}.pdf"


def render(invoices: list) -> bytes:
	"""One PDF of several invoices, each on pages of its own. Permissions are the caller's affair."""
	# Imported here: it loads slowly, and only those who print need it.
	from weasyprint import HTML

	with _in_french():
		template = _template()
		bodies = [frappe.render_template(template, {"doc": invoice}) for invoice in invoices]
		title = escape_html(_("Invoice {0}").format(invoices[0].number or ""))
	separator = '<div style="page-break-before: always"></div>'
	html = _with_pictures(PAGE.format(title=title, body=separator.join(bodies)))
	return HTML(string=html, url_fetcher=_no_network()).write_pdf()


def _no_network():
	"""Pictures are in the page already: a print format must reach neither into the network nor into files."""
	try:
		from weasyprint.urls import URLFetcher
	except ImportError:  # WeasyPrint before 68

		def fetch(url: str, *args, **kwargs):
			if not url.startswith("data:"):
				raise ValueError(f"not in the page: {url}")
			from weasyprint import default_url_fetcher

			return default_url_fetcher(url)

		return fetch
	return URLFetcher(allowed_protocols={"data"})


def _with_pictures(html: str) -> str:
	"""Put the pictures of this site's own files into the page itself."""

	def embed(match: re.Match) -> str:
		path = _local_file(unescape(match.group(2)))
		if not path:
			return f'{match.group(1)}""'
		kind = mimetypes.guess_type(path.name)[0] or "image/png"
		return f'{match.group(1)}"data:{kind};base64,{b64encode(path.read_bytes()).decode()}"'

	return re.sub(r"""(<img\b[^>]*?\bsrc=)["']((?!data:)[^"']*)["']""", embed, html)


def _template() -> str:
	"""The print format that the DocType names as its default: ours, or the copy of an administrator."""
	name = frappe.get_meta("Invoice").default_print_format or PRINT_FORMAT
	html = frappe.db.get_value("Print Format", {"name": name, "disabled": 0}, "html")
	return (
		html
		or (Path(__file__).parent / "print_format" / frappe.scrub(PRINT_FORMAT) / "facture.html").read_text()
	)


def _local_file(url: str) -> Path | None:
	"""The file behind ``/files/…``, ``/private/files/…`` or ``/assets/…``, never outside of these folders."""
	match = re.match(r"(/(?:private/files|files|assets)/[^?#]+)", url)
	if not match:
		return None
	address = match.group(1)
	if address.startswith("/assets/"):
		root = Path(frappe.local.sites_path) / "assets"
		path = root / address.removeprefix("/assets/")
	else:
		root = Path(frappe.get_site_path("private" if address.startswith("/private") else "public", "files"))
		path = root / address.split("/files/", 1)[1]
	# A link inside assets leads to the app's own public folder: only ".." is refused.
	if ".." in path.parts or not path.is_file():
		return None
	return path


@contextmanager
def _in_french() -> Iterator[None]:
	"""An invoice is in the language of the authority, whoever prints it."""
	before = frappe.local.lang
	frappe.local.lang = frappe.db.get_default("lang") or "fr"
	try:
		yield
	finally:
		frappe.local.lang = before
