"""Activities and weekly patterns as the engine reads them, many at a time in a constant number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import frappe
from frappe.utils import cint, getdate

from concerto_education.engine.calendar import Opening, PeriodKind
from concerto_education.engine.patterns import Cycle, PatternRow, WeeklyPattern, Weeks

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
PERIODS = {
	"in_school_time": PeriodKind.SCHOOL,
	"on_wednesdays": PeriodKind.WEDNESDAY,
	"in_small_holidays": PeriodKind.SMALL_HOLIDAY,
	"in_summer": PeriodKind.SUMMER,
}
WEEKS = {"Every Week": Weeks.EVERY, "Even Weeks": Weeks.EVEN, "Odd Weeks": Weeks.ODD}
CYCLE = "Cycle"
PATTERN_FIELDS = ("unit", "weeks", *WEEKDAYS, "cycle_length", "cycle_week", "cycle_start")


@dataclass(frozen=True, slots=True)
class ActivityRules:
	"""What forecasts, day sheets and billing need to know of an activity."""

	name: str
	kind: str
	billing_rule: str
	needs_forecast: bool
	imputation: str | None
	opening: Opening
	units: dict[str, str]  # code → label, in order
	sites: tuple[str, ...]
	categories: tuple[str, ...]
	clock_mode: bool = False
	clock_step: int = 30  # minutes of a slice of time


def weekdays_of(row) -> frozenset[int]:
	"""ISO weekdays ticked on a record with the fields monday … sunday."""
	return frozenset(number for number, field in enumerate(WEEKDAYS, 1) if row.get(field))


def opening_of(activity) -> Opening:
	"""Opening of an Activity, document or row."""
	return Opening(
		weekdays_of(activity), frozenset(kind for field, kind in PERIODS.items() if activity.get(field))
	)


def weeks_of(row) -> Weeks | Cycle:
	"""The weeks that a row of a pattern is for. Raises InvalidPattern for a cycle that is none."""
	if row.get("weeks") != CYCLE:
		return WEEKS[row.get("weeks") or "Every Week"]
	return Cycle(
		getdate(row.get("cycle_start")),
		cint(row.get("cycle_length")),
		frozenset({cint(row.get("cycle_week"))}),
	)


def pattern_of(rows: Iterable) -> WeeklyPattern:
	"""The engine's pattern of the rows of an Enrolment. Rows without a day are skipped."""
	return WeeklyPattern(
		tuple(PatternRow(days, (row.unit,), weeks_of(row)) for row in rows if (days := weekdays_of(row)))
	)


def activity_rules(names: Iterable[str] | None = None) -> dict[str, ActivityRules]:
	"""Rules of the named activities (all without names), by name. Four queries."""
	filters = {"name": ("in", list(names))} if names is not None else {}
	# Rules have to be known in full, whoever triggers them.
	activities = frappe.get_all(
		"Activity",
		filters=filters,
		fields=[
			"name",
			"kind",
			"billing_rule",
			"needs_forecast",
			"imputation",
			"clock_mode",
			"clock_step",
			*WEEKDAYS,
			*PERIODS,
		],
	)
	parents = [activity.name for activity in activities]
	units, sites, categories = defaultdict(dict), defaultdict(list), defaultdict(list)
	for row in _children("Activity Unit", parents, ["unit", "label"]):
		units[row.parent][row.unit] = row.label
	for row in _children("Activity Site", parents, ["site"]):
		sites[row.parent].append(row.site)
	for row in _children("Activity Category", parents, ["category"]):
		categories[row.parent].append(row.category)
	return {
		activity.name: ActivityRules(
			activity.name,
			activity.kind,
			activity.billing_rule,
			bool(activity.needs_forecast),
			activity.imputation,
			opening_of(activity),
			units[activity.name],
			tuple(sites[activity.name]),
			tuple(categories[activity.name]),
			bool(activity.clock_mode),
			activity.clock_step or 30,
		)
		for activity in activities
	}


def offers(sites: Iterable[str]) -> dict[str, dict[str, ActivityRules]]:
	"""The active activities of each site by name, in the order of their names: what is ticked there."""
	# Names of activities and units are no secret to whoever may see the site.
	active = frappe.get_all("Activity", filters={"active": 1}, pluck="name", order_by="activity_name")
	rules = activity_rules(active)
	return {
		site: {name: rules[name] for name in active if name in rules and site in rules[name].sites}
		for site in sites
	}


def weekly_patterns(enrolments: Iterable[str]) -> dict[str, WeeklyPattern]:
	"""Weekly patterns of many enrolments, by name, in one query for each thousand."""
	rows = defaultdict(list)
	enrolments = list(enrolments)
	for start in range(0, len(enrolments), 1000):
		# Called for enrolments whose rights are already settled.
		for row in frappe.get_all(
			"Enrolment Pattern",
			filters={"parenttype": "Enrolment", "parent": ("in", enrolments[start : start + 1000])},
			fields=["parent", *PATTERN_FIELDS],
			order_by="parent, idx",
		):
			rows[row.parent].append(row)
	return {name: pattern_of(rows[name]) for name in enrolments}


def _children(doctype: str, parents: list[str], fields: list[str]):
	if not parents:
		return []
	return frappe.get_all(
		doctype,
		filters={"parenttype": "Activity", "parent": ("in", parents)},
		fields=["parent", *fields],
		order_by="parent, idx",
	)
