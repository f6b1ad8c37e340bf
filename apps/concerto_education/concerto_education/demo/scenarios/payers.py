"""Who pays: couples, separated parents, foster carers, contacts, organisations (R17–R19, R22)."""

from __future__ import annotations

from datetime import date

from concerto_education.demo import world
from concerto_education.demo.dossier import Dossier, organisation
from concerto_education.demo.scenarios.registry import scenario

VERRINAY, POULIGNAY, BRISSONNAY = world.TOWNS[:3]


@scenario("R19")
def married_couple() -> Dossier:
	"""A married couple with one payer: the invoice says “Monsieur et Madame”."""
	dossier = Dossier("Courtois", VERRINAY)
	dossier.mother(
		"Aurélie", "Representative 2", last_name="Savin", usage_name="Courtois", spouse_name="Courtois"
	)
	father = dossier.father("Grégory", "Representative 1")
	child = dossier.child("Juliette", "2019-03-14")
	dossier.save()
	dossier.quotient(912)
	dossier.payer(father)
	dossier.canteen(child)
	dossier.care(child, soir=(1, 2, 4, 5))
	return dossier


@scenario("R19")
def two_payers_alternate_weeks() -> Dossier:
	"""Separated parents, custody every other week: two invoices, each with the weeks of one parent."""
	dossier = Dossier("Pasquier", VERRINAY)
	mother = dossier.mother("Delphine", last_name="Aubry")
	father = dossier.father("Sébastien")
	child = dossier.child("Nathan", "2018-05-22", sex="M")
	dossier.save()
	dossier.quotient(730)
	hers = dossier.payer(mother)
	his = dossier.payer(
		father,
		own_address=1,
		address_line1="14 rue du Lavoir",
		postcode=POULIGNAY.postcode,
		town=POULIGNAY.name,
	)
	calendar = dossier.custody(child, hers, his, "Even Weeks")
	dossier.canteen(child, payers=[hers, his], custody_calendar=calendar)
	dossier.care(child, matin=(1, 4), payers=[hers, his], custody_calendar=calendar)
	return dossier


@scenario("R19")
def two_payers_by_weekday() -> Dossier:
	"""Custody by weekday, two children with a calendar each: Monday and Tuesday for one parent, the rest for the other."""
	dossier = Dossier("Texier", POULIGNAY)
	mother = dossier.mother("Karine", last_name="Ferrand")
	father = dossier.father("Fabrice")
	children = [dossier.child("Zoé", "2017-09-02"), dossier.child("Axel", "2020-12-11", sex="M")]
	dossier.save()
	dossier.quotient(588)
	hers = dossier.payer(mother)
	his = dossier.payer(
		father,
		own_address=1,
		address_line1="3 rue des Noyers",
		postcode=VERRINAY.postcode,
		town=VERRINAY.name,
	)
	for child in children:
		calendar = dossier.custody(child, hers, his, "Weekdays", monday=1, tuesday=1)
		dossier.canteen(child, payers=[hers, his], custody_calendar=calendar)
	return dossier


@scenario("R19")
def custody_week_swapped() -> Dossier:
	"""Alternate weeks with one week swapped by agreement: the exceptions of the custody calendar decide."""
	dossier = Dossier("Millet", VERRINAY)
	mother = dossier.mother("Vanessa", last_name="Gaudin")
	father = dossier.father("Ludovic")
	child = dossier.child("Ambre", "2020-02-08")
	dossier.save()
	dossier.quotient(845)
	hers = dossier.payer(mother)
	his = dossier.payer(
		father, own_address=1, address_line1="7 Grande Rue", postcode=VERRINAY.postcode, town=VERRINAY.name
	)
	swapped = [
		{"date": date(2026, 9, day), "payer": hers, "note": "Semaine échangée"} for day in (21, 22, 24, 25)
	]
	calendar = dossier.custody(
		child, hers, his, "Alternate From Date", anchor_date=date(2026, 8, 31), exceptions=swapped
	)
	dossier.canteen(child, payers=[hers, his], custody_calendar=calendar)
	return dossier


@scenario("R19")
def two_payers_by_share() -> Dossier:
	"""Two parents who share every meal 60/40 by judgement: the cents of both invoices add up to the price."""
	dossier = Dossier("Brossard", VERRINAY)
	mother = dossier.mother("Séverine", last_name="Bouvier")
	father = dossier.father("Arnaud")
	child = dossier.child("Gabin", "2021-06-30", sex="M")
	dossier.save()
	dossier.quotient(301)
	hers = dossier.payer(mother)
	his = dossier.payer(
		father, own_address=1, address_line1="22 route de la Forêt", postcode="86997", town=BRISSONNAY.name
	)
	dossier.canteen(child, payers=[hers, his], shares=[60, 40])
	return dossier


@scenario("R18")
def foster_carer_own_family() -> Dossier:
	"""The foster carer's own dossier: here she is a parent, and gets an invoice as one."""
	dossier = Dossier("Grellier", VERRINAY)
	carer = dossier.mother("Christelle", birth_date=date(1979, 8, 19))
	child = dossier.child("Timéo", "2016-10-05", sex="M")
	dossier.save()
	dossier.quotient(670)
	dossier.payer(carer)
	dossier.canteen(child)
	return dossier


@scenario("R17", "R18")
def foster_carer_placed_child() -> Dossier:
	"""A placed child: the same adult pays as foster carer, on a second invoice; the representative has no address."""
	import frappe

	dossier = Dossier("Vergnaud", VERRINAY, address_line1=None, postcode=None, town=None, phone=None)
	dossier.mother("Jessica", email=None, phone=None)
	child = dossier.child("Mathis", "2019-11-27", sex="M")
	carer = frappe.db.get_value("Person", {"last_name": "GRELLIER", "first_name": "Christelle"})
	dossier.save()
	dossier.quotient(9999, source="Unknown")
	dossier.placement(
		child,
		carer,
		authority=_ase(),
		delegation=1,
		address_line1="19 rue du Four",
		postcode=VERRINAY.postcode,
		town=VERRINAY.name,
	)
	dossier.canteen(child)
	dossier.care(child, matin=(1, 2, 4, 5), soir=(1, 2, 4, 5))
	return dossier


@scenario("R17")
def placed_since_october() -> Dossier:
	"""Placed on 12 October: the mother pays until the 11th, the carer from the 12th, on the same enrolment."""
	dossier = Dossier("Blondeau", POULIGNAY)
	mother = dossier.mother("Charlène")
	child = dossier.child("Noé", "2017-10-02", sex="M")
	carer = dossier.person(
		"Bernadette", "F", "Naudin", civility="Mme", birth_date=date(1968, 2, 5), phone=world.phone(6812)
	)
	dossier.save()
	dossier.quotient(388)
	dossier.payer(mother)
	dossier.canteen(child)
	dossier.placement(
		child,
		carer,
		start=date(2026, 10, 12),
		authority=_ase(),
		address_line1="5 rue des Tanneurs",
		postcode=VERRINAY.postcode,
		town=VERRINAY.name,
	)
	return dossier


def _ase() -> str:
	"""The child-welfare service of the fictional département."""
	return organisation(
		"Département du Val d'Aubrelle - ASE", "Département (ASE)", "1 place du Département", VERRINAY
	)


@scenario("R19")
def holidays_by_halves() -> Dossier:
	"""Odd weeks from Friday to Friday, and half of each school holiday: the first half in even years for the mother."""
	dossier = Dossier("Lemoine", VERRINAY)
	mother = dossier.mother("Maud", last_name="Giraud")
	father = dossier.father("Xavier")
	child = dossier.child("Elias", "2018-03-30", sex="M")
	dossier.save()
	dossier.quotient(652)
	hers = dossier.payer(mother)
	his = dossier.payer(
		father,
		own_address=1,
		address_line1="11 rue du Moulin",
		postcode=VERRINAY.postcode,
		town=VERRINAY.name,
	)
	calendar = dossier.custody(
		child, hers, his, "Odd Weeks", changes_on="Friday", holiday_rule="First Half in Even Years"
	)
	dossier.canteen(child, payers=[hers, his], custody_calendar=calendar)
	return dossier


@scenario("R17")
def childrens_home() -> Dossier:
	"""A child in a *lieu de vie*: the home is the payer, the representatives are not."""
	home = organisation("Lieu de vie La Clairière", "Children's Home", "4 chemin du Gué", POULIGNAY)
	dossier = Dossier("Rabeau", POULIGNAY, address_line1=None, postcode=None, town=None)
	dossier.father("Steve", "Representative 1", email=None)
	child = dossier.child("Lilou", "2018-01-19")
	dossier.save()
	dossier.quotient(9999, source="Unknown")
	dossier.placement(child, organisation=home, authority=_ase())
	dossier.canteen(child)
	return dossier


@scenario("R22")
def guardianship_udaf() -> Dossier:
	"""Guardianship: the UDAF receives the invoice."""
	udaf = organisation("UDAF du Val d'Aubrelle", "UDAF", "30 rue Neuve", VERRINAY)
	dossier = Dossier("Poupard", VERRINAY)
	dossier.mother("Sandrine")
	child = dossier.child("Enzo", "2017-04-09", sex="M")
	dossier.save()
	dossier.quotient(265)
	dossier.payer(organisation=udaf)
	dossier.canteen(child)
	return dossier


@scenario("R22")
def grandmother_pays_wednesdays() -> Dossier:
	"""A contact who pays only for the enrolment that names her: the mother the canteen, the grandmother Wednesdays."""
	dossier = Dossier("Sabourin", VERRINAY)
	mother = dossier.mother("Ludivine")
	child = dossier.child("Capucine", "2019-07-16")
	grandmother = dossier.contact("Monique", "F", "grand-mère")
	dossier.save()
	dossier.quotient(498)
	hers = dossier.payer(mother)
	grandmothers = dossier.payer(
		grandmother,
		own_address=1,
		address_line1="2 impasse des Merisiers",
		postcode=BRISSONNAY.postcode,
		town=BRISSONNAY.name,
	)
	dossier.canteen(child, payers=[hers])
	dossier.enrol(child, world.WEDNESDAY, journee=(3,), payers=[grandmothers])
	return dossier


@scenario("R22")
def forbidden_contact() -> Dossier:
	"""A contact who is *interdit*: may neither collect the child nor be called, and can't be chosen as payer."""
	dossier = Dossier("Fouquet", POULIGNAY)
	mother = dossier.mother("Magali")
	child = dossier.child("Romane", "2020-08-25")
	dossier.contact("Thierry", "M", "oncle", forbidden=1, may_collect=0, emergency=0)
	dossier.contact("Josiane", "F", "grand-mère")
	dossier.save()
	dossier.quotient(540)
	dossier.payer(mother)
	dossier.canteen(child)
	return dossier


@scenario("R2")
def single_father_by_email() -> Dossier:
	"""One parent, one payer, everything on one invoice, sent by e-mail."""
	dossier = Dossier("Lamy", VERRINAY)
	father = dossier.father("Jérémy", "Representative 1")
	child = dossier.child("Louane", "2018-09-12")
	dossier.save()
	dossier.quotient(1105)
	dossier.payer(father, invoice_by="E-mail")
	dossier.canteen(child)
	dossier.care(child, matin=(1, 2, 4, 5), soir=(1, 2))
	dossier.enrol(child, world.WEDNESDAY, journee=(3,))
	return dossier
