"""A Billing Run, step by step: compute the drafts, look at them, issue them, or throw them away.

Everything here may be killed at any moment and started again:

* computing begins by throwing the drafts away, and commits chunk by chunk;
* issuing goes on with the drafts that are left (``billing/issue.py``);
* one process at a time holds the billing lock (``billing/lock.py``), and one run at a time is open, so the
  drafts of two runs never claim the same attendance.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timezone

import frappe
from frappe import _
from frappe.query_builder import DocType
from frappe.utils import getdate, now
from frappe.utils.background_jobs import get_job

from concerto_education.billing import bill, facts, ledger, overview
from concerto_education.billing import issue as issuing
from concerto_education.billing.doctype.billing_run.billing_run import has_issued_invoices
from concerto_education.billing.errors import (
	AnotherRunOpen,
	BillingBusy,
	MonthAlreadyFollowed,
	RunIsIssued,
	WrongRunStatus,
)
from concerto_education.billing.explain import month_text
from concerto_education.billing.lock import billing_lock, is_billing_busy
from concerto_education.billing.problems import Problem

# Families per transaction where a run looks at one month only; fewer when it looks further back, so that the
# memory it needs stays the same.
CHUNK = 200
SMALLEST_CHUNK = 20
OPEN = ("Computing", "To Review", "Issuing", "Interrupted")
TIMEOUT = 4 * 3600
BOOT_TIME = 20  # seconds that a worker needs at most from taking a job to holding the lock
UTC = timezone.utc


# ---------------------------------------------------------------- what the buttons call


def start(run: str) -> dict:
	"""Compute the drafts of a run in the background, anew if there are some already. The button asks ``preflight.py``
	first, so this is no endpoint of its own."""
	frappe.get_doc("Billing Run", run).check_permission("write")
	_begin_computing(run)
	_enqueue(compute, run)
	return {"status": "Computing"}


@frappe.whitelist(methods=["POST"])
def issue(run: str) -> dict:
	"""Issue a computed run in the background (button "Émettre"): its invoices get their numbers and stay."""
	frappe.get_doc("Billing Run", run).check_permission("write")
	_begin_issuing(run)
	_enqueue(issue_drafts, run)
	return {"status": "Issuing"}


@frappe.whitelist(methods=["POST"])
def discard(run: str) -> dict:
	"""Throw the drafts of a run away (button "Abandonner le brouillon"). Issued invoices are never touched."""
	frappe.get_doc("Billing Run", run).check_permission("write")
	rows = lock_runs()
	refuse_busy(rows)
	if rows[run].status == "Issued" or has_issued_invoices(run):
		frappe.throw(_("Billing run {0} is issued: it can't be discarded.").format(run), RunIsIssued)
	if rows[run].status in OPEN:
		with billing_lock():
			ledger.delete_drafts(checkpoint)
			_forget_result(run)
			_set(run, status="New", started_at=None, finished_at=None)
			checkpoint()
	return {"status": "New"}


@frappe.whitelist(methods=["GET", "POST"])
def progress(run: str) -> dict:
	"""Where the run stands. A run whose process has died is interrupted: start or issue it again."""
	frappe.get_doc("Billing Run", run).check_permission("read")
	row = frappe.db.get_value(
		"Billing Run", run, ["status", "families_total", "families_done", "invoices_count"], as_dict=True
	)
	if row.status in ("Computing", "Issuing") and not _is_alive(run):
		row.status = "Interrupted"
	if row.status == "Issuing":
		row.issued = frappe.db.count("Invoice", {"billing_run": run, "docstatus": 1})
	return row


def run_here(run: str, *, and_issue: bool = False) -> None:
	"""Compute a run, and issue it, in this process and without a queue: for the demo, for scripts. No permission
	is checked: whoever calls Python may."""
	_begin_computing(run)
	checkpoint()
	compute(run)
	if and_issue:
		_begin_issuing(run)
		checkpoint()
		issue_drafts(run)


# ---------------------------------------------------------------- background jobs


def compute(run: str, chunk: int = CHUNK) -> None:
	"""Job: make the drafts of a run anew. Runs again after a kill with the same result."""
	_work(run, "Computing", lambda: _compute(run, chunk))


def issue_drafts(run: str, chunk: int = issuing.CHUNK) -> None:
	"""Job: give the drafts of a run their numbers, chunk by chunk, until none is left."""
	_work(run, "Issuing", lambda: _issue(run, chunk))


def _compute(run: str, chunk: int) -> None:
	ledger.delete_drafts(checkpoint)
	_forget_result(run)
	context = facts.load_context(getdate(frappe.db.get_value("Billing Run", run, "month")))
	families = facts.families_to_bill(context)
	_set(run, families_total=len(families), families_done=0)
	checkpoint()
	size = max(min(SMALLEST_CHUNK, chunk), chunk // context.months)
	for start in range(0, len(families), size):
		names = families[start : start + size]
		_add_problems(run, compute_chunk(run, context, names))
		_set(run, families_done=start + len(names))
		checkpoint()
		_tell(run, start + len(names), len(families))
	_set(run, status="To Review", finished_at=now(), **overview.result(run))


def compute_chunk(run: str, context: facts.Context, families: Sequence[str]) -> list[Problem]:
	"""Bill some families: a constant number of queries for the facts, none for the prices, three bulk inserts.

	A family that can't be billed is returned with its reason, and the others are billed all the same.
	"""
	known = facts.load(context, families)
	result = bill.bill_chunk(context, known, ledger.charge_lines)
	return [*result.problems, *ledger.write(run, context, known, result.bills)]


def _issue(run: str, chunk: int) -> None:
	row = frappe.db.get_value("Billing Run", run, ["issue_date", "due_date", "invoices_count"], as_dict=True)
	done = frappe.db.count("Invoice", {"billing_run": run, "docstatus": 1})
	while count := issuing.issue_chunk(run, row.issue_date, row.due_date, chunk):
		done += count
		checkpoint()
		_tell(run, done, row.invoices_count)
	_set(run, status="Issued", issued_at=now(), **overview.result(run))


def checkpoint() -> None:
	"""What is done until here stays, whatever happens next. Tests replace it to stay in one transaction."""
	frappe.db.commit()


def _work(run: str, status: str, job: Callable[[], None]) -> None:
	"""The frame of both jobs: lock, see whether the run still wants it, speak French, say when it fails."""
	try:
		with billing_lock():
			checkpoint()  # a fresh view of the data: what was read before the lock may be old
			if frappe.db.get_value("Billing Run", run, "status") != status:
				return  # discarded, or done by another worker, while this job waited in the queue
			# The texts on invoices are in the language of the authority, not in that of whoever clicked.
			before, frappe.local.lang = frappe.local.lang, frappe.db.get_default("lang") or "fr"
			try:
				job()
				checkpoint()
			finally:
				frappe.local.lang = before
	except BillingBusy:
		raise
	except Exception:
		_say_interrupted(run)
		raise
	_tell(run, 0, 0)


def _say_interrupted(run: str) -> None:
	"""Write on the run that it stopped, and why into the error log; also if the database went away meanwhile.

	If it is still away nothing can be written: then ``progress`` tells the same, as nobody holds the lock any more.
	"""
	title, trace = _("Billing run {0}").format(run), frappe.get_traceback()
	try:
		try:
			frappe.db.rollback()
		except Exception:  # noqa: BLE001 - this connection is lost
			frappe.db.connect()
		frappe.log_error(title=title, message=trace, reference_doctype="Billing Run", reference_name=run)
		_set(run, status="Interrupted")
		checkpoint()
		_tell(run, 0, 0)
	except Exception:  # noqa: BLE001 - the error that stopped the run must be the one that is seen
		frappe.logger("billing").exception("the end of a billing run could not be written: no database")


# ---------------------------------------------------------------- small things


def _begin_computing(run: str) -> None:
	rows = lock_runs()
	refuse_busy(rows)
	_check_start(rows[run], rows)
	_set(run, status="Computing", started_at=now(), finished_at=None, families_done=0, families_total=0)


def _begin_issuing(run: str) -> None:
	rows = lock_runs()
	refuse_busy(rows)
	row = rows[run]
	if row.status not in ("To Review", "Issuing", "Interrupted") or not row.finished_at:
		frappe.throw(_("Billing run {0}: compute it before you issue it.").format(run), WrongRunStatus)
	issue_date, due_date = overview.invoice_dates(row)
	_set(run, status="Issuing", issue_date=issue_date, due_date=due_date)


def lock_runs() -> dict[str, frappe._dict]:
	"""All runs, locked until the end of the request: of two clerks who click at once, the second waits, and sees."""
	Run = DocType("Billing Run")
	rows = (
		frappe.qb.from_(Run)
		.select(Run.name, Run.month, Run.status, Run.issue_date, Run.due_date, Run.finished_at)
		.for_update()
	).run(as_dict=True)
	return {row.name: row for row in rows}


def refuse_busy(rows: dict[str, frappe._dict]) -> None:
	for row in rows.values():
		if row.status in ("Computing", "Issuing") and _is_alive(row.name):
			frappe.throw(
				_("The billing run {0} is at work at this moment. Wait until it has finished.").format(
					row.name
				),
				BillingBusy,
			)


def _check_start(run: frappe._dict, rows: dict[str, frappe._dict]) -> None:
	if run.status == "Issued" or has_issued_invoices(run.name):
		frappe.throw(
			_("Billing run {0} is issued: it can't be computed again.").format(run.name), RunIsIssued
		)
	for other in rows.values():
		if other.name == run.name:
			continue
		if other.status in OPEN:
			frappe.throw(
				_(
					"The billing run {0} of {1} is still open. Issue or discard it first: only one is open at a time."
				).format(other.name, month_text(other.month)),
				AnotherRunOpen,
			)
		if other.status == "Issued" and getdate(other.month) > getdate(run.month):
			frappe.throw(
				_(
					"{0} has been issued after {1}: corrections of {1} are on the next invoices by themselves (R34)."
				).format(month_text(other.month), month_text(run.month)),
				MonthAlreadyFollowed,
			)


def _is_alive(run: str) -> bool:
	"""Whether a process works on billing, or the job of this run still waits in the queue.

	What the queue calls "started" proves little: it stays so for a while after the worker was killed. Who works
	holds the lock; only a worker that has just taken the job may still be on its way to it.
	"""
	if is_billing_busy():
		return True
	job = frappe.db.get_value("Billing Run", run, "job")
	try:
		waiting = get_job(job) if job else None
		status = waiting and waiting.get_status()
		return status == "queued" or (status == "started" and _seconds_since(waiting.started_at) < BOOT_TIME)
	except Exception:  # noqa: BLE001 - without the queue's Redis nothing waits in it
		return False


def _seconds_since(moment: datetime | None) -> float:
	"""Since a moment of the queue, which counts in UTC, with or without saying so."""
	if moment is None:
		return 0
	return (datetime.now(UTC) - moment.replace(tzinfo=UTC)).total_seconds()


def _enqueue(method: Callable, run: str) -> None:
	"""A job of its own name for each attempt: the name of one that was killed may stay taken for minutes."""
	job = f"billing-{run}-{frappe.generate_hash(length=8)}"
	_set(run, job=job)
	frappe.enqueue(
		f"{method.__module__}.{method.__name__}",
		queue="long",
		timeout=TIMEOUT,
		job_id=job,
		deduplicate=True,
		enqueue_after_commit=True,
		run=run,
	)


def _set(run: str, **values) -> None:
	# Straight on the table: the form's own checks are for what a person types.
	frappe.db.set_value("Billing Run", run, values)


def _forget_result(run: str) -> None:
	frappe.db.delete("Billing Run Problem", {"parent": run, "parenttype": "Billing Run"})
	_set(run, families_total=0, families_done=0, **overview.NO_RESULT)


def _add_problems(run: str, problems: Sequence[Problem]) -> None:
	"""Bulk insert, as ``billing/ledger.py`` says why."""
	if not problems:
		return
	before = frappe.db.count("Billing Run Problem", {"parent": run, "parenttype": "Billing Run"})
	moment, user = now(), frappe.session.user
	frappe.db.bulk_insert(
		"Billing Run Problem",
		[
			*ledger.STAMPS,
			"parent",
			"parenttype",
			"parentfield",
			"idx",
			"family",
			"person",
			"service_date",
			"rule",
			"message",
		],
		[
			(
				frappe.generate_hash(length=10),
				*(moment, moment, user, user),
				*(run, "Billing Run", "problems", before + index),
				*(problem.family, problem.person, problem.service_date, problem.rule, problem.message),
			)
			for index, problem in enumerate(problems, 1)
		],
	)


def _tell(run: str, done: int, total: int) -> None:
	"""Move the bar on the form of whoever looks at it; 0 of 0 is "look again"."""
	frappe.publish_realtime(
		"billing_run_progress", {"done": done, "total": total}, doctype="Billing Run", docname=run
	)
