"""Finding who pays, and what settles what: for screens. Rights are the caller's affair."""

from __future__ import annotations

from collections.abc import Iterable

import frappe
from frappe import _
from frappe.query_builder import DocType
from frappe.utils import formatdate

from concerto_education.authority.money import decimal_of, format_money
from concerto_education.billing.payments import balance
from concerto_education.families.search_results import search

MOST = 12


def payers(text: str) -> list[dict]:
	"""Payers that answer a text, whoever owes something first."""
	text = (text or "").strip()
	if len(text) < 2:
		return []
	found = _by_invoice(text)
	if not found:
		found = [*_by_recipient(text), *_by_family(text)]
	return described(list(dict.fromkeys(found))[: 3 * MOST])[:MOST]


def of_family(family: str) -> list[dict]:
	# Rows that the caller may read; merged payers answer through whoever they were merged into.
	names = frappe.get_all(
		"Payer",
		filters={"family": family, "merged_into": ("is", "not set")},
		pluck="name",
		order_by="active desc, creation asc",
	)
	return described(names)


def _by_invoice(text: str) -> list[str]:
	# The number as it stands on the coupon.
	if not any(character.isdigit() for character in text):
		return []
	return frappe.get_all("Invoice", filters={"number": text.upper()}, pluck="payer", limit=1)


def _by_recipient(text: str) -> list[str]:
	Payer = DocType("Payer")
	query = (
		frappe.qb.from_(Payer)
		.select(Payer.name)
		.where(Payer.merged_into.isnull() | (Payer.merged_into == ""))
	)
	for word in text.split()[:5]:
		query = query.where(Payer.recipient.like(f"%{word}%"))
	return query.orderby(Payer.recipient).limit(2 * MOST).run(pluck=True)


def _by_family(text: str) -> list[str]:
	families = [row["family"] for row in search(text, MOST)["results"]]
	if not families:
		return []
	# Dossiers that the user may read, found by the search.
	return frappe.get_all(
		"Payer",
		filters={"family": ("in", families), "merged_into": ("is", "not set"), "active": 1},
		pluck="name",
	)


def described(names: Iterable[str]) -> list[dict]:
	names = list(names)
	if not names:
		return []
	rows = {
		row.name: row
		# Rows that were found above, with the rights checked there.
		for row in frappe.get_all(
			"Payer",
			filters={"name": ("in", names)},
			fields=["name", "recipient", "family", "active", "payment_method"],
		)
	}
	family_names = dict(
		frappe.get_all(
			"Family",
			filters={"name": ("in", [row.family for row in rows.values() if row.family])},
			fields=["name", "people"],
			as_list=True,
		)
	)
	found = balance.details("payer", names)
	shown = [
		{
			"name": name,
			"title": rows[name].recipient or name,
			"family": rows[name].family or "",
			"people": family_names.get(rows[name].family) or "",
			"active": bool(rows[name].active),
			"balance": float(found[name].total),
			"balance_text": format_money(found[name].total),
			"due": float(found[name].due),
		}
		for name in names
		if name in rows
	]
	return sorted(shown, key=lambda row: row["due"] <= 0)


# ---------------------------------------------------------------- allocations


def allocations_of(source_type: str, source: str) -> list[dict]:
	"""What a payment or credit note has settled, counter rows included."""
	return _rows(
		frappe.get_all(
			"Allocation",
			filters={"source_type": source_type, "source": source},
			fields=["*"],
			order_by="creation asc",
		)
	)


def allocations_to(invoice: str) -> list[dict]:
	"""What has settled an invoice."""
	return _rows(
		frappe.get_all("Allocation", filters={"invoice": invoice}, fields=["*"], order_by="creation asc")
	)


def _rows(rows: list) -> list[dict]:
	numbers = dict(
		frappe.get_all(
			"Invoice",
			filters={
				"name": (
					"in",
					list({row.invoice for row in rows if row.invoice} | {row.source for row in rows}),
				)
			},
			fields=["name", "number"],
			as_list=True,
		)
	)
	return [
		{
			"date": formatdate(row.allocation_date),
			"source_type": row.source_type,
			"source": row.source,
			"source_text": (
				_("Payment {0}").format(row.source)
				if row.source_type == "Payment"
				else _("Credit note {0}").format(numbers.get(row.source) or row.source)
			),
			"invoice": row.invoice or "",
			"number": (
				(numbers.get(row.invoice) or row.invoice)
				if row.invoice
				else _("Refund {0}").format(row.refund)
			),
			"amount": format_money(row.amount),
			"is_reversal": bool(row.is_reversal),
			"is_negative": decimal_of(row.amount) < 0,
			"reason": row.reason or "",
		}
		for row in rows
	]
