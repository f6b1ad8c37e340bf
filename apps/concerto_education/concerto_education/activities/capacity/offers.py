"""Freed places go to whoever is next (R40): offer, answer, expiry.

| step    | what happens                                                                               |
|---------|--------------------------------------------------------------------------------------------|
| offer   | the place is held until the deadline, the family gets a message                            |
| accept  | the enrolment holds, or the days are planned; the held place becomes theirs                 |
| refuse  | the place is free again and goes to the next; a whole enrolment that waited is cancelled    |
| expire  | by the scheduler after the deadline; the place goes to the next, the entry may be put back   |

Everything here runs under the lock of ``locking.lock``, so an offer is never made for a place that is just taken.
"""

from __future__ import annotations

from datetime import timedelta

import frappe
from frappe import _
from frappe.utils import cint, get_datetime, getdate, now_datetime

from concerto_education.activities.capacity import (
	building,
	gate,
	groups,
	locking,
	messages,
	places,
	priority,
	waiting,
)
from concerto_education.activities.capacity.errors import NothingToWaitFor, WrongWaitingStep
from concerto_education.engine.capacity import to_offer

JOB = "concerto_education.activities.capacity.offers.promote"


# ---------------------------------------------------------------- when a place may be free


def freed(activity: str, site: str) -> None:
	"""Look after the present transaction whether somebody can be offered a place: cheap if nobody waits."""
	if not cint(frappe.get_cached_doc("Waiting List Settings").automatic):
		return
	if locking.buildings([site]):
		_look_after({"site": site})  # the place may be the one that another activity of the building lacked
	else:
		_look_after({"site": site, "activity": activity})


def freed_building(site: str) -> None:
	"""The building holds more than before, or has no limit any more."""
	if cint(frappe.get_cached_doc("Waiting List Settings").automatic):
		_look_after({"site": site})


def _look_after(place: dict) -> None:
	# The list's own work: whoever freed the place need not see who waits.
	waited = frappe.get_all(
		waiting.ENTRY, filters={**place, "status": waiting.WAITING}, pluck="activity", distinct=True
	)
	for activity in waited:
		frappe.enqueue(JOB, queue="short", enqueue_after_commit=True, activity=activity, site=place["site"])


def on_planned_changed(changes: list[dict]) -> None:
	"""Hook of whoever writes planned days in bulk: new rows get the group of their enrolment, freed places are offered."""
	groups.copy_to_attendance(change["enrolment"] for change in changes if change["after"] in places.TAKING)
	gone = {
		(change["activity"], change["site"])
		for change in changes
		if change["before"] in places.TAKING and change["after"] not in places.TAKING
	}
	for activity, site in sorted(gone):
		freed(activity, site)


def promote(activity: str, site: str) -> list[str]:
	"""Job: offer what is free to those whose turn it is. Names of the entries. May run twice."""
	if not cint(frappe.get_cached_doc("Waiting List Settings").automatic):
		return []
	return [entry.name for entry in _offerable(activity, site) if offer(entry.name, by_rule=True)]


def _offerable(activity: str, site: str) -> list:
	locking.lock([(activity, site)])
	rows = waiting.entries(activity, site, [waiting.WAITING])
	priority.refresh(rows)
	rows = [row for row in rows if row.days]
	if not rows:
		return []
	waiters = {row.name: waiting.as_waiting(row) for row in rows}
	slots = [slot for entry in waiters.values() for slot in entry.slots]
	taken = places.taken([(activity, site)], places.span_of(slot.day for slot in slots), latest=True)
	limits = places.Limits([activity]).for_slots(slots)
	room = building.of(slots, latest=True)
	chosen = {entry.id for entry in to_offer(waiters.values(), taken, limits, room)}
	return [row for row in rows if row.name in chosen]


def offerable(activity: str, site: str) -> set[str]:
	"""Entries that could be offered a place now, for the screen; nothing is locked or changed."""
	rows = [row for row in waiting.entries(activity, site, [waiting.WAITING]) if row.days]
	if not rows:
		return set()
	waiters = [waiting.as_waiting(row) for row in rows]
	slots = [slot for entry in waiters for slot in entry.slots]
	taken = places.taken([(activity, site)], places.span_of(slot.day for slot in slots))
	limits = places.Limits([activity]).for_slots(slots)
	return {entry.id for entry in to_offer(waiters, taken, limits, building.of(slots))}


# ---------------------------------------------------------------- one entry


def offer(name: str, *, by_rule: bool = False) -> bool:
	"""Hold the place and tell the family. Throws CapacityFull if it isn't free any more.

	The caller has checked the rights; by hand one may go past the order, and the offer keeps who did.
	"""
	doc = _locked(name)
	if doc.status != waiting.WAITING:
		if by_rule:
			return False
		_wrong_step(doc, _("offered"))
	days = [(row.attendance_date, row.unit) for row in doc.days if getdate(row.attendance_date) >= getdate()]
	if not days:
		frappe.throw(_("{0}: all days that it waits for are past").format(doc.name), NothingToWaitFor)
	short = gate.locked_shortfalls([gate.slot_of(doc, *day) for day in days])
	if short:
		gate.refuse(short)
	doc.set("days", [{"attendance_date": day, "unit": unit} for day, unit in days])
	hours = max(1, cint(frappe.get_cached_doc("Waiting List Settings").answer_hours))
	doc.status = waiting.OFFERED
	doc.deadline = now_datetime() + timedelta(hours=hours)
	doc.append(
		"offers",
		{"offered_at": now_datetime(), "offered_by": frappe.session.user, "deadline": doc.deadline},
	)
	# The rule writes the list; who may, was checked at the door.
	doc.save(ignore_permissions=True)
	messages.tell_offer(doc)
	return True


def accept(name: str):
	"""The family takes the place: it was held for them."""
	doc = _locked(name)
	if doc.status != waiting.OFFERED:
		_wrong_step(doc, _("accepted"))
	waiting.settle_offer(doc, waiting.ACCEPTED)
	doc.status, doc.deadline = waiting.ACCEPTED, None
	doc.save(ignore_permissions=True)  # as above; ``Some Days`` are planned by attendance, which listens
	if doc.scope == waiting.WHOLE:
		enrolment = frappe.get_doc("Enrolment", doc.enrolment)
		enrolment.status = "Confirmed"
		enrolment.save(ignore_permissions=True)  # the answer of the family, recorded by whoever may
	return doc


def refuse(name: str):
	"""The family doesn't want the place any more: the next one's turn."""
	doc = _locked(name)
	if doc.status not in waiting.OPEN:
		_wrong_step(doc, _("refused"))
	waiting.settle_offer(doc, waiting.REFUSED)
	doc.status, doc.deadline = waiting.REFUSED, None
	doc.save(ignore_permissions=True)  # as above
	if doc.scope == waiting.WHOLE:
		enrolment = frappe.get_doc("Enrolment", doc.enrolment)
		if enrolment.status == "Waiting":
			enrolment.status = "Cancelled"
			enrolment.save(ignore_permissions=True)  # as in accept
	freed(doc.activity, doc.site)
	return doc


def put_back(name: str):
	"""Somebody who let the deadline pass, or whose offer was a mistake, waits again, with the old date."""
	doc = _locked(name)
	if doc.status not in (waiting.OFFERED, waiting.EXPIRED):
		_wrong_step(doc, _("put back"))
	waiting.settle_offer(doc, waiting.WITHDRAWN)
	doc.status, doc.deadline = waiting.WAITING, None
	doc.save(ignore_permissions=True)  # as above
	freed(doc.activity, doc.site)
	return doc


def expire() -> list[str]:
	"""Scheduler: offers whose deadline has passed. The place goes to the next one."""
	# The system's own work, over all sites.
	late = frappe.get_all(
		waiting.ENTRY,
		filters={"status": waiting.OFFERED, "deadline": ("<", now_datetime())},
		pluck="name",
		order_by="deadline",
	)
	done = []
	for name in late:
		doc = _locked(name)
		if doc.status != waiting.OFFERED or get_datetime(doc.deadline) >= now_datetime():
			continue  # answered while this waited for the lock
		waiting.settle_offer(doc, waiting.EXPIRED)
		doc.status, doc.deadline = waiting.EXPIRED, None
		doc.save(ignore_permissions=True)  # the scheduler's own work
		messages.tell_expired(doc)
		freed(doc.activity, doc.site)
		done.append(name)
	return done


def scheduled() -> None:
	"""Scheduler: expiry, then every list on which somebody waits, in case a freed place told nobody."""
	expire()
	if not cint(frappe.get_cached_doc("Waiting List Settings").automatic):
		return
	# The system's own work, over all sites.
	pairs = frappe.get_all(
		waiting.ENTRY,
		filters={"status": waiting.WAITING},
		fields=["activity", "site"],
		distinct=True,
		order_by="activity, site",
	)
	for pair in pairs:
		promote(pair.activity, pair.site)
		frappe.db.commit()  # one list that fails must not take the others' offers with it


def _locked(name: str):
	"""The entry, under the lock of its list and read anew."""
	place = frappe.db.get_value(waiting.ENTRY, name, ["activity", "site"], as_dict=True)
	if not place:
		frappe.throw(_("Waiting list entry {0} not found").format(name), frappe.DoesNotExistError)
	locking.lock([(place.activity, place.site)])
	return frappe.get_doc(waiting.ENTRY, name, for_update=True)


def _wrong_step(doc, step: str) -> None:
	frappe.throw(
		_("{0} can't be {1}: its status is “{2}”").format(doc.name, step, _(doc.status)), WrongWaitingStep
	)
