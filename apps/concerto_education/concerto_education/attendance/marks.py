"""What whoever receives a child must know of it: forbidden contacts, own meal, and what other rooms add (R22, R23).

One source for the day sheet, the tablet and the paper list. A mark is ``{"kind", "label", "text"}``: a word to see
at once, and the sentence behind it. The caller has checked that its user ticks at the site.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

import frappe
from frappe import _

HOOK = "concerto_child_marks"


def marks_of(enrolments: Iterable, day: date) -> dict[str, list[dict]]:
	"""Marks by enrolment; rows have ``enrolment``, ``person``, ``family`` and ``category``."""
	rows = list(enrolments)
	forbidden = forbidden_contacts({row.family for row in rows})
	added: dict[str, list] = defaultdict(list)
	people = sorted({row.person for row in rows})
	for path in frappe.get_hooks(HOOK) if people else ():
		for person, marks in frappe.get_attr(path)(people, day).items():
			added[person].extend(marks)
	return {row.enrolment: _of(row, added[row.person], forbidden.get(row.family)) for row in rows}


def _of(row, added: list[dict], forbidden: list[str] | None) -> list[dict]:
	marks = []
	if forbidden:
		text = _("May not collect the child: {0}").format(", ".join(forbidden))
		marks.append({"kind": "forbidden", "label": _("Forbidden contact"), "text": text})
	marks.extend(added)
	# Categories are the administrator's words: R26 calls this one "panier repas".
	if "panier" in (row.category or "").lower() and not any(mark["kind"] == "basket" for mark in added):
		marks.append(
			{"kind": "basket", "label": _("Own meal"), "text": _("Brings the meal along (panier repas)")}
		)
	return marks


def forbidden_contacts(families: set[str]) -> dict[str, list[str]]:
	"""Names of those who may not collect the children, by family. One query."""
	families = set(filter(None, families))
	if not families:
		return {}
	member, person = frappe.qb.DocType("Family Member"), frappe.qb.DocType("Person")
	found = (
		frappe.qb.from_(member)
		.join(person)
		.on(member.person == person.name)
		.select(member.parent, person.full_name)
		.where((member.parenttype == "Family") & (member.forbidden == 1) & (member.role == "Contact"))
		.where(member.parent.isin(sorted(families)))
		.orderby(person.full_name)
	).run(as_dict=True)
	names: dict[str, list[str]] = defaultdict(list)
	for row in found:
		names[row.parent].append(row.full_name)
	return dict(names)
