"""The dossier itself: names, communes, siblings, notes (R12, R13, R15–R17)."""

from __future__ import annotations

from datetime import date

from concerto_education.demo import world
from concerto_education.demo.dossier import Dossier
from concerto_education.demo.scenarios.registry import scenario

VERRINAY, POULIGNAY, BRISSONNAY = world.TOWNS[:3]


@scenario("R16")
def married_name() -> Dossier:
	"""A married woman: maiden name in *nom de famille*, married name in *nom d'usage* and *nom d'épouse*."""
	dossier = Dossier("Charpentier", POULIGNAY)
	mother = dossier.mother(
		"Émilie", last_name="Lévêque", usage_name="Charpentier", spouse_name="Charpentier"
	)
	child = dossier.child("Eliott", "2018-02-27", sex="M")
	dossier.save()
	dossier.quotient(1022)
	dossier.payer(mother)
	dossier.canteen(child)
	return dossier


@scenario("R13")
def accents_and_hyphens() -> Dossier:
	"""Typed « Étienne-d'Orvé » and « Zoé-Maëlys »: stored without accents, hyphens and apostrophes kept."""
	dossier = Dossier("Étienne-d'Orvé", VERRINAY)
	mother = dossier.mother("Béatrice")
	child = dossier.child("Zoé-Maëlys", "2020-05-20")
	dossier.save()
	dossier.quotient(890)
	dossier.payer(mother)
	dossier.canteen(child)
	return dossier


@scenario("R15")
def new_commune() -> Dossier:
	"""*Commune nouvelle* in the town field, the former commune in a field of its own."""
	dossier = Dossier("Barré", BRISSONNAY, former_town="Saint-Vérin-des-Bois")
	mother = dossier.mother("Agnès")
	child = dossier.child("Alice", "2017-08-01")
	dossier.save()
	dossier.quotient(610)
	dossier.payer(mother)
	dossier.canteen(child)
	return dossier


@scenario("R26")
def outside_the_territory() -> Dossier:
	"""A family of a neighbouring commune, outside the territory: a non-resident."""
	dossier = Dossier("Reynaud", world.NEIGHBOUR_TOWN)
	father = dossier.father("Cyril", "Representative 1")
	child = dossier.child("Clara", "2019-04-04", school=world.SCHOOL_1)
	dossier.save()
	dossier.quotient(1150)
	dossier.payer(father)
	dossier.canteen(child)
	return dossier


@scenario("R2")
def four_siblings() -> Dossier:
	"""Four children in three services: one invoice a month, with a line for each child and service."""
	dossier = Dossier("Prévost", VERRINAY)
	mother = dossier.mother("Laëtitia")
	dossier.father("Nicolas")
	children = [
		dossier.child("Gaspard", "2016-04-15", sex="M"),
		dossier.child("Blanche", "2018-07-09"),
		dossier.child("Félix", "2020-01-26", sex="M"),
		dossier.child("Rose", "2022-09-13"),
	]
	dossier.save()
	dossier.quotient(338)
	dossier.payer(mother)
	for child in children:
		dossier.canteen(child)
	dossier.care(children[0], soir=(1, 2, 4, 5))
	dossier.care(children[1], soir=(1, 2, 4, 5))
	dossier.enrol(children[2], world.WEDNESDAY, journee=(3,))
	return dossier


@scenario("R12")
def twins() -> Dossier:
	"""Twins of the same class: two persons, one birth date, and no duplicate."""
	dossier = Dossier("Bailly", VERRINAY)
	mother = dossier.mother("Estelle")
	children = [dossier.child("Simon", "2019-10-30", sex="M"), dossier.child("Samuel", "2019-10-30", sex="M")]
	dossier.save()
	dossier.quotient(780)
	dossier.payer(mother)
	for child in children:
		dossier.canteen(child)
	return dossier


# One mother and one daughter, typed by two colleagues: the telephone is the same.
ENTERED_TWICE = world.phone(3207)


@scenario("R12")
def entered_twice() -> Dossier:
	"""A family that was entered twice: here by the school, for the canteen. The report of duplicates shows the pair."""
	dossier = Dossier("Delaunay-Morin", VERRINAY, phone=ENTERED_TWICE)
	mother = dossier.mother("Élise", phone=ENTERED_TWICE)
	child = dossier.child("Louison", "2018-06-14")
	dossier.save()
	dossier.quotient(705)
	dossier.payer(mother)
	dossier.canteen(child)
	return dossier


@scenario("R12")
def entered_twice_again() -> Dossier:
	"""The same family, by the leisure centre, with a slip in the name: merging keeps canteen, Wednesdays and invoices."""
	dossier = Dossier("Delaunay-Morain", VERRINAY, phone=ENTERED_TWICE)
	mother = dossier.mother("Élise", phone=ENTERED_TWICE, email=None)
	child = dossier.child("Louison", "2018-06-14")
	dossier.save()
	dossier.quotient(705)
	dossier.payer(mother, invoice_by="Post")
	dossier.enrol(child, world.WEDNESDAY, journee=(3,))
	return dossier


@scenario("R17")
def opening_note() -> Dossier:
	"""Notes that are shown when the dossier opens; one of them has a confidential part."""
	dossier = Dossier("Lejeune", VERRINAY)
	mother = dossier.mother("Sonia")
	child = dossier.child("Lenny", "2018-11-05", sex="M")
	dossier.contact("Ginette", "F", "grand-mère")
	dossier.save()
	dossier.note("Appeler la grand-mère avant la mère, qui travaille de nuit.")
	dossier.note(
		"Ne pas relancer par téléphone avant décembre.",
		"Dossier d'aide suivi par l'assistante sociale du secteur ; un échéancier est en cours.",
	)
	dossier.quotient(512)
	dossier.payer(mother)
	dossier.canteen(child)
	return dossier


@scenario("R8")
def leaves_in_october() -> Dossier:
	"""Moves away at the autumn holidays: the enrolments end on 16 October."""
	dossier = Dossier("Sauvage", POULIGNAY)
	mother = dossier.mother("Justine")
	child = dossier.child("Valentine", "2019-05-25")
	dossier.save()
	dossier.quotient(699)
	dossier.payer(mother)
	dossier.canteen(child, end=date(2026, 10, 16))
	dossier.care(child, soir=(1, 2), end=date(2026, 10, 16))
	return dossier


@scenario("R8")
def arrives_mid_month() -> Dossier:
	"""Arrives on 14 September: billed from that day, and for those days only."""
	dossier = Dossier("Rossignol", VERRINAY)
	father = dossier.father("Mehdi", "Representative 1")
	children = [dossier.child("Yasmine", "2018-03-08"), dossier.child("Ismaël", "2021-09-21", sex="M")]
	dossier.save()
	dossier.quotient(372)
	dossier.payer(father)
	for child in children:
		dossier.canteen(child, start=date(2026, 9, 14))
	return dossier


@scenario("R4")
def cancelled_enrolment() -> Dossier:
	"""An enrolment that was cancelled counts nowhere; another one of the same child does."""
	dossier = Dossier("Perrier", VERRINAY)
	mother = dossier.mother("Marine")
	child = dossier.child("Éléonore", "2020-11-15")
	dossier.save()
	dossier.quotient(856)
	dossier.payer(mother)
	dossier.canteen(child)
	dossier.care(child, soir=(1, 2, 4, 5), status="Cancelled")
	return dossier
