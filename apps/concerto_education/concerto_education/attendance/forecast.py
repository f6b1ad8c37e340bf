"""Planned attendance: weekly pattern × calendar, for one enrolment or for thousands (R27).

``apply`` makes the recorded rows agree with the patterns and may run any number of times:

* missing days are added;
* days that are no longer planned become *Cancelled*, but only rows nobody has touched;
* ticks, absences and changes by hand are never overwritten;
* months that are closed stay as they are (R33), and days that are full are left out (``Outcome.full``).

A row that nobody has touched has an empty ``ticked_by``. Rows are cancelled and not deleted, because a
charge may point to them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta

import frappe
from frappe.utils import cint, getdate, now

from concerto_education.activities.calendars import calendars
from concerto_education.activities.catalogue import activity_rules, weekdays_of, weekly_patterns
from concerto_education.attendance import closing, planning
from concerto_education.attendance.service import CANCELLED, PLANNED
from concerto_education.authority.bulk import insert_rows
from concerto_education.engine.patterns import planned
from concerto_education.engine.ranges import DateRange, DateSet

CHUNK = 500
ONE_DAY = timedelta(days=1)

_ENROLMENT = ["name", "person", "family", "activity", "site", "valid_from", "valid_to", "status"]
_COLUMNS = (*planning.NEW_ROW, "status", "planned")


@dataclass(slots=True)
class Outcome:
	"""What a run changed. ``unknown`` are days that no school year covers: nothing is planned on them.

	``full`` counts the days that were refused because there is no place left (R40).
	"""

	enrolments: int = 0
	added: int = 0
	restored: int = 0
	cancelled: int = 0
	unknown: DateSet = field(default_factory=DateSet)
	full: int = 0

	def add(self, other: Outcome) -> None:
		self.enrolments += other.enrolments
		self.added += other.added
		self.restored += other.restored
		self.cancelled += other.cancelled
		self.full += other.full
		self.unknown = self.unknown.union(other.unknown)


def apply(enrolments: Iterable[str], days: DateSet | None = None) -> Outcome:
	"""Make planned attendance agree with the patterns of these enrolments, on ``days`` (None: on all days).

	About a dozen queries for each 500 enrolments. The caller has checked the rights.
	"""
	names = list(dict.fromkeys(enrolments))
	outcome = Outcome()
	for start in range(0, len(names), CHUNK):
		outcome.add(_apply_chunk(names[start : start + CHUNK], days))
	return outcome


def _apply_chunk(names: list[str], days: DateSet | None) -> Outcome:
	# Whoever changes a pattern or a calendar changes the forecast: rights were settled there.
	enrolments = frappe.get_all("Enrolment", filters={"name": ("in", names)}, fields=_ENROLMENT)
	if not enrolments:
		return Outcome()
	rules = activity_rules({row.activity for row in enrolments})
	patterns = weekly_patterns(names)
	whole = DateRange(min(row.valid_from for row in enrolments), max(row.valid_to for row in enrolments))
	books = calendars(whole)
	recorded = _recorded(names)
	closed = closing.closed_months({row.site for row in enrolments}, whole)
	outcome = Outcome(enrolments=len(enrolments))
	new: list[planning.Place] = []
	restore: dict[str, planning.Place] = {}
	cancel: dict[str, planning.Place] = {}
	for row in enrolments:
		wanted = set()
		if row.status == "Confirmed" and patterns[row.name].rows:
			calendar = books.of(row.site)
			period = DateSet((DateRange(row.valid_from, row.valid_to),))
			scope = period if days is None else period.intersection(days)
			outcome.unknown = outcome.unknown.union(scope.difference(calendar.years))
			for span in scope.intersection(calendar.years):
				wanted.update(planned(patterns[row.name], span, calendar, rules[row.activity].opening))
		existing = recorded[row.name]
		new.extend(
			(row, day, unit)
			for day, unit in sorted(wanted - existing.keys())
			if (row.site, day.replace(day=1)) not in closed
		)
		for (day, unit), attendance in existing.items():
			if attendance.ticked_by or (days is not None and day not in days):
				continue
			if (row.site, day.replace(day=1)) in closed:
				continue
			if attendance.status == PLANNED and (day, unit) not in wanted:
				cancel[attendance.name] = (row, day, unit)
			elif attendance.status == CANCELLED and (day, unit) in wanted:
				restore[attendance.name] = (row, day, unit)
	full = planning.refused([*new, *restore.values()])
	if full:
		outcome.full = len(full)
		new = [place for place in new if _key(place) not in full]
		restore = {name: place for name, place in restore.items() if _key(place) not in full}
	_insert(new)
	_set_status(list(restore), PLANNED)
	_set_status(list(cancel), CANCELLED)
	_tell(new, None, PLANNED)
	_tell(restore.values(), CANCELLED, PLANNED)
	_tell(cancel.values(), PLANNED, CANCELLED)
	outcome.added, outcome.restored, outcome.cancelled = len(new), len(restore), len(cancel)
	return outcome


def _key(place: planning.Place) -> tuple:
	return (place[0].name, place[1], place[2])


def _tell(places: Iterable[planning.Place], before: str | None, after: str) -> None:
	planning.changed(planning.change_of(row, day, unit, before, after) for row, day, unit in places)


def _recorded(names: list[str]) -> dict[str, dict]:
	"""What is recorded, by enrolment, then by (day, unit)."""
	recorded: dict[str, dict] = defaultdict(dict)
	for row in frappe.get_all(
		"Attendance",
		filters={"enrolment": ("in", names)},
		fields=["name", "enrolment", "attendance_date", "unit", "status", "ticked_by"],
		order_by="",
	):
		recorded[row.enrolment][row.attendance_date, row.unit] = row
	return recorded


def _insert(rows: list[tuple]) -> None:
	if not rows:
		return
	moment, user = now(), frappe.session.user
	# Past controllers and permissions on purpose: a school year of an authority is half a million rows.
	# Duplicates are ignored, so that two runs at once end in one row for each day.
	insert_rows(
		"Attendance",
		_COLUMNS,
		(
			(
				# Longer than Frappe's ten characters: a duplicate name would be skipped in silence.
				frappe.generate_hash(length=20),
				moment,
				moment,
				user,
				user,
				row.name,
				row.person,
				row.family,
				row.activity,
				row.site,
				day,
				unit,
				PLANNED,
				1,
			)
			for row, day, unit in rows
		),
		ignore_duplicates=True,
	)


def _set_status(names: list[str], status: str) -> None:
	table = frappe.qb.DocType("Attendance")
	for start in range(0, len(names), 1000):
		# ``ticked_by`` is asked again: whoever ticked in between wins.
		(
			frappe.qb.update(table)
			.set(table.status, status)
			.set(table.planned, int(status == PLANNED))
			.set(table.modified, now())
			.set(table.modified_by, frappe.session.user)
			.where(table.name.isin(names[start : start + 1000]) & table.ticked_by.isnull())
		).run()


# ---------------------------------------------------------------- what makes a forecast change


def on_enrolment_update(doc, method=None) -> None:
	"""Hook of Enrolment: a new one is planned as a whole, a changed one from tomorrow on.

	Days that enter or leave the period change in the past too: they were never, or always, enrolled.
	``doc.flags.no_forecast`` is for bulk creation, which plans all of them at the end.
	"""
	if doc.flags.no_forecast:
		return
	before = doc.get_doc_before_save()
	if not before or before.status != doc.status:
		apply([doc.name])
		return
	period, old = _period(doc), _period(before)
	if period == old and _rows(doc) == _rows(before):
		return
	entered_or_left = period.difference(old).union(old.difference(period))
	apply([doc.name], DateSet((DateRange(getdate() + ONE_DAY),)).union(entered_or_left))


def on_closures_update(doc, method=None) -> None:
	"""Hook of Site: new closures cancel what was planned, removed ones bring it back, from tomorrow on."""
	before = doc.get_doc_before_save()
	closures = [(getdate(row.starts_on), getdate(row.ends_on)) for row in doc.closures]
	if not before or closures == [(getdate(r.starts_on), getdate(r.ends_on)) for r in before.closures]:
		return
	enqueue(site=doc.name)


def on_school_year_update(doc, method=None) -> None:
	"""Hook of School Year: holidays moved by an administrator move the forecast, from tomorrow on."""
	if frappe.flags.in_install or not frappe.db.exists("Enrolment", {"valid_to": (">=", doc.starts_on)}):
		return
	enqueue()


def _period(doc) -> DateSet:
	return DateSet((DateRange(getdate(doc.valid_from), getdate(doc.valid_to)),))


def _rows(doc) -> list[tuple]:
	return sorted(
		(
			row.unit,
			row.weeks or "",
			tuple(sorted(weekdays_of(row))),
			cint(row.cycle_length),
			cint(row.cycle_week),
			str(row.cycle_start or ""),
		)
		for row in doc.pattern
	)


# ---------------------------------------------------------------- many at a time


def enrolments_of(
	site: str | None = None, activity: str | None = None, span: DateRange | None = None
) -> list[str]:
	"""Names of the confirmed enrolments of a site or activity that hold within a span."""
	filters: dict = {"status": "Confirmed"}
	if site:
		filters["site"] = site
	if activity:
		filters["activity"] = activity
	if span:
		filters["valid_to"] = (">=", span.start)
		if span.end:
			filters["valid_from"] = ("<=", span.end)
	# Used by jobs of the system and after a check of the site's rights.
	return frappe.get_all("Enrolment", filters=filters, pluck="name", order_by="name")


def run(
	site: str | None = None, activity: str | None = None, start: str | None = None, end: str | None = None
):
	"""Job: plan a whole site or activity, from tomorrow on unless told otherwise. May run twice."""
	span = DateRange(getdate(start) if start else getdate() + ONE_DAY, getdate(end) if end else None)
	return apply(enrolments_of(site, activity, span), DateSet((span,)))


def enqueue(**scope) -> None:
	"""``run`` in the background, after the present transaction.

	Not deduplicated: a job that has already started would miss the change that asks for another.
	"""
	frappe.enqueue(
		"concerto_education.attendance.forecast.run", queue="long", enqueue_after_commit=True, **scope
	)
