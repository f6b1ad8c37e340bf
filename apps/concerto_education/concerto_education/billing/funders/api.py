"""What the buttons of fundings and statements call."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.utils import getdate

from concerto_education.activities.funding import steps
from concerto_education.authority import pdf, tables
from concerto_education.billing.explain import month_text
from concerto_education.billing.funders import claims, papers, quotes, statements
from concerto_education.families.rights import require


def _writable(doctype: str, name: str):
	doc = frappe.get_doc(doctype, name)
	doc.check_permission("write")
	return doc


@frappe.whitelist(methods=["POST"])
def make_quote(funding: str) -> dict:
	"""Button "Faire le devis": computes it, attaches the document, moves on to *Quoted*."""
	doc = quotes.make(_writable("Funding", funding))
	return {"status": doc.status, "number": doc.quote_number}


@frappe.whitelist(methods=["POST"])
def move_funding(funding: str, status: str, note: str | None = None) -> dict:
	"""Buttons of the next steps: notified, active, refused, cancelled."""
	doc = _writable("Funding", funding)
	if status == steps.QUOTED:
		return make_quote(funding)
	return {"status": steps.move(doc, status, note).status}


@frappe.whitelist(methods=["GET", "POST"])
def quote_pdf(funding: str) -> None:
	doc = frappe.get_doc("Funding", funding)
	doc.check_permission("print")
	if not doc.quote_number:
		frappe.throw(_("Quote: {0} has none yet").format(doc.name), frappe.DoesNotExistError)
	pdf.respond(quotes.render(doc), quotes.file_name(doc))


# ---------------------------------------------------------------- statements


@frappe.whitelist(methods=["POST"])
def prepare_statements(month: str | None = None) -> dict:
	"""Button "Préparer les états": all funders, up to the last issued month unless another is named."""
	require("Funder Statement", "write")
	until = getdate(month).replace(day=1) if month else statements.last_issued_month()
	if not until:
		return {"statements": [], "message": _("No billing run has been issued yet")}
	made = statements.prepare(until)
	text = (
		_("{0} statements of funders up to {1}").format(len(made), month_text(until))
		if made
		else _("Nothing to state up to {0}: no funder owes anything new").format(month_text(until))
	)
	return {"statements": made, "message": text}


@frappe.whitelist(methods=["POST"])
def claim_statement(statement: str) -> dict:
	"""Button "Facturer le financeur"."""
	_writable("Funder Statement", statement)
	return {"invoice": claims.claim(statement)}


@frappe.whitelist(methods=["GET", "POST"])
def statement_pdf(statement: str) -> None:
	doc = frappe.get_doc("Funder Statement", statement)
	doc.check_permission("print")
	pdf.respond(papers.render(doc), papers.file_name(doc, "pdf"))


@frappe.whitelist(methods=["GET", "POST"])
def statement_xlsx(statement: str) -> None:
	doc = frappe.get_doc("Funder Statement", statement)
	doc.check_permission("export")
	tables.respond(papers.sheet(doc), papers.file_name(doc, "xlsx"))


@frappe.whitelist(methods=["GET", "POST"])
def statement_overview(statement: str) -> dict:
	"""Totals by structure, for the form."""
	doc = frappe.get_doc("Funder Statement", statement)
	doc.check_permission("read")
	return papers.overview(doc)


# ---------------------------------------------------------------- enrolment


@frappe.whitelist(methods=["GET", "POST"])
def enrolment_fundings(enrolment: str) -> list[dict]:
	"""Fundings of an enrolment in the order in which they are asked, for its form."""
	frappe.get_doc("Enrolment", enrolment).check_permission("read")
	require("Funding", "read")
	rows = frappe.get_list(
		"Funding",
		filters={"enrolment": enrolment},
		fields=["*"],
		order_by="priority asc, valid_from asc, name asc",
		limit=0,
	)
	return [
		{
			"name": row.name,
			"funder": frappe.db.get_value("Organisation", row.funder, "organisation_name"),
			"status": row.status,
			"basis": quotes.basis_text(row),
			"period": _("from {0} to {1}").format(
				frappe.utils.formatdate(row.valid_from), frappe.utils.formatdate(row.valid_to)
			),
			"reference": row.reference or "",
		}
		for row in rows
	]
