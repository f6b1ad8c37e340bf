"""Two persons become one, and so do their health records, with nothing lost (R12, R23)."""

from __future__ import annotations

import frappe
import pytest

from concerto_education.families import api
from concerto_education.families.health import access_log
from concerto_education.families.health.service import RECORD, TABLES
from tests import builders as make
from tests.site.test_families_health import private_file


@pytest.fixture
def kids(site):
	"""One child entered twice."""
	return tuple(make.child("Lucet", "Yolaine", birth_date="2019-05-23") for _number in range(2))


def rows(record: str) -> dict[str, int]:
	return {
		doctype: frappe.db.count(doctype, {"parent": record, "parenttype": RECORD})
		for doctype in TABLES.values()
	}


def unite(kids):
	api.merge_records("Person", kids[0].name, kids[1].name)
	return frappe.get_doc(RECORD, {"person": kids[0].name})


FULL = {
	"diets": [{"diet": "Sans viande"}],
	"plans": [{"signed_on": "2025-09-10", "emergency_kit": "Bureau"}],
	"vaccinations": [{"vaccine": "Coqueluche", "given_on": "2020-01-10"}],
	"medicines": [{"medicine": "Ventoline"}],
}


def test_r12_rows_documents_and_readings_of_both_are_there_afterwards(kids):
	ours = make.health(kids[0], allergies=[{"allergen": "Milk"}], doctor="Dr Faure")
	theirs = make.health(
		kids[1], allergies=[{"allergen": "Eggs"}], doctor="Dr Roy", remarks="Lunettes", **FULL
	)
	document = private_file(theirs)
	for kid in kids:
		access_log.note([kid.name], "Health Tab")
	before = {doctype: number + rows(theirs.name)[doctype] for doctype, number in rows(ours.name).items()}
	record = unite(kids)
	assert record.name == ours.name and rows(ours.name) == before
	assert {row.allergen for row in record.allergies} == {"Milk", "Eggs"}
	assert [row.idx for row in record.allergies] == [1, 2]
	assert record.doctor == "Dr Faure" and "Dr Roy" in record.remarks and "Lunettes" in record.remarks
	assert frappe.db.get_value("File", document.name, "attached_to_name") == ours.name
	assert frappe.db.count("Health Access Log", {"person": kids[0].name}) == 2
	assert frappe.db.count(RECORD, {"person": ("in", [kid.name for kid in kids])}) == 1
	assert not any(rows(theirs.name).values())
	record.save()  # the united record breaks no rule


def test_r12_a_record_that_only_the_dropped_one_had_is_kept_whole(kids):
	theirs = make.health(kids[1], allergies=[{"allergen": "Eggs"}], **FULL)
	before = rows(theirs.name)
	record = unite(kids)
	assert record.name == theirs.name and rows(record.name) == before
	assert record.person_name == kids[0].full_name


def test_r23_one_allergy_said_twice_keeps_the_worse_severity_the_longer_time_and_both_texts(kids):
	make.health(
		kids[0],
		allergies=[{"allergen": "Nuts", "valid_to": "2027-01-01", "instructions": "Antihistaminique"}],
	)
	make.health(
		kids[1], allergies=[{"allergen": "Nuts", "severity": "Life-threatening", "instructions": "Stylo"}]
	)
	(row,) = unite(kids).allergies
	assert row.severity == "Life-threatening" and row.valid_to is None
	assert "Antihistaminique" in row.instructions and "Stylo" in row.instructions


def test_r12_what_both_say_alike_is_there_once(kids):
	for kid in kids:
		make.health(kid, **FULL)
	record = unite(kids)
	assert set(rows(record.name).values()) == {0, 1}


def test_the_trace_says_nothing_of_what_was_in_the_record(kids):
	make.health(kids[0])
	theirs = make.health(kids[1], allergies=[{"allergen": "Eggs", "instructions": "Stylo d'urgence"}])
	unite(kids)
	log = frappe.get_doc("Merge Log", {"reference_doctype": RECORD, "dropped": theirs.name})
	assert "Stylo" not in log.snapshot and "Eggs" not in log.snapshot
	assert log.part_of, "it belongs to the merge of the persons"
