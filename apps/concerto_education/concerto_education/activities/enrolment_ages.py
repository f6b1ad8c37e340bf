"""The age range of an activity, and who may enrol outside it (R25).

The age that counts is the one on the first day of the enrolment: who is old enough on 1 September stays for the year.
Adults have no range (R26).
"""

from __future__ import annotations

import frappe
from frappe import _
from frappe.utils import cint, formatdate, getdate

from concerto_education.activities import ages, errors

PERMLEVEL = 2


def may_override() -> bool:
	"""Whether the user may enrol outside the range: the permission level of the fields says so."""
	if frappe.session.user == "Administrator":
		return True
	return PERMLEVEL in frappe.get_meta("Enrolment").get_permlevel_access("write")


def why_not(activity, birth_date, first_day) -> str | None:
	"""Why somebody born on that day can't be enrolled; None if nothing is against it."""
	if not (cint(activity.get("age_from_months")) or cint(activity.get("age_to_months"))):
		return None
	if not birth_date:
		return _("the date of birth is missing, and {0} is {1}").format(
			activity.name, ages.age_text(activity)
		)
	months = ages.months_on(getdate(birth_date), getdate(first_day))
	if ages.holds(activity, months):
		return None
	return _("{0} on {1}, and {2} is {3}").format(
		spoken(months), formatdate(first_day), activity.name, ages.age_text(activity)
	)


def spoken(months: int) -> str:
	"""An age as people say it: in months under two years."""
	if months < 24:
		return _("{0} months old").format(max(months, 0))
	return _("{0} years old").format(months // 12)


def validate(doc, activity, person, cancelled: bool) -> None:
	"""Refuse an age outside the range, unless somebody who may do so says why."""
	reason = why_not(activity, person.birth_date, doc.valid_from)
	if not reason:
		doc.age_override = 0
	if not doc.age_override:
		doc.age_override_reason = doc.age_override_by = None
		if reason and not cancelled and _counts(doc):
			frappe.throw(
				_("Person: {0}: {1}. {2}").format(person.full_name, reason, _what_to_do()),
				errors.AgeOutOfRange,
			)
		return
	if not (doc.age_override_reason or "").strip():
		frappe.throw(
			_("Reason: say why {0} is enrolled outside the age range").format(person.full_name),
			errors.OverrideReasonNeeded,
		)
	before = doc.get_doc_before_save()
	if before and before.age_override and before.age_override_reason == doc.age_override_reason:
		doc.age_override_by = before.age_override_by
		return
	if not may_override():
		frappe.throw(
			_("Enrol Outside the Age Range: you may not decide this. Ask the coordinator or the director"),
			errors.OverrideNotAllowed,
		)
	doc.age_override_by = frappe.session.user


def _counts(doc) -> bool:
	"""An enrolment that was made before the range was set stays as it is until its first day moves."""
	before = doc.get_doc_before_save()
	return not before or getdate(before.valid_from) != getdate(doc.valid_from) or before.status != doc.status


def _what_to_do() -> str:
	if may_override():
		return _("Tick “Enrol Outside the Age Range” and give the reason, or choose another activity")
	return _("Choose another activity, or ask the coordinator or the director to decide")
