"""The one gate through which planned places go: never over the capacity, whoever clicks at once (R40).

``reserve`` locks, counts what is really there, and refuses or lets pass. It must be called in the transaction that
writes the places. Presences are facts and never refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import frappe
from babel.dates import format_date
from frappe import _
from frappe.query_builder import DocType
from frappe.utils import getdate

from concerto_education.activities.capacity import building, locking, places
from concerto_education.activities.capacity.errors import CapacityFull
from concerto_education.engine.capacity import Shortfall, Slot, fitting, shortfalls

SHOWN = 6


@dataclass(frozen=True, slots=True)
class Place:
	"""A day and unit that an enrolment is to be planned on."""

	enrolment: str
	day: date
	unit: str


def check(wanted: Sequence[Place], without_entry: str | None = None) -> list[Shortfall]:
	"""What would be full, without a lock: for a preview."""
	return _check(_slots(wanted), without_entry, latest=False)


def reserve(wanted: Sequence[Place], without_entry: str | None = None) -> None:
	"""Throw CapacityFull unless there is a place for all of them; else they are safe until the commit."""
	short = locked_shortfalls(_slots(wanted), without_entry)
	if short:
		refuse(short)


def locked_shortfalls(slots: Sequence[Slot], without_entry: str | None = None) -> list[Shortfall]:
	"""Lock, then what would be full. Past days are left alone: what was, was."""
	return _check(slots, without_entry, latest=True)


def _check(slots: Sequence[Slot], without_entry: str | None, latest: bool) -> list[Shortfall]:
	slots, limits = _limited(slots)
	if not slots:
		return []
	pairs = {(slot.activity, slot.site) for slot in slots}
	if latest:
		locking.lock(pairs)
	span = places.span_of(slot.day for slot in slots)
	taken = places.taken(pairs, span, without_entry=without_entry, latest=latest)
	room = building.of(slots, without_entry=without_entry, latest=latest)
	return shortfalls(slots, taken, limits.for_slots(slots)) + room.shortfalls(slots)


def _limited(slots: Iterable[Slot]) -> tuple[list[Slot], places.Limits]:
	today = getdate()
	wanted = [slot for slot in slots if slot.day >= today]
	limits = places.Limits(slot.activity for slot in wanted)
	pairs = {(slot.activity, slot.site) for slot in wanted}
	buildings = locking.buildings(site for _activity, site in pairs)
	limited = {pair for pair in pairs if pair[1] in buildings or limits.limited(*pair)}
	return [slot for slot in wanted if (slot.activity, slot.site) in limited], limits


def _slots(wanted: Sequence[Place]) -> list[Slot]:
	where = enrolments({place.enrolment for place in wanted})
	return [slot_of(where[place.enrolment], place.day, place.unit) for place in wanted]


def enrolments(names: Iterable[str]) -> dict[str, frappe._dict]:
	"""Place of some enrolments."""
	Enrolment = DocType("Enrolment")
	rows = (
		frappe.qb.from_(Enrolment)
		.select(
			Enrolment.name,
			Enrolment.person,
			Enrolment.activity,
			Enrolment.site,
			Enrolment.category,
			Enrolment.activity_group,
			Enrolment.when_full,
		)
		.where(Enrolment.name.isin(sorted(names) or [""]))
	).run(as_dict=True)
	return {row.name: row for row in rows}


def slot_of(row, day: date, unit: str) -> Slot:
	"""What an enrolment, or an entry of the waiting list, asks for. Adults take no place in the building."""
	adult = row.get("category") and (
		frappe.get_cached_value("Enrolment Category", row.category, "audience") == "Adults"
	)
	person = "" if adult else row.person
	return Slot(row.activity, row.site, getdate(day), unit, row.activity_group or "", person)


# ---------------------------------------------------------------- many at a time: forecast, grid


def before_plan(rows: Sequence[tuple]) -> dict[tuple[str, date, str], str]:
	"""Hook of whoever plans in bulk: ``(enrolment row, day, unit)`` → the refused ones, each with its reason.

	Asked in the order given: who comes first is served first. An enrolment that said "waiting list" for full days gets
	an entry for them.
	"""
	if not rows:
		return {}
	where = enrolments({row[0].name for row in rows})
	wanted = [(row[0].name, getdate(row[1]), row[2]) for row in rows]
	slots = [slot_of(where[name], day, unit) for name, day, unit in wanted]
	limited, limits = _limited(slots)
	if not limited:
		return {}
	inside = set(limited)
	asked = [(key, slot) for key, slot in zip(wanted, slots, strict=True) if slot in inside]
	allowed = frappe.flags.concerto_over_capacity or set()
	pairs = {(slot.activity, slot.site) for slot in limited}
	locking.lock(pairs)
	span = places.span_of(slot.day for slot in limited)
	taken = places.taken(pairs, span, without_entry=frappe.flags.concerto_accepted_entry, latest=True)
	room = building.of(limited, without_entry=frappe.flags.concerto_accepted_entry, latest=True)
	bounds = limits.for_slots(limited)
	for key, slot in asked:
		if key[0] in allowed:  # a director has decided, and it is written down
			taken[slot] += 1
			room.take(slot)
	rest = [(key, slot) for key, slot in asked if key[0] not in allowed]
	fits = fitting([slot for _key, slot in rest], taken, bounds, room)
	refused = {key: slot for (key, slot), fit in zip(rest, fits, strict=True) if not fit}
	_wait_for(refused, where)
	return {key: _("{0}: no place left").format(slot_text(slot)) for key, slot in refused.items()}


def _wait_for(refused: dict, where: dict) -> None:
	from concerto_education.activities.capacity import waiting

	by_enrolment: dict[str, list] = {}
	for name, day, unit in refused:
		if (where[name].when_full or "Refuse") != "Refuse":
			by_enrolment.setdefault(name, []).append((day, unit))
	for name, days in by_enrolment.items():
		waiting.wait_for_days(name, days)


# ---------------------------------------------------------------- words


def refuse(short: Sequence[Shortfall]) -> None:
	"""Throw CapacityFull, naming the full days."""
	first = short[0].slot
	where = (
		_("No place left at {0} ({1}): {2}.")
		if first.activity
		else _("{0} is full, all its activities together: {2}.")
	)
	text = where.format(first.site, first.activity, shortfalls_text(short))
	help_text = _("Choose other days, or “Waiting List” in the field “When Full”.")
	error = type("CapacityFull", (CapacityFull,), {"shortfalls": tuple(short)})
	frappe.throw(_("{0} {1}").format(text, help_text), error)


def shortfalls_text(short: Sequence[Shortfall]) -> str:
	"""« mercredi 9 septembre (24 places sur 24) », a few of them."""
	parts = [
		(
			_("{0} ({1} places taken of {2})")
			if entry.slot.activity
			else _("{0} ({1} children in the building, which holds {2})")
		).format(slot_text(entry.slot), entry.taken, entry.limit)
		for entry in short[:SHOWN]
	]
	if len(short) > SHOWN:
		parts.append(_("and {0} more").format(len(short) - SHOWN))
	return ", ".join(parts)


def slot_text(slot: Slot) -> str:
	day = format_date(slot.day, "EEEE d MMMM", locale=frappe.local.lang or "fr")
	unit = unit_label(slot.activity, slot.unit) if slot.activity else slot.unit
	return ", ".join(part for part in (day, slot.group, unit) if part)


def unit_label(activity: str, unit: str) -> str:
	"""Label of a unit where the activity has several."""
	units = frappe.get_cached_doc("Activity", activity).units
	return next((row.label for row in units if row.unit == unit), unit) if len(units) > 1 else ""
