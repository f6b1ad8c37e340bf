"""Names and members of the dossier: R12, R13, R16, R22."""

import frappe
import pytest
from frappe.utils import add_days, today

from concerto_education.families import errors, names
from tests.builders import child, family, member, payer, person


@pytest.mark.parametrize(
	("typed", "stored"),
	[
		("Lefèvre", "LEFEVRE"),
		("d’Ormesson", "D'ORMESSON"),
		("Le  Goff – Müller", "LE GOFF-MULLER"),
		("Œuvrard", "OEUVRARD"),
		("Ñuñez Ibáñez", "NUNEZ IBANEZ"),
		("Straße", "STRASSE"),
		(None, ""),
	],
)
def test_r13_family_names_are_upper_case_without_accents(typed, stored):
	assert names.family_name(typed) == stored


@pytest.mark.parametrize(
	("typed", "stored"),
	[
		("JEAN-FRANÇOIS", "Jean-Francois"),
		("éloïse marie", "Eloise Marie"),
		("n'golo", "N'Golo"),
		(" Zoé ", "Zoe"),
	],
)
def test_r13_first_names_are_title_case_without_accents(typed, stored):
	assert names.first_name(typed) == stored


def test_r13_person_is_stored_normalised_and_shows_its_usage_name_r16():
	doc = person("Béranger", "anne-laure", usage_name="O’Neil", spouse_name="O’Neil")
	assert (doc.last_name, doc.first_name) == ("BERANGER", "Anne-Laure")
	assert doc.full_name == "BERANGER (O'NEIL) Anne-Laure"
	assert person("Béranger", "Paul", usage_name="Beranger").full_name == "BERANGER Paul"


@pytest.mark.parametrize("wrong", ["---", "1234", "Mart1n"])
def test_r13_what_is_no_name_is_refused(wrong):
	with pytest.raises(errors.InvalidName):
		person(wrong, "Paul")


def test_nobody_is_born_in_the_future():
	child(birth_date=today())
	with pytest.raises(errors.BirthDateInFuture):
		child(birth_date=add_days(today(), 1))


def test_a_corrected_name_reaches_the_family_and_the_address_block():
	mother = person("Duran", "Eve", civility="Mme")
	doc = family(member(mother, "Representative 1"))
	paying = payer(doc)
	mother.last_name = "Durand"
	mother.save()
	assert frappe.db.get_value("Family Member", {"parent": doc.name}, "full_name") == "DURAND Eve"
	assert frappe.db.get_value("Payer", paying.name, "recipient") == "Madame DURAND Eve"
	mother.first_name = "Ève-Marie"
	mother.save()
	assert frappe.db.get_value("Family", doc.name, "people") == "Eve-Marie"


def test_first_names_tell_families_of_one_name_apart():
	mother, father, kid = person(first_name="Claire"), person(first_name="Jean"), child(first_name="Lea")
	doc = family(
		member(kid),
		member(mother, "Representative 1"),
		member(father, "Representative 2"),
		member(person(), "Contact"),
	)
	assert doc.people == "Claire, Jean · Lea"


def test_r13_family_name_is_normalised_or_taken_from_the_representative():
	assert family(family_name="Lefèvre - Noël").family_name == "LEFEVRE-NOEL"
	kid, mother = child("Petit"), person("Grand")
	assert family(member(kid), member(mother, "Representative 1")).family_name == "GRAND"


def test_r12_a_family_has_at_least_one_person():
	with pytest.raises(errors.NoMember):
		frappe.get_doc({"doctype": "Family", "family_name": "Vide"}).insert()


def test_r12_an_adult_alone_is_a_dossier_r26():
	assert family(member(person("Maitre", "Luc"), "Representative 1")).name


def test_a_person_is_in_a_family_once():
	mother = person()
	with pytest.raises(errors.DuplicateMember):
		family(member(mother, "Representative 1"), member(mother, "Contact"))


@pytest.mark.parametrize("role", ["Representative 1", "Representative 2"])
def test_at_most_one_representative_of_each(role):
	with pytest.raises(errors.SecondRepresentative):
		family(member(person(), role), member(person(), role))


@pytest.mark.parametrize("flag", ["may_collect", "emergency"])
def test_r22_a_forbidden_contact_neither_collects_nor_is_called(flag):
	flags = {"may_collect": 0, "emergency": 0, flag: 1}
	with pytest.raises(errors.ForbiddenContact):
		family(member(child()), member(person(), "Contact", forbidden=1, **flags))


def test_r22_a_forbidden_contact_is_stored_with_both_rights_off():
	doc = family(member(child()), member(person(), "Contact", forbidden=1, may_collect=0, emergency=0))
	assert doc.members[1].forbidden == 1


def test_r22_a_contact_collects_and_is_called_by_default():
	doc = family(member(child()), member(person(), "Contact"))
	doc.reload()
	assert (doc.members[1].may_collect, doc.members[1].emergency) == (1, 1)


def test_r22_only_a_contact_is_forbidden():
	with pytest.raises(errors.ForbiddenNotContact):
		family(member(person(), "Representative 1", forbidden=1, may_collect=0, emergency=0))


def test_the_postcode_has_five_digits():
	with pytest.raises(errors.InvalidPostcode):
		family(postcode="8600")
