"""What the form of an import may call. Rights are checked by the first statement.

Types are enforced by Frappe, so no postponed annotations in this file.
"""

import frappe
from frappe.query_builder.functions import Count
from frappe.utils import cint

from concerto_education.authority import tables
from concerto_education.families import rights
from concerto_education.families.quotient_import import report, service

PAGE = 100


@frappe.whitelist(methods=["POST"])
def preview(name: str) -> dict:
	"""Look at the list line by line. Needs the right to change the import and to add quotients."""
	doc = _writable(name)
	service.preview(doc)
	return {"status": doc.status, "refusal": doc.refusal}


@frappe.whitelist(methods=["POST"])
def apply(name: str) -> dict:
	"""Add the good lines. Needs the right to change the import and to add quotients."""
	doc = _writable(name)
	return {"in_job": service.start(doc), "status": frappe.db.get_value(service.IMPORT, name, "status")}


@frappe.whitelist(methods=["POST"])
def choose_family(line: str, family: str) -> None:
	"""Say which dossier a line speaks of. Needs the right to change its import and to read the family."""
	_writable(frappe.db.get_value(service.LINE, line, "quotient_import") or "")
	rights.require("Family", "read", family)
	service.choose_family(frappe.get_doc(service.LINE, line), family)


@frappe.whitelist()
def lines(name: str, status: str | None = None, start: int = 0) -> dict:
	"""Lines of an import, a page at a time, and how many there are of each kind. Needs the right to read it."""
	rights.require(service.IMPORT, "read", name)
	filters = {"quotient_import": name}
	Line = frappe.qb.DocType(service.LINE)
	counts = (
		frappe.qb.from_(Line)
		.select(Line.status, Count(Line.name))
		.where(Line.quotient_import == name)
		.groupby(Line.status)
	).run()
	if status:
		filters["status"] = status
	rows = frappe.get_all(  # the import may be read, and so its lines
		service.LINE, filters=filters, fields=["*"], order_by="line asc", start=cint(start), limit=PAGE
	)
	return {"counts": dict(counts), "rows": rows, "page": PAGE}


@frappe.whitelist()
def download_report(name: str) -> None:
	"""The report as CSV. Needs the right to read the import."""
	rights.require(service.IMPORT, "read", name)
	tables.respond(report.lines_of(name), f"{name}-compte-rendu.csv")


@frappe.whitelist()
def download_template() -> None:
	"""An empty list with headings that are understood. Needs the right to make imports."""
	rights.require(service.IMPORT, "create")
	tables.respond(report.template(), "modele-quotients.csv")


def _writable(name: str):
	rights.require(service.IMPORT, "write", name)
	rights.require("Quotient", "create")
	return frappe.get_doc(service.IMPORT, name)
