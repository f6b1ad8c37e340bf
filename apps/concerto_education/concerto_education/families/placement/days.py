"""Who pays for a placed child, and on which days a child is placed (R17, R36). Many children, one query.

A placement is laid over the payers that enrolments name: on its days the carer or the home pays, before and after it
those who are named. So the end of a placement gives everything back by itself. No permission is checked: the caller
acts for records that its user may make.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

import frappe
from frappe.utils import getdate

from concerto_education.engine.ranges import DateRange, DateSet
from concerto_education.families.members import CHILD


def payer_spans(
	persons: Iterable[str], window: DateRange
) -> dict[tuple[str, str], list[tuple[DateRange, str]]]:
	"""By family and child: the days on which the carer or the home pays, with their payer."""
	found = defaultdict(list)
	for row in _rows(persons):
		if row.payer and row.pays_from and (not row.pays_to or row.pays_to >= row.pays_from):
			span = _span(row.pays_from, row.pays_to).intersection(window)
			if span:
				found[row.family, row.person].append((span, row.payer))
	return dict(found)


def hosts_of(family: str, day: date) -> list[dict]:
	"""Who pays instead of the others for each placed child of a family, on ``day`` or later; for its form."""
	children = frappe.get_all(  # the caller may read the family and its placements
		"Family Member",
		filters={"parent": family, "parenttype": "Family", "role": CHILD},
		fields=["person", "full_name"],
	)
	names = {row.person: row.full_name for row in children}
	spans = payer_spans(names, DateRange(date.min, None))
	return [
		{
			"payer": payer,
			"child": names[person],
			"only_child": len(names) == 1,
			"from": span.start,
			"to": span.end,
			"begun": span.start <= day,
		}
		for (of, person), found in spans.items()
		for span, payer in found
		if of == family and (span.end is None or span.end >= day)
	]


def placed_days(persons: Iterable[str], window: DateRange) -> dict[str, DateSet]:
	"""The days of the window on which each child is placed; children who never are have no entry.

	For the scale of nurseries: on these days the floor price holds (``engine.psu.Household.placed``).
	"""
	found = defaultdict(list)
	for row in _rows(persons):
		span = _span(row.valid_from, row.valid_to).intersection(window)
		if span:
			found[row.person].append(span)
	return {person: DateSet(spans) for person, spans in found.items()}


def _span(start, end) -> DateRange:
	return DateRange(getdate(start), getdate(end) if end else None)


def _rows(persons: Iterable[str]) -> list:
	wanted = sorted(set(persons))
	if not wanted:
		return []
	return frappe.get_all(  # billing and prices need every placement, whoever starts them
		"Placement",
		filters={"person": ("in", wanted)},
		fields=["family", "person", "payer", "valid_from", "valid_to", "pays_from", "pays_to"],
		order_by="valid_from asc",
	)
