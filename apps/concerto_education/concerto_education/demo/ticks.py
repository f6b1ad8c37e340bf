"""What happened on the days that are over: present, A or AJ, by chance that is the same at each load (R30, R31).

Written straight on the table: two months of an authority are tens of thousands of ticks, and each by the
service is a save with its version record. The rules that the service would check hold by construction:
no day of the future, AJ always with a reason.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from zlib import crc32

import frappe
from pypika.functions import Concat

from concerto_education.attendance.service import ABSENT, JUSTIFIED, PLANNED, PRESENT, add_presence
from concerto_education.demo import users, world
from concerto_education.demo.scenarios.presence import (
	ABSENCES,
	MEDICAL,
	NOT_RECEIVED,
	TRIP,
	UNPLANNED,
	WEATHER,
	Absence,
	Presence,
)

# Of 10,000 child days: absent with a reason, absent without. The rest came.
_JUSTIFIED, _UNJUSTIFIED = 300, 220
_REASONS = (MEDICAL,) * 7 + (TRIP,) * 3 + (NOT_RECEIVED,) * 2 + (WEATHER,)
# November, the open month: everything is ticked up to the first day, most of it up to the second.
_ALL_TICKED_UNTIL = date(2026, 11, 13)
_PARTLY_TICKED_UNTIL = date(2026, 11, 20)


def tick(seed: int, scenarios: dict[str, str], today: date) -> int:
	"""Tick September and October whole and November in part, never after ``today``. Returns the rows ticked."""
	keepers = _keepers()
	hand_made = set(scenarios.values())
	count = 0
	for start, end in _weeks(world.BILLED_MONTH, min(_PARTLY_TICKED_UNTIL, today)):
		changes: dict[tuple[str, str | None, str], list[str]] = defaultdict(list)
		for row in _planned(start, end):
			if row.attendance_date > _ALL_TICKED_UNTIL and not _is_ticked_late(seed, row):
				continue
			status, reason = PRESENT, None
			if row.family not in hand_made:
				status, reason = _chance(seed, row)
			changes[status, reason, row.site].append(row.name)
		count += _write(changes, keepers)
	for absence in ABSENCES:
		apply_absence(absence, scenarios)
	for presence in UNPLANNED:
		_come_unplanned(presence, scenarios)
	return count


def _come_unplanned(presence: Presence, scenarios: dict[str, str]) -> None:
	"""Present on a day without forecast (R31), through the service: it knows what such a row looks like."""
	enrolment = frappe.db.get_value(
		"Enrolment", {"family": scenarios[presence.scenario], "activity": presence.activity}
	)
	for day in presence.days:
		add_presence(enrolment, day, presence.unit)


def apply_absence(absence: Absence, scenarios: dict[str, str]) -> int:
	"""Record what happened to the family of an odd case. Returns the rows changed."""
	filters = {
		"family": scenarios[absence.scenario],
		"attendance_date": ("between", (absence.start, absence.end)),
		"status": ("!=", "Cancelled"),
	}
	if absence.activity:
		filters["activity"] = absence.activity
	# The loader's own rows, by whoever runs it.
	rows = frappe.get_all("Attendance", filters=filters, fields=["name", "site"])
	changes: dict[tuple[str, str | None, str], list[str]] = defaultdict(list)
	for row in rows:
		changes[absence.status, absence.reason, row.site].append(row.name)
	return _write(changes, _keepers())


def _planned(start: date, end: date) -> Iterable[frappe._dict]:
	Attendance, Person = frappe.qb.DocType("Attendance"), frappe.qb.DocType("Person")
	return (
		frappe.qb.from_(Attendance)
		.join(Person)
		.on(Person.name == Attendance.person)
		.select(
			Attendance.name,
			Attendance.family,
			Attendance.site,
			Attendance.activity,
			Attendance.attendance_date,
			Attendance.unit,
			Person.full_name,
			Person.birth_date,
		)
		.where(Attendance.attendance_date[start:end] & (Attendance.status == PLANNED))
	).run(as_dict=True)


def _weeks(start: date, end: date) -> Iterator[tuple[date, date]]:
	"""Week by week, so that the memory stays small however many families there are."""
	while start <= end:
		yield start, min(end, start + timedelta(days=6))
		start += timedelta(days=7)


def _chance(seed: int, row) -> tuple[str, str | None]:
	"""A child is ill for the whole day, so activity and unit don't count; who it is does, not the record's name."""
	draw = crc32(f"{seed}|{row.full_name}|{row.birth_date}|{row.attendance_date}".encode())
	point = draw % 10_000
	if point < _JUSTIFIED:
		return JUSTIFIED, _REASONS[draw // 10_000 % len(_REASONS)]
	if point < _JUSTIFIED + _UNJUSTIFIED:
		return ABSENT, None
	return PRESENT, None


def _is_ticked_late(seed: int, row) -> bool:
	"""The last week: the second school hasn't ticked at all, the others missed a list here and there."""
	if row.site == world.SCHOOL_2:
		return False
	return crc32(f"{seed}|{row.site}|{row.activity}|{row.attendance_date}|{row.unit}".encode()) % 10 < 7


def _keepers() -> dict[str, str]:
	"""Who ticks at each site. Without logins (a benchmark) it is whoever loads."""
	keepers = {site["site_name"]: users.who_ticks(site["site_name"]) for site in world.SITES}
	known = set(frappe.get_all("User", filters={"name": ("in", list(keepers.values()))}, pluck="name"))
	return {site: user for site, user in keepers.items() if user in known}


def _write(changes: dict[tuple[str, str | None, str], list[str]], keepers: dict[str, str]) -> int:
	table = frappe.qb.DocType("Attendance")
	count = 0
	for (status, reason, site), names in changes.items():
		for start in range(0, len(names), 2000):
			chunk = names[start : start + 2000]
			(
				frappe.qb.update(table)
				.set(table.status, status)
				.set(table.reason, reason)
				.set(table.ticked_by, keepers.get(site, frappe.session.user))
				# Ticked on the day itself, at half past twelve: a list that was kept properly.
				.set(table.ticked_at, _at_noon(table.attendance_date))
				.where(table.name.isin(chunk))
			).run()
			count += len(chunk)
	return count


def _at_noon(day):
	return Concat(day, " 12:30:00")
