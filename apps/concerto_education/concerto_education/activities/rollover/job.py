"""The roll-over as a background job: thousands of enrolments, with a progress that the page shows (R7).

It may be killed anywhere and started again. Each batch is committed with the number of records it made, and whoever
starts again computes the plan anew: what was made is found, and nothing is made twice. One process at a time.
"""

from __future__ import annotations

import json

import frappe
from frappe import _
from frappe.utils import now, time_diff_in_seconds

from concerto_education.activities.rollover.carry import Carrier
from concerto_education.activities.rollover.errors import RolloverBusy, RolloverDone
from concerto_education.authority import named_lock

LOCK = "concerto_rollover"
JOB = "concerto_education.activities.rollover.job.work"
TIMEOUT = 4 * 3600
BATCH = 20
SHOWN = 24 * 3600  # seconds for which a result stands on the page
PATIENCE = 120  # seconds in the queue after which one may queue it again: two of them do no harm
WAITING, RUNNING, DONE, FAILED = "Waiting", "Running", "Done", "Failed"


def begin(year: str, activities: list[str], raise_classes: bool) -> str:
	"""Queue a roll-over. The caller checked the rights."""
	if named_lock.is_held(LOCK):
		frappe.throw(
			_("The next school year is being prepared at this moment. Wait until it has finished."),
			RolloverBusy,
		)
	doc = frappe.get_doc(
		{
			"doctype": "School Year Preparation",
			"school_year": year,
			"activities": json.dumps(activities),
			"raise_classes": raise_classes,
		}
	).insert(ignore_permissions=True)  # nobody writes this trace by hand; the right was checked at the door
	_enqueue(doc.name)
	return doc.name


def resume(name: str) -> None:
	"""Queue one again that was interrupted. The caller checked the rights."""
	if frappe.db.get_value("School Year Preparation", name, "status") == DONE:
		frappe.throw(_("{0} is done: there is nothing to go on with").format(name), RolloverDone)
	if not named_lock.is_held(LOCK):
		_set(name, status=WAITING, problem=None)
		_enqueue(name)


def latest() -> str | None:
	"""The roll-over that somebody who opens the page wants to see: not at its end, or ended within a day."""
	# Whether there is one, for whoever may prepare years.
	last = frappe.get_all(
		"School Year Preparation",
		fields=["name", "status", "finished_at"],
		order_by="creation desc, name desc",
		limit=1,
	)
	if not last or (last[0].status == DONE and time_diff_in_seconds(now(), last[0].finished_at) > SHOWN):
		return None
	return last[0].name


def state(name: str) -> dict:
	"""How far it is. One that says "Running" without anybody at work was interrupted; one that waits too long is lost."""
	row = frappe.db.get_value(
		"School Year Preparation",
		name,
		[
			"name",
			"school_year",
			"status",
			"items_total",
			"items_done",
			"items_made",
			"items_refused",
			"problem",
			"result",
			"modified",
		],
		as_dict=True,
	)
	result = json.loads(row.pop("result") or "[]")
	lost = row.status == WAITING and time_diff_in_seconds(now(), row.pop("modified")) > PATIENCE
	idle = row.status == RUNNING or lost
	row.interrupted = row.status == FAILED or (idle and not named_lock.is_held(LOCK))
	return {**row, "items": result if row.status == DONE else []}


def _enqueue(name: str) -> None:
	frappe.enqueue(JOB, queue="long", timeout=TIMEOUT, enqueue_after_commit=True, rollover=name)


def work(rollover: str) -> None:
	"""Job: make what is left to make. A second one that finds the first at work leaves it alone."""
	with named_lock.held(LOCK) as mine:
		if not mine:
			return
		frappe.db.rollback()  # see what whoever held the lock has committed
		doc = frappe.get_doc("School Year Preparation", rollover)
		if doc.status == DONE:
			return
		try:
			_work(doc)
		except Exception as error:
			frappe.db.rollback()
			_set(doc.name, status=FAILED, problem=frappe.utils.strip_html(str(error)))
			frappe.db.commit()  # the page says why it stopped
			raise


def _work(doc) -> None:
	_set(doc.name, status=RUNNING, started_at=doc.started_at or now(), problem=None)
	frappe.db.commit()  # whoever looks sees that it runs
	carrier = Carrier(doc.school_year, json.loads(doc.activities or "[]"), bool(doc.raise_classes))
	# What a killed attempt has made is counted already, and is found as "there already".
	made, items = doc.items_made, []
	pending = sum(item.make for item in carrier.items)
	refused = 0
	_set(doc.name, items_total=made + pending, items_done=made)
	for number, item in enumerate(carrier.make(), 1):
		items.append(item)
		made += item.make
		refused += not item.make
		if number % BATCH == 0:
			_set(doc.name, items_done=made + refused, items_made=made, items_refused=refused)
			frappe.db.commit()  # a kill loses this batch at most, and the next attempt makes it
	left = [item for item in carrier.items if not item.make]
	_set(
		doc.name,
		status=DONE,
		finished_at=now(),
		items_done=made + refused,
		items_made=made,
		items_refused=refused,
		result=json.dumps([item.shown() for item in [*items, *left]]),
	)
	frappe.db.commit()  # the end, with the last batch


def _set(name: str, **values) -> None:
	# Straight on the table: a progress has no form to check.
	frappe.db.set_value("School Year Preparation", name, values)
