"""What doesn't fit together in the demo: a case for each rule of the coherence check, and two months of its trend (R7).

Written straight into the tables, after everything is billed: the forms refuse most of it, an import from elsewhere
brings it all the same.
"""

from __future__ import annotations

from datetime import date, timedelta

import frappe

from concerto_education.authority.bulk import insert_rows
from concerto_education.authority.coherence import Scope, check, trend
from concerto_education.demo import world
from concerto_education.demo.closing import LATE_SITE

WEEKS = 8
CATEGORY = "Apprentis de la mairie"
UNKNOWN_CHILD = ("Timael Orsini", "CE2", date(2026, 10, 13))


def make(today: date, scenarios: dict[str, str]) -> int:
	"""Spoil a few dossiers of the crowd, none of the memo's odd cases. Returns how many points the check finds."""
	crowd = _crowd(set(scenarios.values()))
	if len(crowd) < 5:
		return 0
	_dates(today, crowd[0], crowd[1])
	_contact(crowd)
	_enrolments(crowd[2], crowd[3], crowd[4])
	_placement()
	_funding(today)
	_unknown_child()
	results = check.run_for_system(Scope.of())
	_past(today, results)
	return sum(result.count for result in results)


def _crowd(odd: set[str]) -> list:
	"""Canteen enrolments of one child's school, one for each ordinary family, in a fixed order."""
	rows = frappe.get_all(
		"Enrolment",
		filters={"activity": world.CANTEEN, "status": "Confirmed", "site": ("!=", LATE_SITE)},
		fields=["name", "family", "person"],
		order_by="name asc",
	)
	first: dict[str, object] = {}
	for row in rows:
		if row.family not in odd:
			first.setdefault(row.family, row)
	return list(first.values())[20:40]


def _dates(today: date, one, other) -> None:
	frappe.db.set_value("Person", one.person, "birth_date", None)
	frappe.db.set_value("Quotient", {"family": other.family}, "valid_to", today + timedelta(days=18))


def _contact(crowd: list) -> None:
	"""Forbidden, and still marked as somebody who collects."""
	row = frappe.db.get_value(
		"Family Member", {"role": "Contact", "forbidden": 0, "parent": ("in", [one.family for one in crowd])}
	) or frappe.db.get_value("Family Member", {"role": "Contact", "forbidden": 0})
	if row:
		frappe.db.set_value("Family Member", row, {"forbidden": 1, "may_collect": 1})


def _enrolments(twice, unpaid, unpriced) -> None:
	"""Enrolled twice (and the second never planned), a payer who has moved away, a category nobody has priced."""
	doc = frappe.copy_doc(frappe.get_doc("Enrolment", twice.name))
	doc.name = f"{twice.name}-B"
	doc.db_insert()
	for row in doc.get_all_children():
		row.parent, row.name = doc.name, frappe.generate_hash(length=10)
		row.db_insert()
	payers = frappe.get_all("Enrolment Payer", filters={"parent": unpaid.name}, pluck="payer")
	frappe.db.set_value("Payer", payers[0], "active", 0)
	if not frappe.db.exists("Enrolment Category", CATEGORY):
		frappe.get_doc(
			{"doctype": "Enrolment Category", "category_name": CATEGORY, "audience": "Everybody"}
		).insert()
	frappe.db.set_value("Enrolment", unpriced.name, "category", CATEGORY)


def _placement() -> None:
	"""The carer's address was copied from the parents'."""
	row = frappe.db.get_value(
		"Placement", {"organisation": ("is", "not set")}, ["name", "family"], as_dict=True
	)
	if row:
		address = ("address_line1", "postcode", "town")
		frappe.db.set_value(
			"Placement", row.name, frappe.db.get_value("Family", row.family, address, as_dict=True)
		)


def _funding(today: date) -> None:
	name = frappe.db.get_value(
		"Funding", {"status": ("in", ("Active", "Notified")), "valid_to": (">", today)}
	)
	if name:
		frappe.db.set_value("Funding", name, "valid_to", today - timedelta(days=10))


def _unknown_child() -> None:
	name, school_class, day = UNKNOWN_CHILD
	place = frappe.db.get_value(
		"Attendance",
		{"attendance_date": day, "activity": world.CANTEEN, "site": LATE_SITE},
		["site", "activity", "unit"],
		as_dict=True,
	)
	if place:
		frappe.get_doc(
			{
				"doctype": "Attendance Task",
				"child_name": name,
				"child_class": school_class,
				"attendance_date": day,
				**place,
			}
		).insert()


def _past(today: date, results) -> None:
	"""Two months in which most lists grew shorter, so that the curves have something to say."""
	monday, rows = trend.monday_of(today), []
	for number, result in enumerate(results):
		counts = {None: result.count}
		for finding in result.findings:
			for site in finding.sites:
				counts[site] = counts.get(site, 0) + 1
		for site, count in counts.items():
			for back in range(WEEKS):
				week = monday - timedelta(weeks=back)
				# Deterministic: shorter by a tenth a week, with a step of its own for each rule.
				value = count + (count * back) // 10 + ((number + back) % 3 if count and back else 0)
				rows.append((week, result.rule.code, site, value))
	columns = ("name", "owner", "modified_by", "week", "rule", "site", "how_many")
	frappe.db.delete(trend.DOCTYPE)
	# Figures of weeks that are over: no form and no rule of one.
	insert_rows(
		trend.DOCTYPE,
		columns,
		[(frappe.generate_hash(length=10), "Administrator", "Administrator", *row) for row in rows],
	)
