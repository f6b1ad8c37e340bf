"""A paper list keyed in by its numbers: who is absent; everybody else came (R32).

The numbers are those of the printed list. Its mark (``order.check_word``) says whether the list still is the one that
was printed: if somebody was added or left, number 12 would be another child, and nothing is written.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import frappe
from frappe import _

from concerto_education.attendance import day_sheet, errors, rights, service
from concerto_education.attendance.order import check_word


def key_in(
	site: str, activity: str, unit: str, day: date, absent: Iterable[int], check: str
) -> dict[str, int]:
	"""Mark the numbers absent and the rest of those who are still to tick present. Returns how many of each.

	Whoever may not judge absences leaves the absent ones untouched: the coordinator chooses A or AJ (R31). A day that
	has not come and a closed month are refused by the service, for the first row already.
	"""
	rights.require_tick(site)
	rows = day_sheet.rows(site, activity, unit, day)
	if check_word(row["enrolment"] for row in rows) != check:
		frappe.throw(
			_(
				"The list has changed since it was loaded. Load it again and compare the list mark with the paper"
			),
			errors.ListChanged,
		)
	numbers = set(absent)
	unknown = sorted(numbers - set(range(1, len(rows) + 1)))
	if unknown:
		frappe.throw(
			_("Absent numbers: the list has {0} lines, there is no number {1}").format(len(rows), unknown[0]),
			errors.ListChanged,
		)
	judges = rights.may_judge(site)
	done = {"present": 0, "absent": 0, "left": 0}
	for number, row in enumerate(rows, 1):
		if number in numbers:
			done[_mark_absent(row, judges)] += 1
		elif row["status"] == service.PLANNED:
			service.tick(row["name"], True)
			done["present"] += 1
	return done


def _mark_absent(row: dict, judges: bool) -> str:
	"""A is written over what is still to tick and over a presence; AJ was decided and stays."""
	if row["status"] in (service.ABSENT, service.JUSTIFIED):
		return "absent"
	if not judges:
		return "left"
	service.set_absent(row["name"])
	return "absent"
