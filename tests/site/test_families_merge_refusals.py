"""What a merge refuses, each rule by its name; what is refused has moved nothing (R12, R19, R22)."""

from __future__ import annotations

import frappe
import pytest
from frappe.utils import add_days, today

from concerto_education.families import api, errors
from tests import builders as make
from tests import merge_cases
from tests.merge_cases import of, totals


@pytest.fixture
def twins(site):
	return merge_cases.twins()


def refused(error, doctype: str, kept: str, dropped: str, persons=None) -> str:
	"""The merge is refused by this rule, the preview says so too, and nothing has changed."""
	before = totals()
	with pytest.raises(error) as refusal:
		api.merge_records(doctype, kept, dropped, persons)
	assert totals() == before
	return str(refusal.value)


def test_r12_not_with_itself_nor_with_nothing(site):
	family = make.family()
	refused(errors.MergeWithItself, "Family", family.name, family.name)
	refused(errors.NothingToMerge, "Family", family.name, "DOS-999999")
	refused(errors.MergeWithItself, "Person", family.members[0].person, family.members[0].person)


def test_r12_not_what_is_neither_person_nor_family(site):
	with pytest.raises(frappe.PermissionError):
		api.merge_records("User", "Administrator", "Guest")


def test_r12_not_two_children_of_one_family(site):
	parent = make.person("Lucet", "Ines")
	one, twin = make.child("Lucet", "Yolaine"), make.child("Lucet", "Gaspard")
	make.family(make.member(parent, "Representative 1"), make.member(one), make.member(twin))
	assert "GASPARD" in refused(errors.TwoMembersOfOneFamily, "Person", one.name, twin.name).upper()
	refused(errors.TwoMembersOfOneFamily, "Person", parent.name, twin.name)


def test_r12_a_child_entered_twice_in_one_family_can_be_merged(site):
	one = make.child("Lucet", "Yolaine", birth_date="2019-05-23")
	again = make.child("Lucet", "Yolène", birth_date="2019-05-23")
	family = make.family(make.member(one), make.member(again))
	api.merge_records("Person", one.name, again.name)
	assert [row.person for row in frappe.get_doc("Family", family.name).members] == [one.name]


def test_r12_not_persons_born_on_different_days_or_of_different_sex(site):
	one = make.child("Lucet", "Yolaine", birth_date="2019-05-23", sex="F")
	refused(
		errors.DifferentBirthDates,
		"Person",
		one.name,
		make.child("Lucet", "Yolaine", birth_date="2018-05-23").name,
	)
	refused(
		errors.DifferentSexes,
		"Person",
		one.name,
		make.child("Lucet", "Yolaine", birth_date="2019-05-23", sex="M").name,
	)


def test_r12_not_two_portal_logins(site):
	one, other = (make.person("Lucet", "Ines", user=make.user()) for _number in range(2))
	refused(errors.TwoLogins, "Person", one.name, other.name)
	frappe.db.set_value("Person", one.name, "user", None)
	api.merge_records("Person", one.name, other.name)
	assert frappe.db.get_value("Person", one.name, "user") == other.user


def test_r22_not_who_is_forbidden_here_and_pays_there(site):
	uncle = make.person("Lucet", "Guy")
	one = make.family(
		make.member(make.child("Lucet", "Yolaine")),
		make.member(uncle, "Contact", forbidden=1, may_collect=0, emergency=0),
	)
	other = make.family(make.member(uncle, "Contact"), make.member(make.child("Lucet", "Tom")))
	make.payer(other, uncle)
	refused(errors.ForbiddenInOneOnly, "Family", one.name, other.name)
	assert api.preview_merge("Family", one.name, other.name)["conflicts"][0]["doctype"] == "Payer"


def same_activity(case) -> None:
	frappe.db.set_value(
		"Enrolment",
		case.dropped.enrolment.name,
		{"activity": case.kept.enrolment.activity, "site": case.kept.enrolment.site},
	)


def test_r12_enrolments_that_overlap_from_today_on_are_listed_and_none_is_lost(twins):
	same_activity(twins)
	message = refused(errors.EnrolmentsCollide, "Person", twins.kept.child.name, twins.dropped.child.name)
	assert twins.kept.enrolment.name in message
	assert twins.dropped.enrolment.name in message
	preview = api.preview_merge("Family", twins.kept.family.name, twins.dropped.family.name)
	child = next(row for row in preview["persons"] if row["dropped"] == twins.dropped.child.name)
	assert child["conflicts"][0]["name"] == twins.dropped.enrolment.name
	# Ended before today, it is history and moves.
	frappe.db.set_value("Enrolment", twins.dropped.enrolment.name, "valid_to", add_days(today(), -1))
	api.merge_records("Person", twins.kept.child.name, twins.dropped.child.name)
	assert of("Enrolment", person=twins.kept.child.name) == 2


def test_r19_not_while_custody_calendars_hold_on_the_same_days(site):
	child, mother, father = (
		make.child("Lucet", "Yolaine"),
		make.person("Lucet", "Ines"),
		make.person("Lucet", "Luc"),
	)
	families = []
	for _number in range(2):
		family = make.family(
			make.member(child),
			make.member(mother, "Representative 1"),
			make.member(father, "Representative 2"),
		)
		make.custody_calendar(family, child, make.payer(family, mother), make.payer(family, father))
		families.append(family.name)
	refused(errors.CustodyCollides, "Family", *families)


def test_r19_not_two_parents_whom_one_enrolment_names(site):
	one = make.person("Lucet", "Ines", email="i@exemple.example")
	other = make.person("Lucet", "Ines", email="i@exemple.example")
	child = make.child("Lucet", "Yolaine")
	family = make.family(
		make.member(one, "Representative 1"), make.member(other, "Representative 2"), make.member(child)
	)
	make.enrolment(
		family, None, (make.payer(family, one), 40), (make.payer(family, other), 60), person=child.name
	)
	refused(errors.PayersCollide, "Person", one.name, other.name)


def test_billing_in_progress_makes_a_merge_wait(site, monkeypatch):
	one, other = make.family(), make.family()
	monkeypatch.setattr("concerto_education.billing.guards.is_billing_busy", lambda: True)
	refused(errors.MergeMustWait, "Family", one.name, other.name)


def test_persons_named_along_must_be_members_of_the_two(twins):
	stranger = make.person("Lucet", "Ines")
	with pytest.raises(frappe.PermissionError):
		api.merge_records(
			"Family",
			twins.kept.family.name,
			twins.dropped.family.name,
			[[twins.kept.mother.name, stranger.name]],
		)
	assert frappe.db.exists("Person", stranger.name)
