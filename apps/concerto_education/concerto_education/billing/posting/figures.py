"""Where the letters and e-mails of a run stand, for its form and for the form of an invoice."""

from __future__ import annotations

import frappe
from frappe.query_builder import DocType
from frappe.query_builder.functions import Count
from frappe.utils import format_datetime, formatdate, now_datetime, time_diff_in_seconds

from concerto_education.billing.posting import plan

# Longer than the slowest part: nothing has moved for so long, so nobody works on it any more.
STANDSTILL = 90
LIST_LIMIT = 50


def of_run(run: str) -> dict:
	"""How many wait, are printed, sent, failed, by each way; the batches; the e-mails that failed, with reasons."""
	counts = {
		plan.POST: dict.fromkeys(("Waiting", "Printed", "Sent", "Failed"), 0),
		plan.EMAIL: dict.fromkeys(("Waiting", "Queued", "Sent", "Failed"), 0),
	}
	Posting = DocType("Posting")
	rows = (
		frappe.qb.from_(Posting)
		.select(Posting.channel, Posting.state, Count("*"))
		.where((Posting.billing_run == run) & (Posting.copy_number == 0))
		.groupby(Posting.channel, Posting.state)
	).run()
	for channel, state, count in rows:
		counts[channel][state] = count
	for row in plan.unplanned(run):
		counts[row.channel]["Waiting"] += 1
	batches = [batch(row) for row in _batches({"billing_run": run})]
	# Letters that wait for their print are "waiting" until their part is done; a running batch holds them already.
	held = sum(row["letters"] for row in batches if row["status"] == "Printing")
	return {
		"post": counts[plan.POST],
		"email": counts[plan.EMAIL],
		"to_print": max(0, counts[plan.POST]["Waiting"] + counts[plan.POST]["Failed"] - held),
		"muted": bool(frappe.are_emails_muted()),
		"batches": batches,
		"failed": _failed(run),
	}


def _batches(filters: dict) -> list[frappe._dict]:
	# On a run whose reader was checked.
	return frappe.get_all(
		"Print Batch",
		filters=filters,
		fields=[
			"name",
			"title",
			"status",
			"letters",
			"pages",
			"parts",
			"parts_done",
			"failed",
			"file",
			"finished_at",
			"posted_on",
			"modified",
		],
		order_by="creation desc",
	)


def batch(row) -> dict:
	"""A batch as the screen shows it. One that stands still can be gone on with."""
	still = row.status == "Printing" and time_diff_in_seconds(now_datetime(), row.modified) > STANDSTILL
	return {
		"name": row.name,
		"title": row.title,
		"status": row.status,
		"letters": row.letters,
		"pages": row.pages,
		"parts": row.parts,
		"parts_done": row.parts_done,
		"failed": row.failed,
		"file": row.file,
		"stands_still": still,
		"finished_at": format_datetime(row.finished_at, "short") if row.finished_at else "",
		"posted_on": formatdate(row.posted_on) if row.posted_on else "",
	}


def _failed(run: str) -> list[dict]:
	# On a run whose reader was checked.
	return frappe.get_all(
		"Posting",
		filters={"billing_run": run, "state": "Failed"},
		fields=["name", "title", "invoice", "payer", "channel", "address", "error"],
		order_by="title asc",
		limit=LIST_LIMIT,
	)


def of_invoice(invoice: str) -> list[dict]:
	"""How an invoice left, newest first. For a document whose reader was checked."""
	rows = frappe.get_all(
		"Posting",
		filters={"invoice": invoice},
		fields=["name", "channel", "state", "address", "sent_at", "error", "batch", "copy_number"],
		order_by="creation desc",
	)
	for row in rows:
		row.sent_at = format_datetime(row.sent_at, "short") if row.sent_at else ""
		row.address = (row.address or "").splitlines()[0] if row.channel == plan.POST else row.address
	return rows
