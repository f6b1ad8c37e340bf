"""Absences and presences: what is billed and what is not (R30, R31, R34).

The dossiers are ordinary; what happens to them is in ``ABSENCES`` and ``LATE_JUSTIFIED``, applied by the loader
when it ticks and, for the second, after September has been issued.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from concerto_education.demo import world
from concerto_education.demo.dossier import Dossier
from concerto_education.demo.scenarios.registry import scenario

VERRINAY, POULIGNAY, BRISSONNAY = world.TOWNS[:3]

# Reasons of R30, seeded by the app on every site.
MEDICAL = "Certificat médical"
TRIP = "Sortie scolaire"
NOT_RECEIVED = "Enfant non accueilli (personnel ou enseignants)"
WEATHER = "Transport scolaire modifié par la météo"


@dataclass(frozen=True, slots=True)
class Absence:
	"""What happened to all attendances of a family, from one day to another."""

	scenario: str
	start: date
	end: date
	status: str
	reason: str | None = None
	activity: str | None = None


@dataclass(frozen=True, slots=True)
class Presence:
	"""Days on which somebody enrolled came without being expected."""

	scenario: str
	activity: str
	unit: str
	days: tuple[date, ...]


ABSENCES = (
	Absence("justified_absences", date(2026, 9, 7), date(2026, 9, 10), "Justified", MEDICAL),
	Absence("justified_absences", date(2026, 9, 22), date(2026, 9, 22), "Justified", TRIP),
	Absence("justified_absences", date(2026, 9, 29), date(2026, 9, 29), "Justified", NOT_RECEIVED),
	Absence("justified_absences", date(2026, 10, 12), date(2026, 10, 12), "Justified", WEATHER),
	Absence("unjustified_absences", date(2026, 9, 14), date(2026, 9, 18), "Absent"),
	Absence("absent_all_month", date(2026, 9, 1), date(2026, 9, 30), "Absent"),
	Absence("justified_all_month", date(2026, 9, 1), date(2026, 9, 30), "Justified", MEDICAL),
)

UNPLANNED = (
	Presence("present_without_forecast", world.CARE, world.EVENING, (date(2026, 9, 7), date(2026, 9, 21))),
)

# Corrected once September has been issued: the certificate came late.
LATE_JUSTIFIED = (
	Absence(
		"certificate_after_issue", date(2026, 9, 24), date(2026, 9, 25), "Justified", MEDICAL, world.CANTEEN
	),
)


def _family(
	name: str, mother: str, child: str, born: str, quotient: int, town: world.Town = VERRINAY
) -> Dossier:
	"""A mother and a child who eats and stays on Tuesday and Thursday evenings."""
	dossier = Dossier(name, town)
	parent = dossier.mother(mother)
	pupil = dossier.child(child, born)
	dossier.save()
	dossier.quotient(quotient)
	dossier.payer(parent)
	dossier.canteen(pupil)
	dossier.care(pupil, soir=(2, 4))
	return dossier


@scenario("R30")
def justified_absences() -> Dossier:
	"""AJ with each of the four reasons of the memo: none of these meals is billed."""
	return _family("Cordier", "Audrey", "Clémence", "2018-08-30", 803)


@scenario("R30")
def unjustified_absences() -> Dossier:
	"""A week of A: the meals are billed (they were ordered), the garderie is not (nobody was there)."""
	return _family("Pichon", "Sabrina", "Louise", "2019-01-07", 605)


@scenario("R30")
def absent_all_month() -> Dossier:
	"""Enrolled, forecast, and never there in September: every meal is billed."""
	return _family("Laporte", "Mélissa", "Eva", "2020-06-06", 344, POULIGNAY)


@scenario("R30", "R35")
def justified_all_month() -> Dossier:
	"""Ill the whole of September with a certificate: nothing due, so no invoice to send."""
	return _family("Carlier", "Noémie", "Lina", "2021-02-20", 919)


@scenario("R34")
def certificate_after_issue() -> Dossier:
	"""The certificate arrives when September is issued: October gives two meals back, as a régularisation."""
	return _family("Courtin", "Flora", "Mila", "2018-05-13", 708)


@scenario("R31")
def present_without_forecast() -> Dossier:
	"""Came twice to the garderie without being expected: ticked, and billed."""
	return _family("Gillet", "Alexandra", "Anna", "2019-03-29", 566)
