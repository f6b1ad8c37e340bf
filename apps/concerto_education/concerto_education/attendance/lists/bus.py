"""Who gets on and off where: the list of a line by stop, in the order of the way (R28)."""

from __future__ import annotations

from typing import Any

from frappe import _

from concerto_education.activities.stops import OUT, in_direction, stops_of
from concerto_education.attendance.lists.build import DayList


def by_stop(made: DayList, direction: str) -> list[dict[str, Any]]:
	"""Stops with their children; stops where nobody gets on are there too, the driver passes them."""
	stops = in_direction(stops_of(made.activity), direction)
	key = "stop_out" if direction == OUT else "stop_return"
	found = {
		stop.name: {"stop": stop.name, "time": stop.time(direction), "known": True, "rows": []}
		for stop in stops
	}
	for row in made.rows:
		name = row[key]
		if name not in found:
			# No stop chosen, or one that the line has lost: told apart, never left out.
			found[name] = {"stop": name or _("No stop chosen"), "time": "", "known": False, "rows": []}
		found[name]["rows"].append(row)
	return list(found.values())


def has_stops(activity: str) -> bool:
	return bool(stops_of(activity))
