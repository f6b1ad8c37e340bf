"""Bad input of the dossier: each refusal names the field and what to do, in French, and nothing is saved.

Rules R12–R22. What lists of quotients refuse is in test_families_quotient_import.py, line by line.
"""

from __future__ import annotations

from contextlib import contextmanager

import frappe
import pytest
from frappe.utils import add_days, strip_html, today

from concerto_education.families import errors
from tests.builders import (
	child,
	custody_calendar,
	family,
	member,
	organisation,
	payer,
	person,
	placement,
	quotient,
)


@contextmanager
def refused(error, *words: str):
	"""``with refused(…)``: the error of that rule, its message with these words, and no number of a rule in it."""
	with pytest.raises(error) as caught:
		yield
	text = strip_html(str(caught.value)).replace("\u00a0", " ").replace("’", "'")
	for word in words:
		assert word in text, text
	assert "(R" not in text, text


def test_r14_no_quotient():
	doc = family()
	for value in (None, ""):
		with refused(errors.InvalidQuotient, "Quotient", "9999"):
			quotient(doc, value)
	assert frappe.db.count("Quotient", {"family": doc.name}) == 1, "the unknown one of the beginning"


@pytest.mark.parametrize(
	("value", "words"), [(-1, "négative"), ("-0,01", "pas un nombre"), ("abc", "pas un nombre")]
)
def test_r14_a_negative_quotient_or_none_that_is_a_number(value, words):
	with refused(errors.InvalidQuotient, "Quotient", words):
		quotient(family(), value)


def test_r14_a_quotient_that_ends_before_it_starts():
	with refused(errors.QuotientEndsBeforeStart, "ne peut pas précéder"):
		quotient(family(), valid_from="2026-09-02", valid_to="2026-09-01")


def test_r12_two_representatives_1():
	with refused(errors.SecondRepresentative, "Représentant légal 1", "2"):
		family(member(person(), "Representative 1"), member(person(), "Representative 1"))


def test_r12_a_child_born_in_the_future():
	with refused(errors.BirthDateInFuture, "Date de naissance"):
		child(birth_date=add_days(today(), 1))


def test_r19_a_custody_calendar_that_ends_before_it_starts():
	one, other, kid = person(), person(), child()
	doc = family(member(one, "Representative 1"), member(other, "Representative 2"), member(kid))
	with refused(errors.CustodyEndsBeforeStart, "ne peut pas précéder"):
		custody_calendar(doc, kid, payer(doc, one), payer(doc, other), valid_to="2026-08-31")


def test_r17_a_placement_that_ends_before_it_starts():
	kid = child()
	with refused(errors.PlacementEndsBeforeStart, "Confié jusqu'au", "ne peut pas précéder"):
		placement(family(member(kid)), kid, person(), valid_to="2026-08-31")


def test_r22_a_forbidden_contact_neither_pays_nor_collects():
	bad = person("Interdit", "Paul")
	with refused(errors.ForbiddenContact, "INTERDIT Paul"):
		family(member(child()), member(bad, "Contact", forbidden=1, may_collect=1, emergency=0))
	doc = family(member(child()), member(bad, "Contact", forbidden=1, may_collect=0, emergency=0))
	with refused(errors.ForbiddenContact, "INTERDIT Paul", "payeur"):
		payer(doc, bad)
	doc = family(member(child()), member(bad, "Contact"))
	payer(doc, bad)
	doc.reload()
	doc.members[1].update({"forbidden": 1, "may_collect": 0, "emergency": 0})
	with refused(errors.ForbiddenContact, "payeur"):
		doc.save()


def test_r19_a_payer_by_mail_without_address_and_one_with_half_an_address():
	with refused(errors.NoEmailForInvoice, "courriel"):
		payer(family(), invoice_by="E-mail")
	with refused(errors.IncompleteAddress, "adresse"):
		payer(family(), own_address=1, address_line1="9 impasse du Puits")


# ---------------------------------------------------------------- persons and payers


def test_r16_birth_usage_and_spouse_name_and_no_nationality():
	wife = person("Lévêque", "Émilie", civility="Mme", usage_name="Charpentier", spouse_name="Charpentier")
	wife.reload()
	assert (wife.last_name, wife.usage_name, wife.spouse_name) == ("LEVEQUE", "CHARPENTIER", "CHARPENTIER")
	for doctype in ("Person", "Family", "Family Member", "Payer"):
		fields = {field.fieldname for field in frappe.get_meta(doctype).fields}
		assert not {"nationality", "citizenship", "religion"} & fields


def test_r15_commune_nouvelle_and_ancienne_commune_are_two_fields():
	doc = family(town="Val-de-Test", former_town="Saint-Test")
	doc.reload()
	assert (doc.town, doc.former_town) == ("Val-de-Test", "Saint-Test")
	assert frappe.get_meta("Family").get_field("former_town").label == "Former Town"


def test_r22_representative_contact_and_organisation_pay():
	mother, grandmother, kid = person(civility="Mme"), person(), child()
	doc = family(member(mother, "Representative 1"), member(grandmother, "Contact"), member(kid))
	udaf = organisation(kind="UDAF", email="udaf@organisme.example")
	made = [payer(doc, mother), payer(doc, grandmother)]
	made.append(
		frappe.get_doc(
			{"doctype": "Payer", "family": doc.name, "payer_kind": "Organisation", "organisation": udaf.name}
		).insert()
	)
	assert [row.capacity for row in made] == ["Representative", "Contact", "Organisation"]
	assert made[2].email == "udaf@organisme.example"
	made[0].payment_method = "Direct Debit"
	made[0].save()
	assert frappe.db.get_value("Payer", made[0].name, "payment_method") == "Direct Debit"


def portal_account() -> str:
	name = f"parent{frappe.generate_hash(length=6)}@famille.example"
	doc = frappe.get_doc({"doctype": "User", "email": name, "first_name": "P", "user_type": "Website User"})
	doc.name = name
	doc.db_insert()
	return name


def test_the_login_of_a_payer_is_that_of_its_person():
	login = portal_account()
	mother = person(user=login)
	doc = family(member(mother, "Representative 1"), member(child()))
	row = payer(doc, mother, user="Administrator")
	assert row.user == login
	mother.reload()
	mother.user = None
	mother.save()
	assert not frappe.db.get_value("Payer", row.name, "user")


def test_the_login_of_an_organisation_is_no_account_of_the_staff():
	doc, udaf = family(), organisation()
	values = {"doctype": "Payer", "family": doc.name, "payer_kind": "Organisation", "organisation": udaf.name}
	with refused(errors.StaffLogin, "compte d'agent"):
		frappe.get_doc({**values, "user": "Administrator"}).insert()
	login = portal_account()
	assert frappe.get_doc({**values, "user": login}).insert().user == login
