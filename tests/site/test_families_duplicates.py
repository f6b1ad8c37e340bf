"""No duplicates slip in (R12): what is asked, what is refused, what is remembered, what the September check lists (R7)."""

from __future__ import annotations

from datetime import date

import frappe
import pytest

from concerto_education.authority import roles
from concerto_education.families import api, decisions, errors, likeness, pairs
from concerto_education.families.likeness import Human
from tests import builders as make


def new(doctype: str, **values):
	"""A record as a form or an import sends it: nobody has answered anything."""
	return frappe.get_doc({"doctype": doctype, **values}).insert()


def human(last="Trecesson", first="Yolaine", born=None, **values) -> Human:
	return Human.of({"last_name": last, "first_name": first, "birth_date": born, **values})


# ---------------------------------------------------------------- how alike


ASKED = [
	# Same name and birth date, however it is typed
	(human(born="2019-05-23"), human(last="TRÉCESSON", first="yolaine", born="2019-05-23")),
	(human(born="2019-05-23"), human(last="Trecsson", born="2019-05-23")),
	(human(born="2019-05-23"), human(last="Trecesson", first="Yolène", born="2019-05-23")),
	# Day and month exchanged; year mistyped
	(human(born="2019-05-03"), human(born="2019-03-05")),
	(human(born="2019-05-23"), human(born="2018-05-23")),
	# Maiden and married name, one telephone or e-mail
	(human(last="Kergoat", usage_name="Trecesson"), human(last="Trecesson")),
	(human(last="Kergoat", phone="0612345678"), human(last="Abgrall", phone="+33 6 12 34 56 78")),
	(human(last="Kergoat", email="Y@x.example"), human(last="Abgrall", email="y@X.example")),
	# First and last name exchanged
	(
		human(last="Gaspard", first="Martin", born="2019-05-23"),
		human(last="Martin", first="Gaspard", born="2019-05-23"),
	),
]
NOT_ASKED = [
	# Twins, brother and sister, father and son of one name
	(human(first="Yolaine", born="2019-05-23"), human(first="Gaspard", born="2019-05-23")),
	(human(first="Louis", born="2019-05-23", sex="M"), human(first="Louise", born="2019-05-23", sex="F")),
	(human(first="Paul", born="1980-01-31"), human(first="Paul", born="2015-06-11")),
	# A couple with one telephone
	(human(first="Yolaine", phone="0612345678"), human(first="Gaspard", phone="0612345678")),
	# Two Yolaines born on one day
	(human(last="Kergoat", born="2019-05-23"), human(last="Abgrall", born="2019-05-23")),
	# Strangers
	(
		human(last="Kergoat", first="Eve", born="2019-05-23"),
		human(last="Abgrall", first="Luc", born="2019-05-23"),
	),
	(human(last="", first=""), human(last="", first="")),
]


@pytest.mark.parametrize(("one", "other"), ASKED)
def test_r12_these_are_asked_about(one, other):
	assert likeness.persons(one, other).score >= likeness.ASK
	assert likeness.persons(one, other) == likeness.persons(other, one)


@pytest.mark.parametrize(("one", "other"), NOT_ASKED)
def test_r12_these_are_not(one, other):
	assert likeness.persons(one, other).score < likeness.ASK
	assert likeness.persons(one, other).score == likeness.persons(other, one).score


def test_r12_the_score_is_within_0_and_100_and_says_why():
	row = {"phone": "0612345678", "email": "a@b.example"}
	like = likeness.persons(human(born="2019-05-23", **row), human(born=date(2019, 5, 23), **row))
	assert like == likeness.Likeness(100, ("Name", "Birth Date", "Phone", "E-mail"))


# ---------------------------------------------------------------- saving a person


def test_r12_a_person_who_is_there_already_is_refused_by_name(site):
	first = make.child("Trécesson", "Yolaine", birth_date="2019-05-23")
	with pytest.raises(errors.LikelyDuplicates) as refusal:
		new("Person", last_name="TRECESSON", first_name="yolaine", birth_date="2019-05-23")
	assert first.name in str(refusal.value)
	assert frappe.local.response["likely_duplicates"][0]["name"] == first.name


def test_r12_different_people_is_remembered_with_who_and_when(site):
	first = make.child("Trecesson", "Yolaine", birth_date="2019-05-23")
	user = make.user(roles.SCHOOL_COORDINATOR)
	frappe.set_user(user)
	second = new(
		"Person",
		last_name="Trecesson",
		first_name="Yolaine",
		birth_date="2019-05-23",
		different_from=first.name,
	)
	decision = frappe.get_last_doc(decisions.DECISION)
	assert {decision.first, decision.second} == {first.name, second.name}
	assert decision.decided_by == user
	assert decision.decided_at
	assert decision.score == 95
	assert not frappe.db.get_value("Person", second.name, "different_from")


def test_r12_the_answer_names_each_one(site):
	first = make.child("Trecesson", "Yolaine", birth_date="2019-05-23")
	make.child("Trecesson", "Yolaine", birth_date="2019-05-23")
	with pytest.raises(errors.LikelyDuplicates):
		new(
			"Person",
			last_name="Trecesson",
			first_name="Yolaine",
			birth_date="2019-05-23",
			different_from=first.name,
		)


def test_r12_a_saved_person_is_not_asked_about_again(site):
	first = make.child("Trecesson", "Yolaine", birth_date="2019-05-23")
	second = make.child("Trecesson", "Yolaine", birth_date="2019-05-23")
	second.phone = "0612345678"
	second.save()
	assert first.name != second.name


def test_r12_a_request_cannot_set_the_flag(site):
	make.child("Trecesson", "Yolaine", birth_date="2019-05-23")
	with pytest.raises(errors.LikelyDuplicates):
		new(
			"Person",
			last_name="Trecesson",
			first_name="Yolaine",
			birth_date="2019-05-23",
			flags={"duplicates_checked": True},
		)


# ---------------------------------------------------------------- saving a dossier


def two_parents():
	mother = make.person("Trecesson", "Ines", phone="0612345678")
	child = make.child("Trecesson", "Yolaine", birth_date="2019-05-23")
	return mother, child


def test_r12_a_second_dossier_for_the_same_persons_is_refused(site):
	mother, child = two_parents()
	first = make.family(make.member(mother, "Representative 1"), make.member(child))
	members = [make.member(mother, "Representative 1"), make.member(child)]
	with pytest.raises(errors.LikelyDuplicates) as refusal:
		new("Family", members=members)
	assert first.name in str(refusal.value)
	second = new("Family", members=members, different_from=first.name)
	assert frozenset((first.name, second.name)) in decisions.different("Family")


def test_r12_one_caf_number_means_one_dossier(site):
	first = make.family(beneficiary_number="0918273 K", phone="0611111111")
	with pytest.raises(errors.LikelyDuplicates) as refusal:
		new(
			"Family",
			members=[make.member(make.person("Kergoat", "Eve"), "Representative 1")],
			beneficiary_number="918273",
		)
	assert first.name in str(refusal.value)


def test_r18_one_adult_in_two_families_of_other_names_is_no_duplicate(site):
	carer, own = make.person("Kergoat", "Eve"), make.child("Kergoat", "Luc")
	make.family(make.member(carer, "Representative 1"), make.member(own))
	placed = make.child("Abgrall", "Guy", birth_date="2018-02-02")
	assert new(
		"Family",
		family_name="Abgrall",
		members=[make.member(placed), make.member(carer, "Contact")],
	).name


# ---------------------------------------------------------------- the dialog's endpoints


def test_r12_the_dialog_shows_what_matches_and_where(site):
	mother, child = two_parents()
	family = make.family(make.member(mother, "Representative 1"), make.member(child))
	found = api.likely_duplicates(
		"Person",
		{
			"last_name": "Trécesson",
			"first_name": "Yolaine",
			"birth_date": "2019-05-23",
			"name": "new-person-1",
		},
	)
	assert [row["name"] for row in found] == [child.name]
	assert found[0]["score"] == 95
	assert found[0]["families"][0]["family"] == family.name
	assert found[0]["families"][0]["forbidden"] == 0


@pytest.mark.parametrize("role", [roles.ATTENDANCE_AGENT, roles.KITCHEN, roles.FINANCE_CLERK, roles.FAMILY])
def test_r10_who_creates_no_person_gets_no_list(site, role):
	frappe.set_user(make.user(role))
	with pytest.raises(frappe.PermissionError):
		api.likely_duplicates("Person", {"last_name": "Trecesson", "first_name": "Yolaine"})
	with pytest.raises(frappe.PermissionError):
		api.likely_duplicates("User", {"email": "x@y.example"})


def test_r12_declared_different_is_not_in_the_report_any_more(site):
	one = make.child("Trecesson", "Yolaine", birth_date="2019-05-23")
	other = make.child("Trecesson", "Yolaine", birth_date="2019-05-23")
	assert (one.name, other.name) in names_of(pairs.persons())
	frappe.set_user(make.user(roles.SCHOOL_COORDINATOR))
	api.declare_different("Person", other.name, one.name)
	api.declare_different("Person", one.name, other.name)  # said twice, remembered once
	assert (one.name, other.name) not in names_of(pairs.persons())
	assert frappe.db.count(decisions.DECISION, {"first": one.name, "second": other.name}) == 1


@pytest.mark.parametrize("role", [roles.ATTENDANCE_AGENT, roles.FINANCE_CLERK, roles.FAMILY])
def test_who_may_not_write_persons_declares_nothing(site, role):
	one, other = make.person(), make.person()
	frappe.set_user(make.user(role))
	with pytest.raises(frappe.PermissionError):
		api.declare_different("Person", one.name, other.name)


def test_a_decision_is_never_changed(site):
	one, other = make.person(), make.person()
	api.declare_different("Person", one.name, other.name)
	decision = frappe.get_last_doc(decisions.DECISION)
	decision.decided_by = "Guest"
	with pytest.raises(errors.DecisionIsKept):
		decision.save()


# ---------------------------------------------------------------- the report (R7)


def names_of(found) -> set:
	return {(pair.first, pair.second) for pair in found}


def test_r7_the_report_lists_the_duplicates_that_exist(site):
	one = make.child("Trecesson", "Yolaine", birth_date="2019-05-23")
	mistyped = make.child("Trecesson", "Yolene", birth_date="2019-05-23")
	twin = make.child("Trecesson", "Gaspard", birth_date="2019-05-23")
	found = names_of(pairs.persons())
	assert (one.name, mistyped.name) in found
	assert not any(twin.name in pair for pair in found)


def test_r7_two_dossiers_of_one_family_are_listed(site):
	dossiers = []
	for _number in range(2):
		mother = make.person("Trecesson", "Ines", birth_date="1988-04-02")
		child = make.child("Trecesson", "Yolaine", birth_date="2019-05-23")
		dossiers.append(make.family(make.member(mother, "Representative 1"), make.member(child)).name)
	assert tuple(sorted(dossiers)) in names_of(pairs.families())


@pytest.mark.parametrize("role", [roles.SCHOOL_COORDINATOR, roles.FINANCE_CLERK, roles.ATTENDANCE_AGENT])
def test_r7_only_administrators_see_the_report(site, role):
	from concerto_education.families.report.likely_duplicates.likely_duplicates import execute

	frappe.set_user(make.user(role))
	with pytest.raises(frappe.PermissionError):
		execute({})


@pytest.mark.parametrize("role", roles.ADMINISTRATORS)
def test_r7_administrators_see_both_kinds(site, role):
	from concerto_education.families.report.likely_duplicates.likely_duplicates import execute

	one = make.child("Trecesson", "Yolaine", birth_date="2019-05-23")
	make.child("Trecesson", "Yolaine", birth_date="2019-05-23")
	frappe.set_user(make.user(role))
	columns, rows = execute({"kind": "Person"})[:2]
	assert {"score", "first", "second", "reasons"} <= {column["fieldname"] for column in columns}
	assert any(one.name in (row["first"], row["second"]) for row in rows)
	assert isinstance(execute({"kind": "Family"})[1], list)
