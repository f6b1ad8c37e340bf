"""Merging carries placements, notes with who has read them, lists of quotients and the log of look-ups (R12, R17, R39)."""

from __future__ import annotations

import frappe
import pytest

from concerto_education.authority import roles
from concerto_education.engine.ranges import DateRange
from concerto_education.families import api, errors
from concerto_education.families.notes import api as notes
from concerto_education.families.placement import days
from tests import builders as make
from tests import merge_cases
from tests.merge_cases import pairs, totals

LINE, LOG = "Quotient Import Line", "API Particulier Request"


@pytest.fixture
def twins(site):
	return merge_cases.twins()


def row(doctype: str, **values) -> str:
	"""Written by the system as in life, straight into its table."""
	doc = frappe.get_doc({"doctype": doctype, **values})
	doc.name = frappe.generate_hash(length=10)
	doc.db_insert()
	return doc.name


def test_r12_everything_of_the_dropped_dossier_is_the_kept_ones(twins):
	kept, dropped = twins.kept.family.name, twins.dropped.family
	dropped.reload()
	carer = make.person("Accueil", "Rose")
	placed = make.placement(dropped, twins.dropped.child, carer)
	note = make.opening_note(dropped, "À savoir.", social_note="Confidentiel.")
	reader = make.user(roles.SCHOOL_COORDINATOR)
	frappe.set_user(reader)
	notes.acknowledge(note.name, 1)
	frappe.set_user("Administrator")
	line = row(LINE, quotient_import="QFI-0000", line=2, status="Added", family=dropped.name)
	log = row(LOG, family=dropped.name, person=twins.dropped.mother.name, user=reader, outcome="Found")
	before = totals(frozenset({"Quotient"}))

	api.merge_records("Family", kept, dropped.name, pairs(twins))

	assert totals(frozenset({"Quotient"})) == before
	for doctype, name in (("Placement", placed.name), ("Opening Note", note.name), (LINE, line), (LOG, log)):
		assert frappe.db.get_value(doctype, name, "family") == kept, doctype
	assert frappe.db.get_value("Placement", placed.name, "person") == twins.kept.child.name
	assert frappe.db.get_value(LOG, log, "person") == twins.kept.mother.name
	span = DateRange.month(2026, 10)
	assert days.payer_spans([twins.kept.child.name], span) == {
		(kept, twins.kept.child.name): [(span, placed.payer)]
	}
	assert frappe.db.get_value("Payer", placed.payer, "family") == kept
	frappe.set_user(reader)
	shown = {one["name"]: one["unread"] for one in notes.notes_of(kept)}
	assert shown[note.name] is False, "who has read it doesn't read it again"
	assert shown[placed.opening_note] is True


def test_r17_two_placements_of_one_child_are_settled_first(twins):
	for side in (twins.kept, twins.dropped):
		side.family.reload()
		make.placement(side.family, side.child, make.person())
	with pytest.raises(errors.PlacementsCollide) as caught:
		api.merge_records("Person", twins.kept.child.name, twins.dropped.child.name)
	assert "mêmes jours" in str(caught.value)
