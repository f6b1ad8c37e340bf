"""Which print format an invoice is printed with: the copy that the settings name, else the default one (R45)."""

from __future__ import annotations

from pathlib import Path

import frappe
from frappe import _
from jinja2 import Template, TemplateError

from concerto_education.billing.paper.errors import TemplateFailed, WrongPrintFormat

PRINT_FORMAT = "Facture"
OWN = Path(__file__).parent.parent / "print_format" / frappe.scrub(PRINT_FORMAT) / "facture.html"


def name_in_use() -> str:
	"""The settings decide; then what Customize Form says; then ours."""
	return (
		frappe.get_cached_doc("Authority Settings").get("invoice_print_format")
		or frappe.get_meta("Invoice").default_print_format
		or PRINT_FORMAT
	)


def text() -> str:
	"""The template in use. One that was disabled or deleted meanwhile is no reason not to print."""
	return _html(name_in_use()) or OWN.read_text("utf-8")


def compiled() -> Template:
	"""The template in use, read once for all invoices of a batch."""
	html = text()
	if ".__" in html:  # the framework's own guard against reaching into Python
		raise _failed(_("it may not contain “.__”"))
	try:
		return frappe.get_jenv().from_string(html)
	except TemplateError as error:
		raise _failed(str(error)) from error


def body(template: Template, invoice) -> str:
	"""The page of an invoice. What an administrator's template gets wrong is said with its name."""
	try:
		return template.render(doc=invoice)
	except (TemplateError, ArithmeticError, LookupError, TypeError, ValueError) as error:
		raise _failed(str(error)) from error


def check(print_format: str | None) -> None:
	"""Refuse a format that can't print invoices."""
	if not print_format:
		return
	found = frappe.db.get_value(
		"Print Format", print_format, ["doc_type", "custom_format", "print_format_type", "html"], as_dict=True
	)
	if not found or found.doc_type != "Invoice":
		frappe.throw(
			_("Print Format of Invoices: “{0}” is not one of invoices").format(print_format), WrongPrintFormat
		)
	if not (found.html and found.custom_format and found.print_format_type == "Jinja"):
		frappe.throw(
			_(
				"Print Format of Invoices: “{0}” has no template of its own (“Custom Format”, Jinja). Copy the format “{1}”, change the copy, and choose it here"
			).format(print_format, PRINT_FORMAT),
			WrongPrintFormat,
		)


def _html(name: str) -> str | None:
	# A template isn't data of a reader: who may print the invoice was checked.
	return frappe.db.get_value("Print Format", {"name": name, "disabled": 0, "custom_format": 1}, "html")


def _failed(reason: str) -> TemplateFailed:
	return TemplateFailed(
		_(
			"Print format {0}: it can't be printed ({1}). Mend it, or choose another one in the settings"
		).format(name_in_use(), reason)
	)
