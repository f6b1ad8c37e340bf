"""The quotient familial in all its states (R14, R26, and the open points of the memo)."""

from __future__ import annotations

from datetime import date

from concerto_education.demo import world
from concerto_education.demo.dossier import Dossier
from concerto_education.demo.scenarios.registry import scenario

VERRINAY, POULIGNAY, BRISSONNAY = world.TOWNS[:3]


def _one_child(name: str, mother: str, child: str, born: str, town: world.Town = VERRINAY, **fields):
	"""A mother, a child and a payer; the QF is the caller's matter. Returns (dossier, child)."""
	dossier = Dossier(name, town, **fields)
	parent = dossier.mother(mother)
	pupil = dossier.child(child, born)
	dossier.save()
	dossier.payer(parent)
	return dossier, pupil


@scenario("R14")
def quotient_unknown() -> Dossier:
	"""QF unknown, stored as 9999: full price, and listed as missing until it is replaced."""
	dossier, child = _one_child("Baudry", "Nadia", "Assia", "2019-02-03")
	dossier.quotient(9999, source="Unknown")
	dossier.canteen(child)
	return dossier


@scenario("R26")
def quotient_just_below_350() -> Dossier:
	"""QF 349.99: under 350, so 2.20 € a meal."""
	dossier, child = _one_child("Moinet", "Angélique", "Lison", "2018-06-21")
	dossier.quotient("349.99")
	dossier.canteen(child)
	return dossier


@scenario("R26")
def quotient_exactly_350() -> Dossier:
	"""QF exactly 350: the full price, 2.80 € (the rule says *under* 350)."""
	dossier, child = _one_child("Pineau", "Coralie", "Soline", "2018-06-22")
	dossier.quotient(350)
	dossier.canteen(child)
	return dossier


@scenario("R26")
def quotient_zero() -> Dossier:
	"""QF 0 is a quotient, not a missing one: 2.20 € a meal."""
	dossier, child = _one_child("Guignard", "Samira", "Nour", "2021-01-11")
	dossier.quotient(0)
	dossier.canteen(child)
	return dossier


@scenario("R14")
def quotient_changes_in_october() -> Dossier:
	"""A second QF from 1 October: September at 2.20 €, October at 2.80 €, and the first one is still there."""
	dossier, child = _one_child("Delage", "Élodie", "Margot", "2020-04-28", POULIGNAY)
	dossier.quotient(322)
	dossier.quotient(415, start=date(2026, 10, 1), note="Reprise d'activité")
	dossier.canteen(child)
	return dossier


@scenario("R14", "R34")
def quotient_recorded_late() -> Dossier:
	"""A QF that arrives after September was issued and holds from 14 September: a régularisation in October.

	The second QF is recorded by the loader once September has been billed (``corrections.py``).
	"""
	dossier, child = _one_child("Chabot", "Fatiha", "Inès", "2019-12-01")
	dossier.quotient(431)
	dossier.canteen(child)
	return dossier


@scenario("R14")
def quotient_gap() -> Dossier:
	"""Broken on purpose: no QF from 21 September to 4 October. The run lists the family and bills the others."""
	dossier, child = _one_child("Tardy", "Priscilla", "Alix", "2017-03-30")
	dossier.quotient(610, end=date(2026, 9, 20), note="Droits à revoir")
	dossier.quotient(655, start=date(2026, 10, 5))
	dossier.canteen(child)
	return dossier


@scenario("R14")
def quotient_of_last_year_only() -> Dossier:
	"""Broken on purpose: nobody renewed the QF in September. The run asks for it, it doesn't guess."""
	dossier, child = _one_child("Quintard", "Cindy", "Lou", "2018-10-18", BRISSONNAY)
	dossier.quotient(702, world.PREVIOUS_YEAR_START, world.PREVIOUS_YEAR_END)
	dossier.canteen(child)
	return dossier


@scenario("R14", "R37")
def scheme_msa() -> Dossier:
	"""A farming family: scheme MSA, QF from the MSA."""
	dossier, child = _one_child(
		"Herbreteau", "Bérengère", "Faustine", "2019-08-08", BRISSONNAY, benefit_scheme="Agricultural (MSA)"
	)
	dossier.quotient(477, source="MSA")
	dossier.canteen(child)
	return dossier


@scenario("R14", "R37")
def scheme_special() -> Dossier:
	"""A railway family: special scheme, QF worked out from the tax notice."""
	dossier, child = _one_child(
		"Fradet", "Gaëlle", "Apolline", "2020-10-10", benefit_scheme="Special Scheme", beneficiary_number=None
	)
	dossier.quotient(1268, source="Tax Notice")
	dossier.canteen(child)
	return dossier


@scenario("R7")
def scheme_missing() -> Dossier:
	"""No benefit scheme: billed all the same, and found by the coherence check."""
	dossier, child = _one_child(
		"Geoffroy", "Johanna", "Tess", "2021-03-03", benefit_scheme="", beneficiary_number=None
	)
	dossier.quotient(880)
	dossier.canteen(child)
	return dossier
