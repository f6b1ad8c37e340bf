"""The type of document that proves a medical absence, on sites that were there before it (R24, R30)."""

from concerto_education.attendance.absences import seeds


def execute() -> None:
	seeds.seed()
