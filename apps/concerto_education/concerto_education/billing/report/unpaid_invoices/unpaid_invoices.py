"""Unpaid invoices by age, with the reminders sent and what protects them; exported as XLSX by the report itself (R42)."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.utils import getdate

from concerto_education.authority.money import decimal_of, format_money
from concerto_education.billing.explain import month_text
from concerto_education.billing.payments import unpaid
from concerto_education.engine.money import ZERO
from concerto_education.families.rights import require

NOT_DUE = "not_due"
COLUMNS = ("age_30", "age_60", "age_90", "age_more")


def execute(filters: dict | None = None) -> tuple:
	require("Payment", "report")
	filters = frappe._dict(filters or {})
	today = getdate(filters.day) if filters.day else getdate()
	rows = [row for row in (_row(invoice, today) for invoice in unpaid.invoices()) if _wanted(row, filters)]
	message = None if rows else _("Nothing is unpaid.")
	return _columns(), rows, message, _chart(rows), _summary(rows)


def _row(invoice: unpaid.Unpaid, today) -> dict[str, Any]:
	place = invoice.bucket(today)
	state = _("Disputed") if invoice.disputed else _("Instalments") if invoice.plan else ""
	row = {
		"payer": invoice.payer,
		"title": invoice.title,
		"family": invoice.family,
		"invoice": invoice.name,
		"number": invoice.number,
		"month": month_text(invoice.month),
		"due_date": invoice.due_date,
		"total": invoice.total,
		"outstanding": invoice.outstanding,
		"days": max(0, (today - invoice.due_date).days),
		"level": invoice.history.level,
		"reminded_on": invoice.history.sent_on,
		"state": state,
		"age": NOT_DUE if place is None else COLUMNS[place],
		NOT_DUE: ZERO,
		**dict.fromkeys(COLUMNS, ZERO),
	}
	row[row["age"]] = invoice.outstanding
	return row


def _wanted(row: dict, filters) -> bool:
	if filters.family and row["family"] != filters.family:
		return False
	if filters.payer and row["payer"] != filters.payer:
		return False
	if filters.age and row["age"] != filters.age:
		return False
	if filters.level not in (None, "") and str(row["level"]) != str(filters.level):
		return False
	return not filters.only_late or row["age"] != NOT_DUE


def ages() -> dict[str, str]:
	return {
		NOT_DUE: _("Not Due Yet"),
		"age_30": _("0–30 Days"),
		"age_60": _("31–60 Days"),
		"age_90": _("61–90 Days"),
		"age_more": _("Over 90 Days"),
	}


def _columns() -> list[dict[str, Any]]:
	def column(name: str, label: str, kind: str, width: int, **more) -> dict:
		return {"fieldname": name, "label": label, "fieldtype": kind, "width": width, **more}

	return [
		column("title", _("Payer"), "Data", 220),
		column("family", _("Family"), "Link", 110, options="Family"),
		column("number", _("Invoice"), "Data", 115),
		column("month", _("Month"), "Data", 120),
		column("due_date", _("Due Date"), "Date", 100),
		column("outstanding", _("Still Due"), "Currency", 105),
		column("days", _("Days Late"), "Int", 90),
		column("level", _("Reminders"), "Int", 90),
		column("reminded_on", _("Last Reminder"), "Date", 110),
		column("state", _("Protected"), "Data", 110),
		*(column(name, label, "Currency", 105) for name, label in ages().items()),
		column("total", _("Total"), "Currency", 105),
		column("payer", _("Account"), "Link", 110, options="Payer"),
		column("invoice", _("Record"), "Link", 110, options="Invoice"),
	]


def _sums(rows: list[dict]) -> dict[str, Any]:
	return {name: sum((decimal_of(row[name]) for row in rows), ZERO) for name in ages()}


def _chart(rows: list[dict]) -> dict[str, Any] | None:
	if not rows:
		return None
	sums, labels = _sums(rows), ages()
	return {
		"data": {
			"labels": list(labels.values()),
			"datasets": [{"name": _("Still Due"), "values": [float(sums[name]) for name in labels]}],
		},
		"type": "bar",
		"height": 180,
	}


def _summary(rows: list[dict]) -> list[dict]:
	total = sum((row["outstanding"] for row in rows), ZERO)
	late = total - sum((row[NOT_DUE] for row in rows), ZERO)
	return [
		{"label": _("Unpaid"), "value": format_money(total), "datatype": "Data"},
		{
			"label": _("Of Which Late"),
			"value": format_money(late),
			"datatype": "Data",
			"indicator": "Orange" if late else "Green",
		},
		{"label": _("Invoices"), "value": len(rows), "datatype": "Int"},
		{"label": _("Payers"), "value": len({row["payer"] for row in rows}), "datatype": "Int"},
	]
