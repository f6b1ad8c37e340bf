"""Stops of transport lines: which there are, and where each child gets on and off (R28)."""

from __future__ import annotations

from dataclasses import dataclass

import frappe
from frappe import _
from frappe.utils import cint

from concerto_education.activities import errors

OUT, RETURN = "Out", "Return"


@dataclass(frozen=True, slots=True)
class Stop:
	"""A stop with its place on the way out and the times of the day, as text."""

	name: str
	place: int
	time_out: str
	time_return: str

	def time(self, direction: str) -> str:
		return self.time_out if direction == OUT else self.time_return


def stops_of(activity: str) -> list[Stop]:
	"""Stops of a line in the order of the way out."""
	doc = frappe.get_cached_doc("Activity", activity)
	return [
		Stop(row.stop_name, place, row.time_out or "", row.time_return or "")
		for place, row in enumerate(doc.get("stops") or [])
	]


def in_direction(stops: list[Stop], direction: str) -> list[Stop]:
	"""The way back stops where the line says by its times, else in the opposite order."""
	if direction == OUT:
		return stops
	if stops and all(stop.time_return for stop in stops):
		return sorted(stops, key=lambda stop: _minutes(stop.time_return))
	return list(reversed(stops))


def _minutes(text: str) -> int:
	hours, _separator, minutes = text.replace("h", ":").partition(":")
	return cint(hours) * 60 + cint(minutes)


# ---------------------------------------------------------------- hooks of the records


def validate_activity(doc, method=None) -> None:
	"""Hook of Activity: each stop once, times written one way."""
	seen = set()
	for row in doc.get("stops") or []:
		row.stop_name = (row.stop_name or "").strip()
		if row.stop_name.casefold() in seen:
			frappe.throw(
				_("Bus Stops, row {0}: {1} is there twice").format(row.idx, row.stop_name),
				errors.InvalidStop,
			)
		seen.add(row.stop_name.casefold())
		for field in ("time_out", "time_return"):
			row.set(field, _time(row, field))


def _time(row, field: str) -> str | None:
	text = (row.get(field) or "").strip().replace("h", ":")
	if not text:
		return None
	hours, _separator, minutes = text.partition(":")
	minutes = minutes or "0"
	if not (hours.isdigit() and minutes.isdigit() and int(hours) < 24 and int(minutes) < 60):
		frappe.throw(
			_("Bus Stops, row {0}: write hours and minutes, as in 08:05").format(row.idx), errors.InvalidStop
		)
	return f"{int(hours):02d}:{int(minutes):02d}"


def validate_enrolment(doc, method=None) -> None:
	"""Hook of Enrolment: a stop of this line. A stop that the line lost later stays on old enrolments."""
	before = doc.get_doc_before_save()
	known = {stop.name for stop in stops_of(doc.activity)} if doc.activity else set()
	for field in ("stop_out", "stop_return"):
		value = doc.get(field)
		if not value or value in known or (before and before.get(field) == value):
			continue
		frappe.throw(
			_("{0}: {1} has no stop “{2}”").format(_(doc.meta.get_label(field)), doc.activity, value),
			errors.UnknownStop,
		)
