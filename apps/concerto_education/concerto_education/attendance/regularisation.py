"""Present and not enrolled (R31): what an agent noted becomes a task that the coordinator works off.

Complete dossier → enrol → tick. The presence noted on the tablet is kept until then, with its times.
"""

from __future__ import annotations

from datetime import date

import frappe
from frappe import _

from concerto_education.attendance import errors, rights, service
from concerto_education.attendance.closing import is_closed
from concerto_education.families import rights as records

OPEN, DONE, DISMISSED, WITHDRAWN = "To Regularise", "Regularised", "Dismissed", "Withdrawn"


def validate(doc) -> None:
	"""The child and their family go together; what has been worked off stays as it is."""
	before = doc.get_doc_before_save()
	if before and before.status != OPEN and not doc.flags.by_service:
		frappe.throw(_("This presence has been dealt with already"), errors.TaskClosed)
	if before and before.status != doc.status and not doc.flags.by_service:
		frappe.throw(_("Status: use the buttons of the form"), errors.TaskClosed)
	if doc.person and doc.family and doc.family not in families_of(doc.person):
		frappe.throw(
			_("Family: {0} is not a member of this family").format(service.name_of(doc.person)),
			errors.OtherFamily,
		)
	if doc.person and not doc.family:
		families = families_of(doc.person)
		doc.family = families[0] if len(families) == 1 else None
	if not doc.person:
		doc.family = None


def families_of(person: str) -> list[str]:
	# Which dossier a child is in has to be known whoever asks; opening it is another matter.
	return frappe.get_all(
		"Family Member",
		filters={"person": person, "parenttype": "Family", "role": "Child"},
		pluck="parent",
		order_by="creation",
	)


def enrolment_of(person: str | None, activity: str, site: str, day: date | str) -> str | None:
	"""The enrolment of a person that holds at a place on a day."""
	if not person:
		return None
	return frappe.db.get_value(
		"Enrolment",
		{
			"person": person,
			"activity": activity,
			"site": site,
			"status": "Confirmed",
			"valid_from": ("<=", day),
			"valid_to": (">=", day),
		},
	)


def steps(name: str) -> dict:
	"""What the form shows: which step is done, and which is next."""
	doc = frappe.get_doc("Attendance Task", name)
	doc.check_permission("read")
	enrolment = doc.enrolment or enrolment_of(doc.person, doc.activity, doc.site, doc.attendance_date)
	return {
		"person": doc.person,
		"person_name": service.name_of(doc.person) if doc.person else None,
		"family": doc.family,
		"families": families_of(doc.person) if doc.person else [],
		"enrolment": enrolment,
		"attendance": doc.attendance,
		"may_judge": doc.status == OPEN and rights.may_judge(doc.site),
		"next": _next_step(doc, enrolment),
	}


def _next_step(doc, enrolment: str | None) -> str | None:
	if doc.status != OPEN:
		return None
	if not doc.person or not doc.family:
		return "dossier"
	return "resume" if enrolment else "enrol"


def resume(name: str):
	"""Last step: the presence that was noted is recorded on the enrolment. Returns the task."""
	doc = _open_task(name)
	if is_closed(doc.site, doc.attendance_date):
		frappe.throw(_("The month is closed at {0} (R33)").format(doc.site), errors.MonthClosed)
	enrolment = enrolment_of(doc.person, doc.activity, doc.site, doc.attendance_date)
	if not enrolment:
		frappe.throw(
			_("Enrol {0} in {1} first (R31)").format(
				service.name_of(doc.person) if doc.person else doc.child_name, doc.activity
			),
			errors.NotEnrolled,
		)
	row = service.add_presence(enrolment, doc.attendance_date, doc.unit)
	_keep_times(row, doc)
	doc.update({"status": DONE, "enrolment": enrolment, "attendance": row.name})
	return _save(doc)


def _keep_times(row, task) -> None:
	"""The times and the note of the tablet, where the row has none yet."""
	row.arrival = row.arrival or task.arrival
	row.departure = row.departure or task.departure
	row.note = row.note or task.note
	# The right to judge at the site was checked by the caller.
	row.save(ignore_permissions=True)


def dismiss(name: str, because: str):
	"""The coordinator finds that nobody is to be enrolled: a mistake, a visitor …"""
	doc = _open_task(name)
	if not because.strip():
		frappe.throw(_("Say why this presence is dismissed"), errors.ReasonNeeded)
	doc.update({"status": DISMISSED, "dismissed_because": because.strip()})
	return _save(doc)


def _open_task(name: str):
	doc = frappe.get_doc("Attendance Task", name, for_update=True)
	rights.require_judge(doc.site)
	if doc.status != OPEN:
		frappe.throw(_("This presence has been dealt with already"), errors.TaskClosed)
	return doc


def _save(doc):
	doc.flags.by_service = True
	# The right to judge at the site was checked when the task was opened.
	return doc.save(ignore_permissions=True)


def handle_refusal(event: str):
	"""The coordinator has seen a refused tick and settled the matter."""
	found = frappe.db.get_value("Attendance Event", event, ["name", "site", "result"], as_dict=True)
	if not found:
		frappe.throw(_("Tick {0} not found").format(event), frappe.DoesNotExistError)
	if found.site:
		rights.require_judge(found.site)
	else:
		records.require("Attendance Event", "read", event)
	if found.result != "Refused":
		return
	# The history itself never changes; that somebody has dealt with it is noted beside it.
	frappe.db.set_value(
		"Attendance Event", event, {"handled": 1, "handled_by": frappe.session.user}, update_modified=False
	)
