"""Who receives the invoice and how it is addressed: R17, R18, R19, R22."""

import frappe
import pytest

from concerto_education.families import errors, service
from tests.builders import child, family, insert, member, organisation, payer, person


def couple(mother_name="Martin", father_name="Martin", **mother):
	her = person(mother_name, "Claire", civility="Mme", **mother)
	him = person(father_name, "Jean", civility="M.")
	doc = family(member(her, "Representative 1"), member(him, "Representative 2"), member(child("Martin")))
	return doc, her, him


def recipient(of):
	return frappe.db.get_value("Payer", of.name, "recipient")


def test_r19_a_couple_with_one_payer_is_monsieur_et_madame():
	doc, her, _him = couple()
	assert recipient(payer(doc, her)) == "Monsieur et Madame MARTIN Jean"


def test_r19_the_usage_name_makes_the_couple_r16():
	doc, _her, him = couple(mother_name="Dupont", usage_name="Martin")
	assert recipient(payer(doc, him)) == "Monsieur et Madame MARTIN Jean"


def test_r19_a_couple_with_two_names_is_named_in_full():
	doc, her, _him = couple(mother_name="Dupont")
	assert recipient(payer(doc, her)) == "Madame DUPONT Claire et Monsieur MARTIN Jean"


def test_r19_two_payers_are_addressed_each_alone():
	doc, her, him = couple()
	first = payer(doc, her)
	second = payer(doc, him)
	assert recipient(first) == "Madame MARTIN Claire"
	assert recipient(second) == "Monsieur MARTIN Jean"
	second.active = 0
	second.save()
	assert recipient(first) == "Monsieur et Madame MARTIN Jean"


def test_r19_a_payer_with_an_own_address_is_addressed_alone():
	doc, her, _him = couple()
	row = payer(doc, her, own_address=1, address_line1="9 impasse du Puits", postcode="86100", town="Naintré")
	assert recipient(row) == "Madame MARTIN Claire"
	assert service.address_blocks([row.name])[row.name].lines == ("9 impasse du Puits", "86100 NAINTRÉ")


def test_a_recipient_written_by_hand_stays_and_emptying_it_goes_back():
	doc, her, him = couple()
	row = payer(doc, her, recipient="Famille Martin")
	payer(doc, him)
	assert recipient(row) == "Famille Martin"
	row.reload()
	row.recipient = ""
	row.save()
	assert recipient(row) == "Madame MARTIN Claire"


def test_without_civility_the_name_alone_is_written():
	doc = family(member(person("Nom", "Sam"), "Representative 1"))
	assert recipient(payer(doc)) == "NOM Sam"


def test_r17_the_address_is_the_payers_else_the_familys_else_the_authoritys():
	settings = frappe.get_single("Authority Settings")
	settings.update({"address_line1": "1 place de la Mairie", "postcode": "86999", "town": "Chef-Lieu"})
	settings.save()
	at_home = payer(family())
	nowhere = payer(family(address_line1="", postcode="", town=""))
	home = organisation(address_line1="2 rue du Foyer", postcode="86000", town="Poitiers")
	placed = family(member(child(), "Child"), address_line1="", postcode="", town="")
	foyer = insert("Payer", family=placed.name, payer_kind="Organisation", organisation=home.name)
	blocks = service.address_blocks([at_home.name, nowhere.name, foyer.name])
	assert blocks[at_home.name].lines == ("3 rue des Lilas", "86000 POITIERS")
	assert blocks[nowhere.name].lines == ("1 place de la Mairie", "86999 CHEF-LIEU")
	assert blocks[foyer.name].as_text() == f"{home.organisation_name}\n2 rue du Foyer\n86000 POITIERS"


def test_r18_one_adult_pays_as_parent_and_as_foster_carer():
	carer = person("Accueil", "Rose", civility="Mme")
	own = family(member(carer, "Representative 1"), member(child()))
	placed = family(member(child("Place")), member(carer, "Contact", relation="famille d'accueil"))
	first, second = payer(own, carer), payer(placed, carer, capacity="Foster Carer")
	assert (first.capacity, second.capacity) == ("Representative", "Foster Carer")


def test_a_person_is_a_payer_of_a_family_once():
	doc = family()
	payer(doc)
	with pytest.raises(errors.DuplicatePayer):
		payer(doc)


def test_r22_a_payer_is_a_member():
	with pytest.raises(errors.PayerNotInFamily):
		payer(family(), person())


def test_r22_a_forbidden_contact_does_not_pay():
	contact = person()
	doc = family(member(child()), member(contact, "Contact", forbidden=1, may_collect=0, emergency=0))
	with pytest.raises(errors.ForbiddenContact):
		payer(doc, contact)


def test_r22_a_payer_does_not_become_forbidden():
	contact = person()
	doc = family(member(child()), member(contact, "Contact"))
	payer(doc, contact)
	doc.reload()
	doc.members[1].update({"forbidden": 1, "may_collect": 0, "emergency": 0})
	with pytest.raises(errors.ForbiddenContact):
		doc.save()


def test_an_active_payer_does_not_leave_the_family():
	contact = person()
	doc = family(member(child()), member(contact, "Contact"))
	paying = payer(doc, contact)
	doc.reload()
	doc.members = doc.members[:1]
	with pytest.raises(errors.MemberIsPayer):
		doc.save()
	paying.active = 0
	paying.save()
	doc.reload()
	doc.members = doc.members[:1]
	doc.save()


def test_a_child_does_not_pay_but_a_grown_one_does():
	kid, grown = child(), child(birth_date="2000-01-01")
	doc = family(member(kid), member(grown))
	payer(doc, grown)
	with pytest.raises(errors.PayerIsChild):
		payer(doc, kid)


def test_a_payer_stays_the_same_person():
	doc, her, him = couple()
	row = payer(doc, her)
	row.person = him.name
	with pytest.raises(errors.PayerIsFixed):
		row.save()


def test_an_own_address_is_complete():
	with pytest.raises(errors.IncompleteAddress):
		payer(family(), own_address=1, address_line1="9 impasse du Puits")


def test_invoices_by_mail_need_an_address_taken_from_the_person():
	doc = family(member(person(email="rose@famille.example"), "Representative 1"))
	assert payer(doc, invoice_by="E-mail").email == "rose@famille.example"
	with pytest.raises(errors.NoEmailForInvoice):
		payer(family(), invoice_by="E-mail")
