"""Pages as PDF, by WeasyPrint: invoices, letters, mandates.

A page reaches neither into the network nor into files: pictures of this site are put into it before. So it works
in a worker as well as in a request, and a template of an administrator can't read what it shouldn't.
"""

from __future__ import annotations

import mimetypes
import re
from base64 import b64encode
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from html import unescape
from pathlib import Path

import frappe
from frappe.utils import escape_html

PAGE = """<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>{title}</title><style>
@page {{ size: A4; margin: 14mm 15mm 18mm; @bottom-right {{ content: "page " counter(page) " / " counter(pages);
  font: 7.5pt "Liberation Sans", Arial, "DejaVu Sans", sans-serif; color: #666; }} }}
@page {{ @bottom-left {{ content: string(page-name, last);
  font: 7.5pt "Liberation Sans", Arial, "DejaVu Sans", sans-serif; color: #666; }} }}
html, body {{ margin: 0; }}
</style></head><body>{body}</body></html>"""
BLANK = "<style>@page { size: A4 }</style>"


def render(bodies: Iterable[str], title: str, two_sided: bool = False) -> bytes:
	"""One PDF of several bodies of HTML, each a document of its own: it begins on a new page, and its pages are
	counted from one. ``two_sided`` adds a blank back where one is needed, so that each begins on a sheet of its own.
	Permissions are the caller's affair."""
	# Imported here: it loads slowly, and only those who print need it.
	from weasyprint import HTML
	from weasyprint.text.fonts import FontConfiguration

	fonts = FontConfiguration()
	fetcher = _no_network()
	documents = []
	for body in bodies:
		html = _with_pictures(PAGE.format(title=escape_html(title), body=body))
		documents.append(HTML(string=html, url_fetcher=fetcher).render(font_config=fonts))
	pages = []
	blank = HTML(string=BLANK).render().pages if two_sided else []
	for document in documents:
		pages += document.pages
		if two_sided and len(document.pages) % 2:
			pages += blank
	return documents[0].copy(pages).write_pdf()


def respond(content: bytes, file_name: str) -> None:
	"""Make the PDF the answer of the request."""
	frappe.local.response.filename = file_name
	frappe.local.response.filecontent = content
	frappe.local.response.type = "pdf"


def _no_network():
	"""Pictures are in the page already: a template must reach neither into the network nor into files."""
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
def in_french() -> Iterator[None]:
	"""What leaves the house is in the language of the authority, whoever prints it."""
	before = frappe.local.lang
	frappe.local.lang = frappe.db.get_default("lang") or "fr"
	try:
		yield
	finally:
		frappe.local.lang = before
