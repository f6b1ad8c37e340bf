"""The list of unpaid invoices as a spreadsheet (R42)."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.utils import getdate

from concerto_education.authority import headers, pdf, tables
from concerto_education.billing.report.unpaid_invoices.unpaid_invoices import execute
from concerto_education.families.rights import require


@frappe.whitelist(methods=["GET", "POST"])
def xlsx(filters: str | dict | None = None) -> None:
	"""Button "Exporter en XLSX" of the report: what it shows, with amounts as numbers."""
	require("Payment", "export")
	with pdf.in_french():
		columns, rows, *_others = execute(frappe.parse_json(filters) if filters else None)
		sheet = [[column["label"] for column in columns]]
		sheet += [[row.get(column["fieldname"]) for column in columns] for row in rows]
		content = tables.xlsx_bytes(sheet, _("Unpaid Invoices"))
	tables.respond(content, headers.file_name("impayes", f"{getdate():%Y-%m-%d}", ending="xlsx"))
