"""Documents and authorisations that an activity requires of the children who come (R7).

Two uses: what the dossier still misses (hook ``concerto_requirements``), and what a confirmation refuses to do
without.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import frappe
from frappe import _
from frappe.utils import cint, getdate, today

from concerto_education.activities.errors import DuplicateRequirement, RequirementsMissing
from concerto_education.families.documents import missing
from concerto_education.families.documents.needs import Need

CONFIRMED = "Confirmed"


def of_families(families: list[str], day: date) -> list[Need]:
	"""What children need who are enrolled on ``day`` or later: one query for all families."""
	if not families:
		return []
	enrolment, requirement = frappe.qb.DocType("Enrolment"), frappe.qb.DocType("Activity Requirement")
	rows = (
		frappe.qb.from_(enrolment)
		.join(requirement)
		.on((requirement.parent == enrolment.activity) & (requirement.parenttype == "Activity"))
		.select(
			enrolment.family,
			enrolment.person,
			requirement.required_doctype,
			requirement.required,
			enrolment.activity,
			enrolment.site,
			requirement.blocking,
		)
		.where(enrolment.family.isin(families))
		.where(enrolment.status != "Cancelled")
		.where(enrolment.valid_to >= day)
		.distinct()
	).run()
	return [Need(*row[:6], bool(row[6])) for row in rows]


def check_activity(doc, method: str | None = None) -> None:
	"""The same thing is asked for once (doc event of Activity)."""
	seen = set()
	for row in doc.get("requirements") or []:
		key = row.required_doctype, row.required
		if key in seen:
			frappe.throw(
				_("Required Documents, row {0}: {1} is there twice").format(row.idx, row.required),
				DuplicateRequirement,
			)
		seen.add(key)


def check_confirmation(doc, method: str | None = None) -> None:
	"""A place is confirmed only with what the activity can't do without (doc event of Enrolment).

	Asked when the enrolment becomes confirmed; one that is confirmed stays so when a document ends later.
	"""
	before = doc.get_doc_before_save()
	if doc.status != CONFIRMED or (before and before.status == CONFIRMED):
		return
	blocking = _blocking(doc.activity)
	if not blocking:
		return
	needs = [Need(doc.family, doc.person, *one, doc.activity, doc.site, True) for one in blocking]
	day = max(getdate(today()), getdate(doc.valid_from))
	lacking = missing.of_needs(needs, day)
	if lacking:
		frappe.throw(
			_("{0} can’t be confirmed yet, {1} needs: {2}. Record it in the dossier first").format(
				frappe.db.get_value("Person", doc.person, "full_name") or doc.person,
				doc.activity,
				", ".join(missing.label(item) for item in lacking),
			),
			RequirementsMissing,
		)


def _blocking(activity: str) -> Iterable[tuple[str, str]]:
	rows = frappe.get_cached_doc("Activity", activity).get("requirements") or []
	return [(row.required_doctype, row.required) for row in rows if cint(row.blocking)]
