"""PAI and their review: the one in force of each person, through the user's own rights (R23)."""

from __future__ import annotations

from datetime import date
from typing import Any

import frappe
from frappe import _
from frappe.utils import getdate, today

from concerto_education.families.health.service import RECORD


def to_review(until: date) -> list[dict[str, Any]]:
	"""The latest PAI of each person who is read by the user, if it is in force and to review until that day."""
	records = frappe.get_list(RECORD, pluck="name", limit_page_length=0)
	if not records:
		return []
	now = getdate(today())
	latest = {row.record: row for row in _in_force(records, now)}
	found = [row for row in latest.values() if row.review_on and row.review_on <= until]
	return [_shown(row, now) for row in sorted(found, key=lambda row: (row.review_on, row.full_name or ""))]


def _in_force(records: list[str], now: date) -> list:
	"""Oldest first, so that of two the later one counts."""
	plan, record, person = (frappe.qb.DocType(name) for name in ("Health Plan", RECORD, "Person"))
	return (
		frappe.qb.from_(plan)
		.join(record)
		.on(plan.parent == record.name)
		.join(person)
		.on(record.person == person.name)
		.select(
			record.name.as_("record"),
			record.person,
			person.full_name,
			person.school,
			person.school_class,
			plan.signed_on,
			plan.review_on,
			plan.document,
		)
		.where((plan.parenttype == RECORD) & record.name.isin(records))
		.where(plan.ends_on.isnull() | (plan.ends_on >= now))
		.orderby(plan.signed_on, plan.idx)
	).run(as_dict=True)


def _shown(row, now: date) -> dict[str, Any]:
	late = row.review_on < now
	has_document = bool(row.pop("document"))
	return {
		**row,
		"late": late,
		"state": _("Late") if late else _("To plan"),
		"has_document": has_document,
		"document": _("Attached") if has_document else _("Missing"),
	}
