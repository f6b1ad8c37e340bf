"""Resources of a household for the price of nurseries, through time (R36).

Recorded like a QF: added with their dates, never changed nor deleted; on a day the latest recorded ones hold. What is
recorded for one child goes before what is recorded for the family. On the days of a placement (R17) the floor holds.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import date

import frappe
from frappe import _
from frappe.utils import cint, getdate, now_datetime

from concerto_education.authority.money import decimal_of
from concerto_education.engine.psu import Household
from concerto_education.engine.ranges import DateMap, DateRange
from concerto_education.families.errors import InvalidResources
from concerto_education.families.placement.days import placed_days

KNOWN, NONE, PLACED, REFUSED = "Resources Known", "No Resources", "Placed by the ASE", "Proof Refused"
FIELDS = [
	"name",
	"family",
	"person",
	"valid_from",
	"valid_to",
	"situation",
	"yearly_resources",
	"children",
	"disabled_children",
	"recorded_at",
	"creation",
]


def complete(doc) -> None:
	"""The defaults of a new record: the calendar year (R8), year N-2, the time of the server."""
	if not doc.valid_from:
		doc.valid_from = date(getdate().year, 1, 1)
	if not doc.valid_to:
		doc.valid_to = date(getdate(doc.valid_from).year, 12, 31)
	if doc.situation != KNOWN:
		doc.yearly_resources = 0
		doc.reference_year = 0
	elif not cint(doc.reference_year):
		doc.reference_year = getdate(doc.valid_from).year - 2
	doc.recorded_at = doc.flags.recorded_at or now_datetime()


def check(doc) -> None:
	"""Throw the first rule that a new record breaks."""
	if getdate(doc.valid_to) < getdate(doc.valid_from):
		frappe.throw(_("Valid To: it cannot be before “Valid From” (R36)"), InvalidResources)
	if doc.situation == KNOWN and (
		doc.yearly_resources in (None, "") or decimal_of(doc.yearly_resources) <= 0
	):
		frappe.throw(
			_("Yearly Resources: enter them, or choose the situation “No Resources” (R36)"), InvalidResources
		)
	if cint(doc.children) < 1:
		frappe.throw(_("Dependent Children: there is at least one (R36)"), InvalidResources)
	if not 0 <= cint(doc.disabled_children) <= cint(doc.children):
		frappe.throw(
			_("Disabled Children: there can't be more of them than dependent children (R36)"),
			InvalidResources,
		)
	if doc.person and not frappe.db.exists(
		"Family Member", {"parenttype": "Family", "parent": doc.family, "person": doc.person, "role": "Child"}
	):
		frappe.throw(_("Only for the Child: this is no child of the family"), InvalidResources)


def households(
	families: Iterable[str], persons: Iterable[str], window: DateRange
) -> dict[tuple[str, str], DateMap[Household]]:
	"""By family and child, what the scale of nurseries needs to know, over the window. Two queries."""
	families, persons = sorted(set(families)), sorted(set(persons))
	if not families:
		return {}
	records = defaultdict(list)
	# For prices: whoever triggers the calculation. The amounts are shown to those with a right to them.
	rows = frappe.get_all("Family Resources", filters={"family": ("in", families)}, fields=FIELDS)
	for row in sorted(rows, key=lambda row: (row.recorded_at or row.creation, row.name)):
		records[row.family].append(row)
	placed = placed_days(persons, window)
	found: dict[tuple[str, str], DateMap[Household]] = {}
	for family in families:
		known = records[family]
		for person in persons if known or placed else ():
			held = [row for row in known if not row.person] + [row for row in known if row.person == person]
			spans = DateMap((_span(row), _household(row)) for row in held).clip(window)
			for days in placed.get(person, ()):
				spans = spans.set_all(_floor(spans, days))
			if len(spans):
				found[family, person] = spans
	return found


def _floor(spans: DateMap[Household], days: DateRange) -> DateMap[Household]:
	"""The floor on the days of a placement, whatever is known of the household."""
	unknown = DateMap([(days, Household(None, 1, placed=True))])
	return unknown.set_all(spans.clip(days).map(lambda household: replace(household, placed=True)))


def _household(row) -> Household:
	return Household(
		resources={KNOWN: decimal_of(row.yearly_resources), NONE: decimal_of(0)}.get(row.situation),
		children=max(cint(row.children), 1),
		disabled_children=cint(row.disabled_children),
		placed=row.situation == PLACED,
		proof_refused=row.situation == REFUSED,
	)


def _span(row) -> DateRange:
	return DateRange(getdate(row.valid_from), getdate(row.valid_to) if row.valid_to else None)


def may_read_amounts() -> bool:
	"""Whether the session user may see amounts of resources (permlevel 1)."""
	return 1 in frappe.get_meta("Family Resources").get_permlevel_access("read")
