"""Arrival and departure as times, and what they come to in started half-hours (R36).

They are stored as text, "08:30": Frappe fills every field of type Time that is left empty with the time of now.
"""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any

from concerto_education.engine.errors import BackwardHours
from concerto_education.engine.hours import Slot, care_time


def time_of(value: Any) -> time | None:
	"""A time of day to the minute, from what the database (timedelta) or a device ("8:05") gives.

	Raises ValueError for anything else.
	"""
	if value in (None, ""):
		return None
	if isinstance(value, timedelta):
		minutes = int(value.total_seconds()) // 60
		return time(minutes // 60, minutes % 60)
	if isinstance(value, time):
		return value.replace(second=0, microsecond=0, tzinfo=None)
	parts = str(value).strip().replace("h", ":").split(":")
	if len(parts) not in (2, 3):
		raise ValueError(f"{value!r} is no time of day")
	return time(int(parts[0]), int(parts[1]))


def minutes_of(arrival: time | None, departure: time | None, step: int = 30) -> int | None:
	"""Minutes of presence in started slices; None while one of the times is missing. Raises BackwardHours."""
	if arrival is None or departure is None:
		return None
	return care_time(None, Slot(arrival, departure), step or 30).done


def in_order(arrival: time | None, departure: time | None) -> bool:
	"""Whether the departure, if both are known, comes after the arrival."""
	try:
		minutes_of(arrival, departure)
	except BackwardHours:
		return False
	return True


def shown(value: time | None) -> str | None:
	return f"{value:%H:%M}" if value else None
