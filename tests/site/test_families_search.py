"""Search first (R12): a dossier is found by anything that somebody may say on the telephone."""

from __future__ import annotations

import frappe
import pytest

from concerto_education.authority import roles
from concerto_education.families import api, keys, question, search_index
from tests import builders as make


def find(text: str) -> list[str]:
	return [row["family"] for row in api.search_families(text)["results"]]


@pytest.fixture
def dossier(site):
	"""Zoé QUIBERVILLE-d'Ormesson, born LEFEBVRE, and her son Gwenvael; names that the demo doesn't bear."""
	mother = make.person(
		"Lefebvrard",
		"Zoé",
		usage_name="Quiberville-d'Ormoy",
		civility="Mme",
		phone="+33 6 98 76 54 32",
		email="zoe.q@exemple.example",
	)
	child = make.child("Quiberville", "Gwenvaël", birth_date="2019-05-23")
	aunt = make.person("Ploërdut", "Anne-Sophie", phone="05 49 99 88 77")
	return make.family(
		make.member(mother, "Representative 1"),
		make.member(child),
		make.member(aunt, "Contact", forbidden=1, may_collect=0, emergency=0),
		family_name="Quiberville",
		beneficiary_number="0918273 K",
		address_line1="7 rue de l'Écluse-Verte",
		postcode="86994",
		town="Châteaubrillon",
	)


@pytest.mark.parametrize(
	"typed",
	[
		"quiberville",
		"QUIBERVILLE D’ORMOY",
		"quiberville-dormoy",
		"ormoy",
		"quibervile",
		"Qiuberville",
		"quiberv",
		"kiberville",
		"lefebvrard",
		"Lefevbrard",
		"lefevrard",
		"gwenvael",
		"gwenvaël quiberville",
		"gwenvael ploerdut",
		"quiberville zoe",
		"ploerdut",
		"anne sophie ploerdut",
		"06 98 76 54 32",
		"+33698765432",
		"06.98.76",
		"0033 (0)6 98-76-54-32",
		"05 49 99 88 77",
		"zoe.q@exemple",
		"ZOE.Q@EXEMPLE.EXAMPLE",
		"0918273",
		"918273",
		"0918273k",
		"écluse verte",
		"ecluse chateaubrillon",
		"quiberville chateaubrillon",
		"23/05/2019",
		"quiberville 0698",
	],
)
def test_r12_a_dossier_is_found_by(dossier, typed):
	assert dossier.name in find(typed)


def test_r12_a_dossier_is_found_by_its_number(dossier):
	assert find(dossier.name)[0] == dossier.name
	assert dossier.name in find(dossier.name.split("-")[1])


@pytest.mark.parametrize("typed", ["", " ", "?", "%", "_", "'", "\\", "a" * 500, "%%%quiberville%", "0", "é"])
def test_r12_whatever_is_typed_is_no_error(dossier, typed):
	find(typed)


@pytest.mark.parametrize("typed", ["zzzqqq", "quiberville zzzqqq@x.example 0000000000", "0199999999"])
def test_r12_what_nobody_bears_finds_nobody(dossier, typed):
	found = find(typed)
	assert dossier.name not in found or typed.startswith("quiberville")


def test_r12_all_terms_count_and_one_person_counts_more(site):
	same = make.family(
		make.member(make.person("Trecesson", "Ahmed"), "Representative 1"),
		make.member(make.child("Trecesson", "Yolaine")),
	)
	spread = make.family(
		make.member(make.person("Trecesson", "Ines"), "Representative 1"),
		make.member(make.child("Kergoat", "Yolaine")),
	)
	assert find("trecesson yolaine")[:2] == [same.name, spread.name]


def test_r12_a_part_of_what_was_typed_is_shown_as_a_part(dossier):
	assert api.search_families("gwenvael quiberville")["partial"] is False
	assert api.search_families("gwenvael zzzqqqxxx")["partial"] is True
	assert dossier.name in find("gwenvael zzzqqqxxx")


def test_r12_the_own_name_comes_first_and_archived_last(site):
	own = make.family(make.member(make.person("Roscanvel", "Luc"), "Representative 1"))
	old = make.family(make.member(make.person("Roscanvel", "Max"), "Representative 1"), status="Archived")
	other = make.family(
		make.member(make.person("Abgrall", "Eve"), "Representative 1"),
		make.member(make.person("Roscanvel", "Guy"), "Contact"),
	)
	assert find("roscanvel") == [own.name, other.name, old.name]


def test_r12_the_index_follows_each_save(dossier):
	mother = frappe.get_doc("Person", dossier.members[0].person)
	mother.last_name = "Vauxbuin"
	mother.phone = "0611223344"
	mother.save()
	assert dossier.name in find("vauxbuin")
	assert dossier.name in find("06 11 22 33 44")
	assert dossier.name not in find("06 98 76 54 32")
	dossier.reload()
	dossier.town = "Sillé-Plage"
	dossier.save()
	assert dossier.name in find("sille plage")
	dossier.remove(dossier.members[2])
	dossier.save()
	assert dossier.name not in find("ploerdut")


def test_r12_an_organisation_that_pays_leads_to_the_dossier(dossier):
	organisation = make.organisation("Tutélaire des Marches")
	frappe.get_doc(
		{
			"doctype": "Payer",
			"family": dossier.name,
			"payer_kind": "Organisation",
			"organisation": organisation.name,
		}
	).insert()
	assert dossier.name in find("tutelaire")
	organisation.organisation_name = "Udaffe du Seuil"
	organisation.save()
	assert dossier.name in find("udaffe")


def test_r12_bulk_rows_are_found_after_index_and_rebuild(dossier):
	frappe.db.delete(search_index.KEY, {"family": dossier.name})
	frappe.db.delete(search_index.KEY, {"person": ("in", [row.person for row in dossier.members])})
	assert dossier.name not in find("quiberville")
	search_index.index(families=[dossier.name], persons=[row.person for row in dossier.members])
	before = keys_of(dossier)
	assert dossier.name in find("quiberville")
	frappe.db.delete(search_index.KEY, {"family": dossier.name})
	search_index.index(families=[dossier.name, dossier.name])
	assert keys_of(dossier) == before


def keys_of(dossier) -> list:
	return sorted(
		frappe.get_all(
			search_index.KEY, filters={"family": dossier.name}, fields=["kind", "word"], as_list=True
		)
	)


# ---------------------------------------------------------------- what is shown


def test_r12_a_result_shows_who_how_old_where_and_why(dossier):
	make.quotient(dossier, 512)
	result = api.search_families("06 98 76 54 32")["results"][0]
	assert result["family_name"] == "QUIBERVILLE"
	assert [row["full_name"] for row in result["members"]][1] == "QUIBERVILLE Gwenvael"
	assert result["members"][1]["age"]
	assert result["quotient"] == 512
	(reason,) = result["found_by"]
	assert reason["kind"] == "Phone"
	assert keys.phone(reason["text"]) == "0698765432"
	assert reason["who"].startswith("LEFEBVRARD")


def test_r22_a_forbidden_contact_is_marked(dossier):
	result = next(row for row in api.search_families("ploerdut")["results"] if row["family"] == dossier.name)
	assert [row["forbidden"] for row in result["members"]] == [0, 0, 1]


def test_r12_what_was_typed_fills_the_new_dossier(site):
	assert api.search_families("le goff maïwenn 0612")["new"] == {
		"last_name": "LE GOFF",
		"first_name": "Maiwenn",
	}
	assert api.search_families("0612345678")["new"] == {}


def test_only_known_fields_are_sent(dossier):
	result = api.search_families("quiberville")["results"][0]
	assert set(result) == {
		"family", "family_name", "archived", "address", "town", "phone", "quotient", "quotient_unknown",
		"may_see_quotient", "members", "words", "matched_persons", "found_by",
	}  # fmt: skip


# ---------------------------------------------------------------- who may


@pytest.mark.parametrize("role", [roles.ATTENDANCE_AGENT, roles.KITCHEN, roles.FAMILY])
def test_r10_who_reads_no_dossier_finds_none(dossier, role):
	frappe.set_user(make.user(role))
	with pytest.raises(frappe.PermissionError):
		api.search_families("quiberville")


@pytest.mark.parametrize("role", [roles.SCHOOL_COORDINATOR, roles.SEASONAL_CLERK, roles.FINANCE_CLERK])
def test_r10_who_reads_dossiers_finds_them(dossier, role):
	frappe.set_user(make.user(role))
	assert dossier.name in find("quiberville")


def test_a_user_permission_narrows_the_search_too(dossier):
	other = make.family(make.member(make.person("Quiberville", "Paul"), "Representative 1"))
	user = make.user(roles.SCHOOL_COORDINATOR)
	make._put("User Permission", user=user, allow="Family", for_value=other.name, apply_to_all_doctypes=1)
	frappe.clear_cache(user=user)
	frappe.set_user(user)
	assert find("quiberville") == [other.name]


# ---------------------------------------------------------------- the words


@pytest.mark.parametrize(
	("one", "other"),
	[
		("dupont", "dupond"),
		("lefevre", "lefebvre"),
		("filipe", "philippe"),
		("renaud", "renault"),
		("henry", "henri"),
	],
)
def test_names_that_sound_alike(one, other):
	assert keys.sound(one) == keys.sound(other) != ""


@pytest.mark.parametrize(
	"typed", ["+33 (0)6 12-34.56 78", "06.12.34.56.78", "0033612345678", "33612345678", "06 12 34 56 78"]
)
def test_telephone_numbers_of_any_formatting(typed):
	assert keys.phone(typed) == "0612345678"


def test_a_question_is_read_in_the_way_it_is_meant():
	(first, joined) = question.parse("du pont")
	assert [term.word for term in first] == ["du", "pont"]
	assert [term.word for term in joined] == ["dupont"]
	(only,) = question.parse("martin 06 12 34")
	assert [term.word for term in only] == ["martin", "061234"]
	assert question.parse("le")[0][0].optional is False
