"""Days on which an activity is offered and no tariff says what it costs: warned about, by name (R26).

A gap is no error of the tariff that is saved: the next one may be entered in a minute. So it is said when saving,
and stays on the form until it is closed; billing refuses those days by name.
"""

from __future__ import annotations

from datetime import date

import frappe
from frappe import _
from frappe.utils import formatdate, getdate

from concerto_education.activities.school_years import default_span
from concerto_education.activities.tariffs.records import tariff_book
from concerto_education.engine.ranges import DateRange
from concerto_education.engine.tariff_checks import Uncovered, uncovered


def warnings(activity: str) -> list[str]:
	"""Sentences, worst first: category, site and days without a tariff, from the current school year on."""
	doc = frappe.get_cached_doc("Activity", activity)
	if doc.billing_rule == "Not Billed":
		return []
	book = tariff_book([activity])
	if not book.tariffs:
		return []
	categories = [row.category for row in doc.categories] or [None]
	sites = [row.site for row in doc.sites]
	found = uncovered(book.tariffs, categories, sites, _within(doc))
	return [_sentence(gap, sites) for gap in _merged(found, sites)] + _scale_gaps(book.tariffs)


def _within(activity) -> DateRange:
	"""From the school year of today (or the activity's first day) to its last day, if it has one."""
	start = default_span(getdate()).start
	if activity.get("valid_from"):
		start = max(start, getdate(activity.valid_from))
	end = getdate(activity.valid_to) if activity.get("valid_to") else None
	return DateRange(start, max(end, start) if end else None)


def _merged(gaps: list[Uncovered], sites: list[str]) -> list[Uncovered]:
	"""The same gap at every site is one gap."""
	seen: dict[tuple, list[str]] = {}
	for gap in gaps:
		seen.setdefault((gap.category, gap.span), []).append(gap.site)
	return [
		gap
		for (category, span), where in seen.items()
		for gap in (
			[Uncovered(category, None, span)]
			if len(where) == len(sites)
			else [Uncovered(category, site, span) for site in where]
		)
	]


def _sentence(gap: Uncovered, sites: list[str]) -> str:
	who = gap.category or _("all categories")
	where = gap.site or (_("all sites") if len(sites) > 1 else sites[0])
	if gap.span.end is None:
		return _("No tariff for {0}, {1}, from {2} on").format(who, where, formatdate(gap.span.start))
	return _("No tariff for {0}, {1}, from {2} to {3}").format(
		who, where, formatdate(gap.span.start), formatdate(gap.span.end)
	)


def _scale_gaps(tariffs) -> list[str]:
	"""A tariff by effort rate is worth nothing on days for which the national tables are not recorded (R36)."""
	for tariff in tariffs:
		if tariff.method == "effort_rate" and not tariff.scale.knows(_first_day(tariff.span)):
			return [
				_("{0}: effort rates or bounds of resources are not recorded for {1} (R36)").format(
					tariff.label, formatdate(_first_day(tariff.span))
				)
			]
	return []


def _first_day(span: DateRange) -> date:
	today = getdate()
	return today if today in span else span.start


def tell(doc) -> None:
	"""After saving: what is still missing, on the screen of whoever saved."""
	found = warnings(doc.activity)
	if found:
		frappe.msgprint(
			found if len(found) > 1 else found[0],
			title=_("Days Without a Tariff"),
			indicator="orange",
			as_list=len(found) > 1,
		)
