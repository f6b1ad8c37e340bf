"""Who eats, and at what price: categories of R26, adults, the threshold of R35."""

from __future__ import annotations

from datetime import date

from concerto_education.demo import world
from concerto_education.demo.dossier import Dossier
from concerto_education.demo.scenarios.registry import scenario

VERRINAY, POULIGNAY, BRISSONNAY = world.TOWNS[:3]


@scenario("R26", "R23")
def own_meal() -> Dossier:
	"""*Panier repas*: an allergic child whose family brings the meal, at 0 €, beside a sister at 2.80 €."""
	dossier = Dossier("Thibault", VERRINAY)
	mother = dossier.mother("Hélène")
	allergic = dossier.child("Côme", "2018-12-24", sex="M")
	sister = dossier.child("Adèle", "2021-05-06")
	dossier.save()
	dossier.quotient(990)
	dossier.payer(mother)
	dossier.canteen(allergic, category=world.CHILD_OWN_MEAL)
	dossier.canteen(sister)
	return dossier


@scenario("R26")
def category_changes() -> Dossier:
	"""From 12 October the child brings the meal: two enrolments one after the other, each with its category."""
	dossier = Dossier("Guilloteau", POULIGNAY)
	father = dossier.father("Romain", "Representative 1")
	child = dossier.child("Basile", "2019-06-17", sex="M")
	dossier.save()
	dossier.quotient(715)
	dossier.payer(father)
	dossier.canteen(child, end=date(2026, 10, 11))
	dossier.canteen(child, start=date(2026, 10, 12), category=world.CHILD_OWN_MEAL)
	return dossier


def _adult_at_lunch(
	name: str, first_name: str, sex: str, category: str, site: str, days, **period
) -> Dossier:
	"""An adult with a dossier of their own, enrolled in the canteen (R26: everybody is enrolled)."""
	dossier = Dossier(name, benefit_scheme="Other", beneficiary_number=None)
	adult = dossier.adult(
		first_name,
		sex,
		"Representative 1",
		"adulte inscrit",
		birth_date=date(1985, 5, 15),
		email=dossier.mail(first_name),
	)
	dossier.save()
	dossier.quotient(9999, source="Unknown", note="Adulte : le tarif ne dépend pas du QF")
	dossier.payer(adult)
	dossier.canteen(adult, days, category=category, site=site, **period)
	return dossier


@scenario("R26")
def trainee() -> Dossier:
	"""A trainee at lunch for six weeks: *Gratuité*, so an enrolment and no amount."""
	return _adult_at_lunch(
		"Delaunay",
		"Ophélie",
		"F",
		world.FREE,
		world.SCHOOL_1,
		(1, 2, 4, 5),
		start=date(2026, 9, 14),
		end=date(2026, 10, 23),
	)


@scenario("R26")
def agent_in_charge_of_children() -> Dossier:
	"""An agent who eats with the children in her charge: *Gratuité*."""
	return _adult_at_lunch("Rolland", "Adeline", "F", world.FREE, world.SCHOOL_1, (1, 2, 4, 5))


@scenario("R26")
def staff_on_site() -> Dossier:
	"""An agent on duty without children at lunch: *Personnel*, 2.80 € whatever the QF."""
	return _adult_at_lunch("Maillard", "Willy", "M", world.STAFF, world.SCHOOL_2, (1, 2, 4, 5))


@scenario("R26")
def teacher() -> Dossier:
	"""A teacher at lunch twice a week: *Autres*, 5.00 €."""
	return _adult_at_lunch("Monnier", "Bertrand", "M", world.OTHERS, world.SCHOOL_1, (1, 4))


@scenario("R26")
def outside_worker() -> Dossier:
	"""A music teacher from outside, every Thursday: *Autres*, 5.00 €."""
	return _adult_at_lunch("Lhomme", "Emmanuelle", "F", world.OTHERS, world.SCHOOL_3, (4,))


@scenario("R26", "R18")
def teacher_and_mother() -> Dossier:
	"""One adult twice: she pays her own lunch as a teacher and her son's as a mother, on one invoice."""
	dossier = Dossier("Besson", POULIGNAY)
	mother = dossier.mother("Solène")
	child = dossier.child("Marius", "2020-03-19", sex="M")
	dossier.save()
	dossier.quotient(1340)
	dossier.payer(mother)
	dossier.canteen(child)
	dossier.canteen(mother, (2, 5), category=world.OTHERS)
	return dossier


@scenario("R35")
def held_under_threshold() -> Dossier:
	"""One lunch a week from 15 September: 8.40 €, held *en mairie*; 14.00 € with October, still held."""
	dossier = Dossier("Carre", VERRINAY)
	mother = dossier.mother("Morgane")
	child = dossier.child("Augustine", "2022-02-14")
	dossier.save()
	dossier.quotient(820)
	dossier.payer(mother)
	dossier.canteen(child, (2,), start=date(2026, 9, 15))
	return dossier


@scenario("R35")
def held_then_sent() -> Dossier:
	"""Mondays only: 11.20 € in September, held; 16.80 € with October, sent."""
	dossier = Dossier("Hamon", VERRINAY)
	mother = dossier.mother("Tiphaine")
	child = dossier.child("Malo", "2021-11-02", sex="M")
	dossier.save()
	dossier.quotient(765)
	dossier.payer(mother)
	dossier.canteen(child, (1,))
	return dossier


@scenario("R35")
def exactly_at_threshold() -> Dossier:
	"""Garderie every Tuesday, morning and evening: 10 × 1.50 = 15.00 € in September, and 15.00 is sent."""
	dossier = Dossier("Jolly", VERRINAY)
	father = dossier.father("Damien", "Representative 1")
	child = dossier.child("Elsa", "2017-12-12")
	dossier.save()
	dossier.quotient(930)
	dossier.payer(father)
	dossier.care(child, matin=(2,), soir=(2,))
	return dossier


@scenario("R25")
def garderie_at_two_sites() -> Dossier:
	"""Mornings at one school, evenings at another: two sites are two enrolments."""
	dossier = Dossier("Bonneau", VERRINAY)
	mother = dossier.mother("Cécile")
	child = dossier.child("Suzanne", "2020-07-07")
	dossier.save()
	dossier.quotient(640)
	dossier.payer(mother)
	dossier.care(child, matin=(1, 2, 4, 5), site=world.SCHOOL_1)
	dossier.care(child, soir=(1, 4), site=world.SCHOOL_2)
	return dossier


@scenario("R27")
def even_weeks_only() -> Dossier:
	"""A mother on shifts: canteen in even weeks every day, in odd weeks on Thursdays."""
	dossier = Dossier("Metais", BRISSONNAY)
	mother = dossier.mother("Perrine")
	child = dossier.child("Achille", "2019-09-09", sex="M")
	dossier.save()
	dossier.quotient(455)
	dossier.payer(mother)
	dossier.canteen(child, pattern=[("midi", "Even Weeks", (1, 2, 4, 5)), ("midi", "Odd Weeks", (4,))])
	return dossier
