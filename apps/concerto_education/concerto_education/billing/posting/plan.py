"""Which invoices leave by which way: a Posting for each, written once, before anything is printed or sent.

The database refuses a second first posting of an invoice by the same way, so planning may be repeated and may run
twice at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import frappe
from frappe.query_builder import DocType
from frappe.query_builder.functions import Max
from frappe.utils import now

from concerto_education.authority.bulk import insert_rows

POST, EMAIL = "Post", "E-mail"
# States of an invoice that a family receives. Held, carried over and empty ones stay in the house (R35).
SENDABLE = ("Issued", "Sent", "Paid")
COLUMNS = (
	*("name", "creation", "modified", "owner", "modified_by"),
	*("title", "invoice", "payer", "billing_run", "channel", "state", "address", "copy_number", "replaces"),
)


def plan_run(run: str, channel: str) -> int:
	"""Postings for the issued invoices of a run whose payer chose ``channel`` and that have none yet."""
	rows = [row for row in unplanned(run) if row.channel == channel]
	write(rows)
	return len(rows)


def unplanned(run: str) -> list[frappe._dict]:
	"""Issued invoices of a run without any posting, with the way that their payers have chosen today."""
	Invoice, Payer, Posting = DocType("Invoice"), DocType("Payer"), DocType("Posting")
	rows = (
		_invoices(Invoice, Payer)
		.left_join(Posting)
		.on(Posting.invoice == Invoice.name)
		.where((Invoice.billing_run == run) & Posting.name.isnull())
		.where((Invoice.docstatus == 1) & (Invoice.outcome == "To Send") & Invoice.status.isin(SENDABLE))
	).run(as_dict=True)
	return [_with_channel(row) for row in rows]


def plan_copies(invoices: Sequence[str], channel: str, address: str | None = None) -> list[str]:
	"""Postings for invoices that somebody chose: the first one where there was none, else one more copy."""
	Invoice, Payer, Posting = DocType("Invoice"), DocType("Payer"), DocType("Posting")
	rows = _invoices(Invoice, Payer).where(Invoice.name.isin(list(invoices))).run(as_dict=True)
	last = dict(
		(
			frappe.qb.from_(Posting)
			.select(Posting.invoice, Max(Posting.copy_number))
			.where(Posting.invoice.isin(list(invoices)) & (Posting.channel == channel))
			.groupby(Posting.invoice)
		).run()
	)
	for row in rows:
		row.channel = channel
		row.copy_number = last[row.name] + 1 if row.name in last else 0
		if channel == EMAIL:
			row.address = address or row.email
		else:
			row.address = row.recipient
	return write(rows)


def fall_back(posting: frappe._dict) -> None:
	"""A letter instead of an e-mail that failed."""
	Invoice, Payer = DocType("Invoice"), DocType("Payer")
	rows = _invoices(Invoice, Payer).where(Invoice.name == posting.invoice).run(as_dict=True)
	for row in rows:
		row.update(channel=POST, address=row.recipient, replaces=posting.name)
		row.copy_number = posting.copy_number
	write(rows)


def _invoices(Invoice, Payer):
	return (
		frappe.qb.from_(Invoice)
		.left_join(Payer)
		.on(Payer.name == Invoice.payer)
		.select(
			Invoice.name,
			Invoice.title,
			Invoice.payer,
			Invoice.billing_run,
			Invoice.recipient,
			Payer.invoice_by,
			Payer.email,
		)
		.orderby(Invoice.number, Invoice.name)
	)


def _with_channel(row: frappe._dict) -> frappe._dict:
	row.channel = EMAIL if row.invoice_by == EMAIL else POST
	row.address = row.email if row.channel == EMAIL else row.recipient
	return row


def write(rows: Iterable[frappe._dict]) -> list[str]:
	"""Insert in bulk: thousands at once, written by the system; the form itself refuses everybody."""
	moment, user = now(), frappe.session.user
	values = [
		(
			frappe.generate_hash(length=10),
			*(moment, moment, user, user),
			*(row.title, row.name, row.payer, row.billing_run, row.channel, "Waiting", row.address or ""),
			*(row.copy_number or 0, row.replaces),
		)
		for row in rows
	]
	insert_rows("Posting", COLUMNS, values, ignore_duplicates=True)
	return [value[0] for value in values]
