"""What became of what was sent. A failed e-mail is listed with its reason, and a letter takes its place."""

from __future__ import annotations

from collections.abc import Sequence

import frappe
from frappe import _
from frappe.query_builder import DocType
from frappe.utils import now

from concerto_education.billing.posting import plan

# What the framework's queue says of a message that will not leave any more.
LOST = ("Error", "Partially Errored", "Expired")
ERROR_LENGTH = 500


def mark(postings: Sequence[str], state: str, **values) -> None:
	"""Set the state of postings. Straight on the table: the form refuses everybody."""
	if not postings:
		return
	Posting = DocType("Posting")
	update = frappe.qb.update(Posting).set(Posting.state, state).set(Posting.modified, now())
	for field, value in values.items():
		update = update.set(Posting[field], value)
	update.where(Posting.name.isin(list(postings))).run()


def invoices_sent(postings: Sequence[str]) -> None:
	"""Issued invoices that have left are "Sent"; a paid one stays paid."""
	if not postings:
		return
	Invoice, Posting = DocType("Invoice"), DocType("Posting")
	names = (frappe.qb.from_(Posting).select(Posting.invoice).where(Posting.name.isin(list(postings)))).run(
		pluck=True
	)
	(
		frappe.qb.update(Invoice)
		.set(Invoice.status, "Sent")
		.set(Invoice.modified, now())
		.where(Invoice.name.isin(names) & (Invoice.status == "Issued") & (Invoice.docstatus == 1))
	).run()
	# What a paid one goes back to, should its payment be taken back.
	(
		frappe.qb.update(Invoice)
		.set(Invoice.open_status, "Sent")
		.where(Invoice.name.isin(names) & (Invoice.open_status == "Issued"))
	).run()


def fail(posting: frappe._dict, reason: str) -> None:
	"""An e-mail that did not arrive. A letter is planned, which the next print batch takes along."""
	mark([posting.name], "Failed", error=reason[:ERROR_LENGTH])
	if posting.channel == plan.EMAIL:
		plan.fall_back(posting)


def follow() -> int:
	"""Look what the queue of e-mails did with ours (scheduler, and whoever looks at a run). Returns how many ended."""
	Posting, Queue = DocType("Posting"), DocType("Email Queue")
	rows = (
		frappe.qb.from_(Posting)
		.join(Queue)
		.on(Queue.name == Posting.email_queue)
		.select(
			Posting.name,
			Posting.invoice,
			Posting.channel,
			Posting.copy_number,
			Queue.status,
			Queue.error,
			Queue.modified,
		)
		.where((Posting.state == "Queued") & (Posting.channel == plan.EMAIL))
		.where(Queue.status.isin(("Sent", *LOST)))
	).run(as_dict=True)
	left = [row.name for row in rows if row.status == "Sent"]
	mark(left, "Sent", sent_at=now())
	invoices_sent(left)
	for row in rows:
		if row.status in LOST:
			fail(row, _("The e-mail was refused: {0}").format(_last_line(row.error)))
	return len(rows)


def _last_line(error: str | None) -> str:
	"""The reason in a traceback is its last line."""
	lines = [line for line in (error or "").strip().splitlines() if line.strip()]
	return lines[-1] if lines else _("no reason is known")
