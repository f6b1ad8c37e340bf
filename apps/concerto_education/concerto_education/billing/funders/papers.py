"""A statement on paper and as a sheet: one line per prise en charge, a total per structure (R21, R29)."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import frappe
from frappe import _
from frappe.utils import formatdate, getdate

from concerto_education.authority import pdf, tables
from concerto_education.authority.money import decimal_of, format_money
from concerto_education.billing.explain import month_text
from concerto_education.billing.letter import authority_block
from concerto_education.engine.money import ZERO
from concerto_education.families.payers import address_lines

TEMPLATE = Path(__file__).parent / "statement.html"


def title(doc) -> str:
	month = month_text(getdate(doc.month))
	if doc.kind == "Vouchers":
		return _("Batch of vouchers, {0}").format(month)
	return _("Statement of prises en charge, {0}").format(month)


def by_site(doc) -> list[tuple[str, list]]:
	groups: dict[str, list] = {}
	for row in doc.lines:
		groups.setdefault(row.site or "", []).append(row)
	return list(groups.items())


def _sum(rows: Iterable, field: str):
	return sum((decimal_of(row.get(field)) for row in rows), ZERO)


def _names(doc) -> dict[str, str]:
	# Names on a document whose reader was checked.
	return dict(
		frappe.get_all(
			"Person",
			filters={"name": ("in", [row.person for row in doc.lines] or [""])},
			fields=["name", "full_name"],
			as_list=True,
		)
	)


def render(doc) -> bytes:
	"""The statement as PDF."""
	with pdf.in_french():
		body = frappe.render_template(TEMPLATE.read_text("utf-8"), {"page": _page(doc)})
		return pdf.render([body], title(doc))


def _page(doc) -> frappe._dict:
	organisation = frappe.get_doc("Organisation", doc.funder)
	names = _names(doc)
	return frappe._dict(
		authority=authority_block(frappe.get_cached_doc("Authority Settings")),
		recipient=[organisation.organisation_name, *address_lines(organisation)],
		title=title(doc),
		number=doc.name,
		draft=doc.status == "Draft",
		claim=frappe.db.get_value("Invoice", doc.invoice, "number") if doc.invoice else "",
		vouchers=doc.kind == "Vouchers",
		date=formatdate(getdate()),
		sites=[
			frappe._dict(
				name=site,
				days=sum(row.days for row in rows),
				total=format_money(_sum(rows, "total")),
				lines=[
					frappe._dict(
						child=names.get(row.person, row.person),
						source=row.voucher or row.funding,
						reference=row.reference or "",
						activity=row.activity,
						days=row.days,
						amount=format_money(row.amount),
						adjustments=format_money(row.adjustments) if decimal_of(row.adjustments) else "",
						total=format_money(row.total),
					)
					for row in rows
				],
			)
			for site, rows in by_site(doc)
		],
		days=sum(row.days for row in doc.lines),
		total=format_money(doc.total),
	)


def sheet(doc) -> bytes:
	"""The statement as XLSX: the lines, then a total per structure and the whole."""
	names = _names(doc)
	rows: list[list] = [
		[
			_("Structure"),
			_("Child"),
			_("Prise en charge"),
			_("Reference"),
			_("Activity"),
			_("Imputation"),
			_("Days"),
			_("Amount"),
			_("Régularisations"),
			_("Total"),
		]
	]
	for site, lines in by_site(doc):
		for row in lines:
			rows.append(
				[
					site,
					names.get(row.person, row.person),
					row.voucher or row.funding,
					row.reference or "",
					row.activity,
					row.imputation or "",
					row.days,
					decimal_of(row.amount),
					decimal_of(row.adjustments),
					decimal_of(row.total),
				]
			)
		rows.append(_total_row(_("Total {0}").format(site), lines))
	rows.append(_total_row(_("Total"), doc.lines))
	return tables.xlsx_bytes(rows, title(doc))


def _total_row(label: str, lines) -> list:
	return [
		label,
		"",
		"",
		"",
		"",
		"",
		sum(row.days for row in lines),
		_sum(lines, "amount"),
		_sum(lines, "adjustments"),
		_sum(lines, "total"),
	]


def file_name(doc, ending: str) -> str:
	kind = "bons" if doc.kind == "Vouchers" else "prises-en-charge"
	return f"{kind}-{getdate(doc.month):%Y-%m}-{doc.name}.{ending}"


def overview(doc) -> dict:
	return {
		"title": title(doc),
		"total": format_money(doc.total),
		"sites": [
			{
				"site": site,
				"lines": len(rows),
				"days": sum(row.days for row in rows),
				"total": format_money(_sum(rows, "total")),
			}
			for site, rows in by_site(doc)
		],
	}
