"""The forecast of a school year, and a month of the grid, measured (issue 4: 3,000 children).

Canteen on four days and garderie on two evenings of every second week; ``CHILDREN=10000 make bench`` takes another size.
The forecast is made, made again (nothing may change), and half of the children change their week. Then the month of
200 of them is read and saved as the screen does it. What it writes it takes away again.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import frappe

from concerto_education.activities.catalogue import WEEKDAYS
from concerto_education.attendance import forecast
from concerto_education.attendance.grid import load, save
from concerto_education.attendance.grid.rules import Change
from concerto_education.authority.bulk import insert_rows
from concerto_education.engine.ranges import DateRange, DateSet
from tests import builders as make

PREFIX = "BENCHF-"
GRID = 200  # children of one site and activity on one screen
MONTH = date(2026, 11, 1)
YEAR = DateSet((DateRange(date(2026, 9, 1), date(2027, 8, 31)),))


def measure(children: int) -> dict[str, float]:
	"""Make the enrolments, plan them, print what it took, and clean up."""
	figures: dict[str, float] = {"children": children}
	activities = _activities(children)
	try:
		names = _make(children, activities)
		for label in ("first forecast", "again", "half change their week"):
			if label.startswith("half"):
				_change_half(children)
			with _measured(label, figures):
				outcome = forecast.apply(names, YEAR)
			figures[f"{label}: rows"] = outcome.added + outcome.restored + outcome.cancelled
			frappe.db.commit()
		site, activity = activities[0].sites[0].site, activities[0].name
		with _measured("a month of the grid", figures):
			month = load.load(site, activity, MONTH)
		changes = _changes(month)
		with _measured("saving the month", figures):
			results = save.save(site, activity, changes)["results"]
		figures["people"], figures["cells"] = len(month["people"]), len(changes)
		figures["refused"] = sum(result["state"] != "ok" for result in results)
	finally:
		_clean(activities)
	_report(figures)
	return figures


def _activities(children: int) -> list:
	"""As many canteens and garderies as it takes for 200 children each, as towns have schools."""
	make.school_year()
	found = []
	for _n in range(-(-children // GRID)):
		at = make.site()
		found += [make.activity(at), make.activity(at, units=("soir",), kind="Périscolaire Care")]
	frappe.db.commit()
	return found


def _make(children: int, activities: list) -> list[str]:
	enrolments, patterns, people = [], [], []
	for number in range(children):
		person = f"{PREFIX}P{number:06d}"
		people.append((person, "FAMILLE", f"Lea {number}", f"FAMILLE Lea {number}", "CP"))
		for place, (weekdays, weeks) in enumerate((((1, 2, 4, 5), "Every Week"), ((2, 4), "Even Weeks"))):
			activity = activities[number // GRID * 2 + place]
			name = f"{PREFIX}{place}{number:06d}"
			enrolments.append(
				(
					name,
					f"{PREFIX}F",
					person,
					activity.name,
					activity.sites[0].site,
					"Enfant",
					"2026-09-01",
					"2027-08-31",
					"Confirmed",
				)
			)
			days = [int(day in weekdays) for day in range(1, 8)]
			patterns.append((name, name, "Enrolment", "pattern", 1, activity.units[0].unit, weeks, *days))
	# Straight into the tables: only the forecast is measured.
	insert_rows("Person", ("name", "last_name", "first_name", "full_name", "school_class"), people)
	insert_rows(
		"Enrolment",
		("name", "family", "person", "activity", "site", "category", "valid_from", "valid_to", "status"),
		enrolments,
	)
	insert_rows(
		"Enrolment Pattern",
		("name", "parent", "parenttype", "parentfield", "idx", "unit", "weeks", *WEEKDAYS),
		patterns,
	)
	frappe.db.commit()
	return [row[0] for row in enrolments]


def _change_half(children: int) -> None:
	table = frappe.qb.DocType("Enrolment Pattern")
	query = frappe.qb.update(table).set(table.friday, 0).where(table.name.like(f"{PREFIX}0%"))
	query.where(table.name < f"{PREFIX}0{children // 2:06d}").run()


def _changes(month: dict) -> list[Change]:
	"""Each planned cell of the month is taken off."""
	return [
		Change(enrolment, MONTH.replace(day=cell[0]), cell[1], "Cancelled", seen=cell[2])
		for enrolment, cells in month["cells"].items()
		for cell in cells
		if cell[2] == "Planned"
	]


def _clean(activities: list) -> None:
	"""Straight from the tables: nothing hooks on what the benchmark wrote."""
	frappe.db.rollback()
	for doctype in ("Attendance", "Attendance Event"):
		for activity in activities:
			frappe.db.delete(doctype, {"activity": activity.name})
			frappe.db.commit()
	for doctype in ("Enrolment Pattern", "Enrolment", "Person"):
		frappe.db.delete(doctype, {"name": ("like", f"{PREFIX}%")})
	for activity in activities:
		for child in ("Activity Unit", "Activity Site", "Activity Category"):
			frappe.db.delete(child, {"parent": activity.name})
		frappe.db.delete("Activity", {"name": activity.name})
		frappe.db.delete("Site", {"name": activity.sites[0].site})
	frappe.db.commit()


@contextmanager
def _measured(label: str, figures: dict[str, float]) -> Iterator[None]:
	"""Seconds and statements of a block."""
	count, real = [0], frappe.db.sql

	def sql(*args, **kwargs):
		count[0] += 1
		return real(*args, **kwargs)

	frappe.db.sql = sql
	began = time.perf_counter()
	try:
		yield
	finally:
		del frappe.db.sql
		figures[label] = time.perf_counter() - began
		figures[f"{label}: queries"] = count[0]


def _report(f: dict[str, float]) -> None:
	print(f"\n{f['children']:,} children, two enrolments each, a school year")
	for label in ("first forecast", "again", "half change their week"):
		print(
			f"  {label:<26}{f[label]:8.1f} s  {f[f'{label}: rows']:>9,} rows  {f[f'{label}: queries']:>6,} queries"
		)
	for label in ("a month of the grid", "saving the month"):
		print(f"  {label:<26}{f[label]:8.2f} s  {f[f'{label}: queries']:>6,} queries")
	print(f"  {f['people']} children on the screen, {f['cells']:,} cells changed, {f['refused']} refused\n")


def size() -> int:
	return int(os.environ.get("CHILDREN", "3000"))
