"""Whoever ticks finds a child by name, also heard wrong, and nothing else of the dossier (R12, R31)."""

from __future__ import annotations

import frappe
import pytest

from concerto_education.attendance import day_sheet, tablet
from concerto_education.attendance.errors import NotTicking
from concerto_education.authority import roles
from concerto_education.families import search_index
from concerto_education.families.search_children import children_found
from tests import builders as make


@pytest.fixture
def family(site):
	"""Two children of one dossier, under a name that no other test uses."""
	name = f"Quirimbaud{make._letters(make.serial())}"
	mother = make.person(name, "Ines", phone="0611223344", email="ines.q@exemple.example")
	kids = [make.child(name, first) for first in ("Leonie", "Gaspard")]
	made = make.family(make.member(mother, "Representative 1"), *(make.member(kid) for kid in kids))
	search_index.rebuild()
	return frappe._dict(name=name, mother=mother, leonie=kids[0].name, gaspard=kids[1].name, family=made)


@pytest.fixture
def agent(site):
	activity = make.activity()
	place = activity.sites[0].site
	frappe.set_user(make.user(roles.ATTENDANCE_AGENT, sites=(place,)))
	return frappe._dict(site=place, activity=activity.name)


def test_r31_a_name_heard_wrong_finds_the_child_of_any_school(family, agent):
	mistyped = family.name[:3] + family.name[4] + family.name[3] + family.name[5:]
	found = tablet.search(agent.site, f"leonie {mistyped}")
	assert [row["person"] for row in found] == [family.leonie]
	assert set(found[0]) == {"person", "last_name", "first_name", "school_class"}


def test_the_family_name_alone_finds_all_its_children_and_no_adult(family):
	assert set(children_found(family.name, 20)) == {family.leonie, family.gaspard}


@pytest.mark.parametrize("text", ["0611223344", "ines.q@exemple.example", "ines", "q", ""])
def test_nothing_but_the_name_of_a_child_finds_it(family, text):
	if text == "ines":  # the mother's first name says nothing of which child is here
		text = f"{text}.q"
	found = children_found(text, 20)
	assert family.leonie not in found and family.gaspard not in found


def test_r10_who_ticks_nowhere_searches_nothing(family, site):
	place = make.site().name
	frappe.set_user(make.user(roles.ATTENDANCE_AGENT))
	with pytest.raises(NotTicking):
		tablet.search(place, family.name)


def test_the_day_sheet_and_the_tablet_offer_the_same(agent):
	on_sheet = {
		row["activity"]
		for entry in day_sheet.options()["sites"]
		if entry["site"] == agent.site
		for row in entry["activities"]
	}
	on_tablet = {row["activity"] for row in tablet.load(agent.site, frappe.utils.getdate())["activities"]}
	assert on_sheet == on_tablet == {agent.activity}
