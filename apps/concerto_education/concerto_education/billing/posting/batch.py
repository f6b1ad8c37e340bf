"""A print batch: the letters of a run in one file, in the order in which they go into envelopes.

Parts are laid out in parallel, in lanes: each job does one part and hands its lane on, so that other work of the queue
gets its turn in between. A part is a file; whether it is there is all that has to be known to go on after a kill.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date

import frappe
from frappe import _
from frappe.query_builder import Case, DocType
from frappe.utils import formatdate, getdate, now, today

from concerto_education.authority import pdf
from concerto_education.billing.explain import month_text
from concerto_education.billing.posting import plan, results
from concerto_education.billing.posting.errors import BatchNotReady, NothingToPost, RunNotIssued

PART = 25  # letters laid out by one job: some seconds, and memory for no more than these
# Two queues, because a site has at least a worker for each: the parts of a batch are laid out on two processors.
LANES = ("long", "default", "long", "default")
UPDATE_CHUNK = 500
_POSTCODE = re.compile(r"^(\d{5})\b")


def begin(run: str, sort_by: str = "Postcode", two_sided: bool = False) -> str:
	"""A batch of all letters of a run that wait. The caller checked the right, and commits."""
	if frappe.db.get_value("Billing Run", run, "status") != "Issued":
		frappe.throw(
			_("Billing run {0}: issue it first. Drafts are not sent to families").format(run), RunNotIssued
		)
	plan.plan_run(run, plan.POST)
	waiting = _waiting(run=run)
	month = getdate(frappe.db.get_value("Billing Run", run, "month"))
	return _make(waiting, month_text(month, "fr").capitalize(), run, sort_by, two_sided)


def begin_selected(invoices: Sequence[str], sort_by: str = "Postcode", two_sided: bool = False) -> str:
	"""A batch of chosen invoices: credit notes, claims, copies. The caller checked the right to print each."""
	postings = plan.plan_copies(invoices, plan.POST)
	return _make(_waiting(postings=postings), "", None, sort_by, two_sided)


def _waiting(run: str | None = None, postings: Sequence[str] = ()) -> list[frappe._dict]:
	"""Locked: of two clerks who click at once, the second finds none left."""
	Posting, Invoice = DocType("Posting"), DocType("Invoice")
	query = (
		frappe.qb.from_(Posting)
		.join(Invoice)
		.on(Invoice.name == Posting.invoice)
		.select(Posting.name, Invoice.title, Invoice.number, Invoice.recipient)
		# What could not be printed the last time is tried again.
		.where((Posting.channel == plan.POST) & Posting.state.isin(("Waiting", "Failed")))
		.where(Posting.batch.isnull() | (Posting.state == "Failed"))
		# One that was cancelled since it was planned stays in the house (R34).
		.where(Invoice.status.isin(plan.SENDABLE))
		.for_update()
	)
	if run:
		query = query.where(Posting.billing_run == run)
	else:
		query = query.where(Posting.name.isin(list(postings) or [""]))
	return query.run(as_dict=True)


def _make(letters: list[frappe._dict], title: str, run: str | None, sort_by: str, two_sided: bool) -> str:
	if not letters:
		frappe.throw(
			_(
				"No letter waits: what goes by post is in a print batch already. You can download its file again"
			),
			NothingToPost,
		)
	with pdf.in_french():
		title = _("{0}, {1} letters").format(title or _("Selection"), len(letters))
	letters.sort(key=ORDERS.get(sort_by, by_postcode))
	parts = -(-len(letters) // PART)
	doc = frappe.get_doc(
		{
			"doctype": "Print Batch",
			"title": title,
			"billing_run": run,
			"sort_by": sort_by if sort_by in ORDERS else "Postcode",
			"two_sided": int(two_sided),
			"letters": len(letters),
			"parts": parts,
			"status": "Printing",
		}
	)
	# Nobody may write print batches by hand; the caller checked who may begin one.
	doc.insert(ignore_permissions=True)
	_assign(doc.name, [letter.name for letter in letters])
	enqueue_lanes(doc.name, range(1, min(parts, len(LANES)) + 1))
	return doc.name


def by_postcode(letter: frappe._dict) -> tuple:
	"""As the post sorts: postcode, town, then street by street the name."""
	lines = (letter.recipient or "").splitlines()
	for line in reversed(lines):
		if _POSTCODE.match(line.strip()):
			return (0, line.strip().upper(), letter.title or "", letter.number or "")
	return (1, "", letter.title or "", letter.number or "")


ORDERS: dict[str, Callable] = {
	"Postcode": by_postcode,
	"Name": lambda letter: (letter.title or "", letter.number or ""),
	"Number": lambda letter: (letter.number or "", letter.title or ""),
}


def _assign(batch: str, names: list[str]) -> None:
	"""Number the letters of a batch, some hundred by a statement: no form of thousands is saved one by one."""
	Posting = DocType("Posting")
	for start in range(0, len(names), UPDATE_CHUNK):
		chunk = names[start : start + UPDATE_CHUNK]
		part, position = Case(), Case()
		for place, name in enumerate(chunk, start):
			part = part.when(Posting.name == name, place // PART + 1)
			position = position.when(Posting.name == name, place + 1)
		(
			frappe.qb.update(Posting)
			.set(Posting.batch, batch)
			.set(Posting.part, part)
			.set(Posting.position, position)
			.where(Posting.name.isin(chunk))
		).run()


def enqueue_lanes(batch: str, parts: Sequence[int]) -> None:
	"""A job for each of these parts; each goes on by itself with the next part of its lane."""
	attempt = frappe.generate_hash(length=6)  # the job of one that was killed may keep its name for minutes
	for part in parts:
		enqueue_part(batch, part, attempt)


def enqueue_part(batch: str, part: int, attempt: str) -> None:
	frappe.enqueue(
		"concerto_education.billing.posting.printing.print_part",
		queue=LANES[(part - 1) % len(LANES)],
		timeout=280,
		job_id=f"{batch}-{attempt}-{part}",
		deduplicate=True,
		enqueue_after_commit=True,
		batch=batch,
		part=part,
		attempt=attempt,
	)


def hand_over(batch: str, day: date | None = None) -> int:
	"""The letters are with the post: they and their invoices are sent. The caller checked the right."""
	doc = frappe.get_doc("Print Batch", batch, for_update=True)
	if doc.status != "Ready":
		frappe.throw(
			_("Print batch {0}: only a batch whose file is ready is handed to the post").format(batch),
			BatchNotReady,
		)
	moment = getdate(day) if day else getdate(today())
	if moment > getdate(today()):
		frappe.throw(_("Handed to the Post On: {0} is to come").format(formatdate(moment)), BatchNotReady)
	Posting = DocType("Posting")
	names = (
		frappe.qb.from_(Posting)
		.select(Posting.name)
		.where((Posting.batch == batch) & (Posting.state == "Printed"))
	).run(pluck=True)
	for start in range(0, len(names), UPDATE_CHUNK):
		chunk = names[start : start + UPDATE_CHUNK]
		results.mark(chunk, "Sent", sent_at=f"{moment} 00:00:00" if day else now())
		results.invoices_sent(chunk)
	doc.status, doc.posted_on, doc.posted_by = "Posted", moment, frappe.session.user
	doc.save(ignore_permissions=True)  # as above: written by its buttons only
	return len(names)
