"""A capacity that is changed (R40): raised, somebody may be offered a place; lowered, one is warned, nobody loses theirs."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.utils import add_days, cint, getdate

from concerto_education.activities.capacity import building, gate, groups, offers, places
from concerto_education.activities.capacity.errors import UnknownGroup
from concerto_education.activities.errors import NotOffered, PeriodEndsBeforeStart
from concerto_education.activities.periods import require_order
from concerto_education.engine.capacity import Shortfall, levels
from concerto_education.engine.ranges import DateRange

# How far ahead a lowered capacity is compared with what is taken.
AHEAD = 400


def check_period(doc) -> None:
	require_order(doc.valid_from, doc.valid_to, PeriodEndsBeforeStart, _("Last Day"))
	activity = frappe.get_cached_doc("Activity", doc.activity)
	if doc.site not in [row.site for row in activity.sites]:
		frappe.throw(_("Site: {0} does not offer {1}").format(doc.site, doc.activity), NotOffered)
	if doc.unit and doc.unit not in [row.unit for row in activity.units]:
		frappe.throw(_("Unit: {0} has no unit {1}").format(doc.activity, doc.unit), NotOffered)
	if doc.activity_group and doc.activity_group not in groups.names(activity, doc.site):
		frappe.throw(_("Group: {0} has no group {1}").format(doc.activity, doc.activity_group), UnknownGroup)


def after_period(doc) -> None:
	span = DateRange(max(getdate(), getdate(doc.valid_from)), max(getdate(), getdate(doc.valid_to)))
	_warn(over_full(doc.activity, [doc.site], span))
	offers.freed(doc.activity, doc.site)


def on_activity_update(doc, method: str | None = None) -> None:
	"""Hook of Activity: its capacities, or those of its groups, were changed."""
	before = doc.get_doc_before_save()
	if not before or _capacities(doc) == _capacities(before):
		return
	sites = [row.site for row in doc.sites]
	_warn(over_full(doc.name, sites, _ahead()))
	for site in sites:
		offers.freed(doc.name, site)


def on_site_update(doc, method: str | None = None) -> None:
	"""Hook of Site: the building holds more or fewer."""
	before = doc.get_doc_before_save()
	if not before or cint(before.capacity) == cint(doc.capacity):
		return
	frappe.clear_document_cache("Site", doc.name)
	_warn(building.over_full(doc.name, _ahead()))
	offers.freed_building(doc.name)


def _ahead() -> DateRange:
	return DateRange(getdate(), getdate(add_days(getdate(), AHEAD)))


def _capacities(doc) -> list[tuple]:
	return sorted((row.site or "", "", "", row.capacity or 0) for row in doc.sites) + sorted(
		(row.site or "", row.group_name, row.unit or "", row.capacity or 0) for row in doc.get("groups") or ()
	)


def _warn(over: list[Shortfall]) -> None:
	if over:
		frappe.msgprint(
			_(
				"More places are taken than there are now: {0}. Nobody loses a place; no new one is given."
			).format(gate.shortfalls_text(over)),
			title=_("Capacity"),
			indicator="orange",
		)


def over_full(activity: str, sites: list[str], span: DateRange) -> list[Shortfall]:
	"""Slots from today on that hold more than their limit."""
	limits = places.Limits([activity])
	held = levels(places.taken([(activity, site) for site in sites], span))
	return [
		Shortfall(slot, limit, number, 0)
		for slot, number in sorted(held.items())
		if (limit := limits.of(slot)) is not None and number > limit
	]
