"""Which group of an activity somebody is in: the one that was chosen, else the one of their age (R40)."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.utils import getdate

from concerto_education.activities import ages
from concerto_education.activities.capacity.errors import UnknownGroup


def names(activity, site: str | None) -> list[str]:
	"""Groups of an activity at a site, in order."""
	return list(dict.fromkeys(row.group_name for row in _rows(activity, site)))


def _rows(activity, site: str | None) -> list:
	return [row for row in activity.get("groups") or () if not row.site or not site or row.site == site]


def settle(doc) -> None:
	"""Put the group of an enrolment right: emptied or unset, it is the group of the child's age on the first day."""
	activity = frappe.get_cached_doc("Activity", doc.activity)
	offered = names(activity, doc.site)
	if not offered:
		doc.activity_group = None
		return
	doc.activity_group = (doc.activity_group or "").strip() or _by_age(doc, activity)
	if doc.activity_group and doc.activity_group not in offered:
		frappe.throw(
			_("Group: {0} has no group {1} at {2}. Choose one of: {3}").format(
				doc.activity, doc.activity_group, doc.site, ", ".join(offered)
			),
			UnknownGroup,
		)


def _by_age(doc, activity) -> str | None:
	birth = frappe.db.get_value("Person", doc.person, "birth_date")
	if not birth:
		return None
	# Nobody is younger than today by enrolling for the past year.
	months = ages.months_on(getdate(birth), getdate(doc.valid_from))
	rows = [row for row in _rows(activity, doc.site) if ages.holds(row, months)]
	return rows[0].group_name if rows else None
