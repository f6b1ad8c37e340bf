"""The rules of an enrolment, one function per subject, each refusal by its own name (R4, R19, R22–R27).

Pattern, payers and ages have files of their own: enrolment_pattern, enrolment_payers, enrolment_ages.
"""

from __future__ import annotations

import frappe
from frappe import _
from frappe.utils import formatdate, getdate

from concerto_education.activities import (
	enrolment_ages,
	enrolment_pattern,
	enrolment_payers,
	errors,
)
from concerto_education.activities.periods import require_order
from concerto_education.activities.school_years import default_span
from concerto_education.engine.ranges import DateRange

CONFIRMED = "Confirmed"
CANCELLED = "Cancelled"
CHILD = "Child"


def set_default_period(doc) -> None:
	"""The school year, 1 September to 31 August by default, as far as the activity takes place (R8)."""
	if doc.valid_from and doc.valid_to:
		return
	span = default_period(getdate(doc.valid_from) if doc.valid_from else getdate(), doc.activity)
	doc.valid_from = doc.valid_from or span.start
	doc.valid_to = doc.valid_to or span.end


def default_period(day, activity: str | None = None) -> DateRange:
	"""The school year that holds ``day``, cut to the dates of the activity: a séjour has a week (R7, R8)."""
	year = default_span(day)
	if not activity or not frappe.db.exists("Activity", activity):
		return year
	offered = frappe.get_cached_doc("Activity", activity)
	start = max(year.start, getdate(offered.get("valid_from") or year.start))
	end = min(year.end, getdate(offered.get("valid_to") or year.end))
	return DateRange(start, end) if start <= end else year


def complete(doc) -> None:
	"""What a form may leave empty."""
	set_default_period(doc)
	enrolment_pattern.complete(doc)


def validate(doc) -> None:
	"""All rules of an enrolment, in the order in which the form is filled."""
	cancelled = doc.status == CANCELLED
	require_order(doc.valid_from, doc.valid_to, errors.PeriodEndsBeforeStart, _("To"))
	role = _validate_person(doc)
	activity = frappe.get_cached_doc("Activity", doc.activity)
	_validate_offer(doc, activity)
	_validate_dates(doc, activity, cancelled)
	_validate_category(doc, activity, role)
	if role == CHILD:
		person = frappe.get_cached_doc("Person", doc.person)
		enrolment_ages.validate(doc, activity, person, cancelled)
	_validate_alone(doc)
	enrolment_pattern.validate(doc, activity, cancelled)
	enrolment_payers.validate(doc)


# ---------------------------------------------------------------- who, where, when


def _validate_person(doc) -> str:
	"""The person belongs to the family. Returns their role in it."""
	# The family record is the user's own link; its members are read whatever the permissions.
	roles = frappe.get_all(
		"Family Member",
		filters={"parent": doc.family, "parenttype": "Family", "person": doc.person},
		pluck="role",
	)
	if not roles:
		frappe.throw(
			_("Person: {0} is not a member of the family {1}. Add the person to the family first").format(
				_name_of(doc.person), doc.family
			),
			errors.NotInFamily,
		)
	return roles[0]


def _name_of(person: str) -> str:
	return frappe.db.get_value("Person", person, "full_name") or person


def _validate_offer(doc, activity) -> None:
	if doc.site not in [row.site for row in activity.sites]:
		frappe.throw(_("Site: {0} does not offer {1}").format(doc.site, doc.activity), errors.NotOffered)
	units = {row.unit for row in activity.units}
	for row in doc.pattern:
		if row.unit not in units:
			frappe.throw(
				_("Weekly Pattern, row {0}: {1} has no unit {2}").format(row.idx, doc.activity, row.unit),
				errors.NotOffered,
			)


def _validate_dates(doc, activity, cancelled: bool) -> None:
	"""An enrolment lies inside the dates of the activity, where it has some (a séjour)."""
	before = doc.get_doc_before_save()
	moved = not before or [getdate(before.valid_from), getdate(before.valid_to)] != [
		getdate(doc.valid_from),
		getdate(doc.valid_to),
	]
	if cancelled or not moved:
		return
	reason = outside_activity(activity, DateRange(getdate(doc.valid_from), getdate(doc.valid_to)))
	if reason:
		frappe.throw(
			_("Period: {0}. Change the dates of the enrolment").format(reason), errors.OutsideActivity
		)


def outside_activity(activity, span: DateRange) -> str | None:
	"""Why a period does not fit into the dates of an activity; None if it does."""
	start, end = activity.get("valid_from"), activity.get("valid_to")
	if start and span.start < getdate(start):
		return _("{0} begins on {1}").format(activity.name, formatdate(start))
	if end and span.last > getdate(end):
		return _("{0} ends on {1}").format(activity.name, formatdate(end))
	return None


def _validate_category(doc, activity, role: str) -> None:
	allowed = [row.category for row in activity.categories]
	if allowed and doc.category not in allowed:
		frappe.throw(
			_("Category: {0} is not a category of {1} (R26)").format(doc.category, doc.activity),
			errors.NotOffered,
		)
	audience = frappe.get_cached_value("Enrolment Category", doc.category, "audience")
	if (audience == "Adults" and role == "Child") or (audience == "Children" and role != "Child"):
		frappe.throw(
			_("Category: {0} is not meant for {1} (R26)").format(doc.category, _name_of(doc.person)),
			errors.WrongAudience,
		)


def _validate_alone(doc) -> None:
	"""One enrolment of a person in an activity and site at a time; two sites are two enrolments (R25)."""
	if doc.status == CANCELLED:
		return
	_lock_person(doc.person)
	table = frappe.qb.DocType("Enrolment")
	# An enrolment made by somebody else counts too. Locked, so that one made a moment ago is seen.
	other = (
		frappe.qb.from_(table)
		.select(table.name, table.valid_from, table.valid_to)
		.where(
			(table.person == doc.person)
			& (table.activity == doc.activity)
			& (table.site == doc.site)
			& (table.name != (doc.name or ""))
			& (table.status != CANCELLED)
			& (table.valid_from <= getdate(doc.valid_to))
			& (table.valid_to >= getdate(doc.valid_from))
		)
		.limit(1)
		.for_update()
	).run(as_dict=True)
	if other:
		frappe.throw(
			_("{0} is already enrolled in {1} at {2} from {3} to {4} ({5})").format(
				_name_of(doc.person),
				doc.activity,
				doc.site,
				formatdate(other[0].valid_from),
				formatdate(other[0].valid_to),
				other[0].name,
			),
			errors.EnrolmentsOverlap,
		)


def _lock_person(person: str) -> None:
	"""Two clerks who enrol one child at once are served one after the other."""
	table = frappe.qb.DocType("Person")
	frappe.qb.from_(table).select(table.name).where(table.name == person).for_update().run()
