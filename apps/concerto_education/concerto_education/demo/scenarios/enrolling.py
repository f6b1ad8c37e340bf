"""Enrolments made as the screens make them: siblings in one pass, a cycle of weeks, days changed by hand (R4, R27)."""

from __future__ import annotations

from datetime import date

from concerto_education.activities.enrolling import passes
from concerto_education.attendance.grid import period
from concerto_education.attendance.service import CANCELLED
from concerto_education.demo import world
from concerto_education.demo.dossier import WEEKDAYS, Dossier
from concerto_education.demo.scenarios.registry import scenario

POULIGNAY = world.TOWNS[1]


@scenario("R4", "R27")
def works_in_shifts() -> Dossier:
	"""A nurse on shifts of three weeks: both children eat on all days of the first week, on Tuesday of the second and
	never in the third. Enrolled in one pass; the days off of December were taken off in the grid of the month."""
	dossier = Dossier("Besnard", POULIGNAY)
	mother = dossier.mother("Aurélie")
	children = [dossier.child("Clovis", "2018-02-19", sex="M"), dossier.child("Apolline", "2020-09-30")]
	dossier.save()
	dossier.quotient(815)
	payer = dossier.payer(mother)
	pattern = (_week(1, (1, 2, 4, 5)), _week(2, (2,)))
	lines = tuple(
		passes.Line(child, world.CANTEEN, dossier.commune.school, world.CHILD, pattern) for child in children
	)
	outcome = passes.create(
		passes.Request(
			dossier.name, world.YEAR_START, world.YEAR_END, lines, ({"payer": payer, "share": "100"},)
		),
		whole=True,
	)
	enrolments = tuple(answer["enrolment"] for answer in outcome["results"])
	days_off = period.Asked(
		enrolments,
		date(2026, 12, 14),
		date(2026, 12, 18),
		frozenset((1, 2, 4, 5)),
		(world.NOON,),
		CANCELLED,
	)
	period.apply(dossier.commune.school, world.CANTEEN, days_off)
	return dossier


def _week(number: int, days: tuple[int, ...]) -> dict:
	cycle = {"weeks": "Cycle", "cycle_length": 3, "cycle_week": number, "cycle_start": world.YEAR_START}
	return {"unit": world.NOON, **cycle, **{WEEKDAYS[day - 1]: 1 for day in days}}
