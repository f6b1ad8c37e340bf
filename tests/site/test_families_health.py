"""Health records: what they hold, what they refuse, what other rooms get of them (R23)."""

from __future__ import annotations

from datetime import date

import frappe
import pytest
from frappe.utils import add_days, getdate, today

from concerto_education.families.health import changes, errors, service, view
from concerto_education.families.health.allergens import ALLERGENS
from tests import builders as make

DAY = date(2026, 11, 24)


@pytest.fixture
def kid(site):
	return make.child()


def marks(kid, day=DAY):
	return service.marks([kid.name], day).get(kid.name)


# ---------------------------------------------------------------- what holds on a day


def test_r23_an_allergy_has_no_end_unless_one_is_given(kid):
	make.health(kid, allergies=[{"allergen": "Peanuts"}])
	assert marks(kid, date(2045, 1, 1)).allergens == ("Peanuts",)


def test_r23_an_allergy_ends_where_the_certificate_says_so(kid):
	make.health(kid, allergies=[{"allergen": "Eggs", "valid_from": "2026-09-01", "valid_to": "2026-11-24"}])
	assert marks(kid, date(2026, 8, 31)) is None
	assert marks(kid, date(2026, 11, 24)).allergens == ("Eggs",)
	assert marks(kid, date(2026, 11, 25)) is None


def test_the_fourteen_allergens_and_others_by_name(kid):
	rows = [{"allergen": one} for one in ALLERGENS]
	rows += [{"allergen": "Other Food", "other": "Fraises"}, {"allergen": "Not Food", "other": "Guêpes"}]
	make.health(kid, allergies=rows)
	found = marks(kid)
	assert len(ALLERGENS) == 14 and set(found.allergens) == {*ALLERGENS, "Other Food", "Not Food"}
	labels = {one.label: one.is_food for one in found.allergies}
	assert labels["Fraises"] and not labels["Guêpes"]


def test_the_worst_allergy_comes_first(kid):
	make.health(
		kid,
		allergies=[
			{"allergen": "Milk", "severity": "Intolerance"},
			{"allergen": "Nuts", "severity": "Life-threatening", "instructions": "Stylo"},
		],
	)
	first = marks(kid).allergies[0]
	assert (first.allergen, first.is_dangerous, first.instructions) == ("Nuts", True, "Stylo")


def test_r23_a_packed_lunch_is_a_food_habit_and_no_diet(kid):
	make.health(kid, diets=[{"diet": "Panier repas"}, {"diet": "Sans porc"}])
	found = marks(kid)
	assert found.packed_lunch and found.diets == ("Sans porc",)


def test_a_diet_that_an_administrator_adds_counts(kid):
	make.insert("Diet", diet_name="Repas de la crèche", packed_lunch=1)
	make.health(kid, diets=[{"diet": "Repas de la crèche"}])
	assert marks(kid).packed_lunch


def test_a_pai_is_to_review_after_a_year_and_holds_even_when_that_is_late(kid):
	record = make.health(kid, plans=[{"signed_on": "2025-09-10", "emergency_kit": "Bureau"}])
	assert getdate(record.plans[0].review_on) == date(2026, 9, 10)
	found = marks(kid)
	assert found.pai and "Bureau" in found.pai_instructions
	assert view.review_state(record.plans[0].review_on, DAY) == "late"
	assert view.review_state("2026-12-01", DAY) == "soon" and view.review_state("2027-03-01", DAY) is None


def test_a_pai_that_was_ended_holds_no_more(kid):
	make.health(kid, plans=[{"signed_on": "2025-09-10", "ends_on": "2026-09-01"}])
	assert marks(kid) is None


def test_marks_of_many_take_no_more_queries_than_of_few(site):
	kids = [make.child() for _number in range(12)]
	for number, kid in enumerate(kids):
		make.health(kid, allergies=[{"allergen": ALLERGENS[number]}], diets=[{"diet": "Sans porc"}])
	assert queries(lambda: service.marks([kids[0].name], DAY)) == queries(
		lambda: service.marks([kid.name for kid in kids], DAY)
	)


def queries(work) -> int:
	counted, run = [], frappe.db.sql

	def counting(*args, **kwargs):
		counted.append(args[0])
		return run(*args, **kwargs)

	frappe.db.sql = counting
	try:
		work()
	finally:
		frappe.db.sql = run
	return len(counted)


# ---------------------------------------------------------------- the kitchen


def test_r41_the_kitchen_gets_numbers_without_names(site):
	kids = [make.child() for _number in range(4)]
	make.health(kids[0], allergies=[{"allergen": "Milk"}], diets=[{"diet": "Sans porc"}])
	make.health(kids[1], allergies=[{"allergen": "Milk"}, {"allergen": "Not Food", "other": "Guêpes"}])
	make.health(kids[2], diets=[{"diet": "Panier repas"}], allergies=[{"allergen": "Eggs"}])
	counts = service.meal_counts([kid.name for kid in kids], DAY)
	assert counts["diets"] == {"Sans porc": 1}
	assert list(counts["allergens"].values()) == [2], "an own meal orders nothing; wasps are not on the plate"
	assert counts["packed_lunch"] == 1
	assert not any(kid.name in str(counts) or kid.last_name in str(counts) for kid in kids)


def test_r41_meal_needs_say_what_is_on_each_plate(site):
	plated, packed = make.child(), make.child()
	make.health(plated, allergies=[{"allergen": "Nuts"}], plans=[{"signed_on": "2026-09-01"}])
	make.health(packed, diets=[{"diet": "Panier repas"}])
	needs = service.meal_needs([plated.name, packed.name, make.child().name], DAY)
	assert set(needs) == {plated.name, packed.name}
	assert needs[plated.name]["plated"] and not needs[plated.name]["own_meal"]
	assert needs[packed.name]["own_meal"] and needs[packed.name]["diet"] == ""


# ---------------------------------------------------------------- bad input


@pytest.mark.parametrize(
	("error", "tables"),
	[
		(errors.UnknownAllergen, {"allergies": [{"allergen": "Chocolat"}]}),
		(errors.AllergenNotNamed, {"allergies": [{"allergen": "Other Food", "other": " "}]}),
		(errors.UnknownSeverity, {"allergies": [{"allergen": "Milk", "severity": "Terrible"}]}),
		(
			errors.HealthEndsBeforeStart,
			{"allergies": [{"allergen": "Milk", "valid_from": "2026-09-02", "valid_to": "2026-09-01"}]},
		),
		(
			errors.HealthEndsBeforeStart,
			{"diets": [{"diet": "Sans porc", "valid_from": "2026-09-02", "valid_to": "2026-09-01"}]},
		),
		(
			errors.HealthEndsBeforeStart,
			{"medicines": [{"medicine": "X", "valid_from": "2026-09-02", "valid_to": "2026-09-01"}]},
		),
		(errors.SameAllergyTwice, {"allergies": [{"allergen": "Milk"}, {"allergen": "Milk"}]}),
		(errors.SameDietTwice, {"diets": [{"diet": "Sans porc"}, {"diet": "Sans porc"}]}),
		(errors.ReviewBeforePlan, {"plans": [{"signed_on": "2026-09-02", "review_on": "2026-09-01"}]}),
		(errors.ReviewBeforePlan, {"plans": [{"signed_on": "2026-09-02", "ends_on": "2026-09-01"}]}),
		(errors.VaccinationInFuture, {"vaccinations": [{"vaccine": "Coqueluche", "given_on": "2096-01-01"}]}),
	],
)
def test_what_is_wrong_is_refused_by_name(kid, error, tables):
	with pytest.raises(error):
		make.health(kid, **tables)


def test_an_allergy_that_came_back_is_there_twice_at_different_times(kid):
	spans = ({"valid_to": "2020-01-01"}, {"valid_from": "2020-01-02"})
	record = make.health(kid, allergies=[{"allergen": "Milk", **span} for span in spans])
	assert len(record.allergies) == 2


def test_a_person_has_one_record_and_it_stays_hers(kid):
	record = make.health(kid)
	with pytest.raises(errors.SecondHealthRecord):
		make.health(kid)
	record.person = make.child().name
	with pytest.raises(frappe.CannotChangeConstantError):
		record.save()


def test_an_adult_who_eats_has_one_too(site):
	adult = make.person()
	changes.add(adult.name, "allergies", allergen="Fish")
	changes.add(adult.name, "diets", diet="Sans viande")
	found = service.marks([adult.name], DAY)[adult.name]
	assert found.allergens == ("Fish",) and found.diets == ("Sans viande",)


def test_the_record_follows_a_corrected_name_and_goes_with_the_person(kid):
	record = make.health(kid, allergies=[{"allergen": "Milk"}])
	kid.reload()
	kid.last_name = "Corrigee"
	kid.save()
	assert frappe.db.get_value("Health Record", record.name, "person_name") == kid.full_name
	frappe.delete_doc("Person", kid.name)
	assert not frappe.db.exists("Health Record", record.name)
	assert not frappe.db.exists("Health Allergy", {"parent": record.name})


def test_r43_forgetting_leaves_no_copy(kid):
	record = make.health(kid, allergies=[{"allergen": "Milk"}])
	record.append("allergies", {"allergen": "Nuts"})
	record.save()
	private_file(record)
	service.forget(kid.name)
	assert not frappe.db.exists("Health Record", record.name)
	for doctype, filters in (
		("Version", {"ref_doctype": "Health Record", "docname": record.name}),
		("Deleted Document", {"deleted_name": record.name}),
		("File", {"attached_to_name": record.name}),
	):
		assert frappe.db.count(doctype, filters) == 0, doctype


def private_file(record, **values):
	return frappe.get_doc(
		{
			"doctype": "File",
			"file_name": f"pai-{frappe.generate_hash(length=6)}.txt",
			"attached_to_doctype": "Health Record",
			"attached_to_name": record.name,
			"is_private": 1,
			"content": f"PAI {frappe.generate_hash(length=6)}",
			**values,
		}
	).insert()


# ---------------------------------------------------------------- documents


def test_a_document_about_health_is_private(kid):
	record = make.health(kid)
	with pytest.raises(errors.HealthFileNotPrivate):
		private_file(record, is_private=0)
	document = private_file(record)
	document.is_private = 0
	with pytest.raises(errors.HealthFileNotPrivate):
		document.save()
	frappe.db.rollback()


# ---------------------------------------------------------------- what is to do


def test_pai_to_review_are_listed_latest_first_and_the_reading_is_recorded(site):
	from concerto_education.families.report.pai_to_review.pai_to_review import execute

	late, fine, renewed = make.child(), make.child(), make.child()
	make.health(late, plans=[{"signed_on": "2025-01-10", "review_on": add_days(today(), -3)}])
	make.health(fine, plans=[{"signed_on": "2025-01-10", "review_on": add_days(today(), 200)}])
	make.health(
		renewed,
		plans=[
			{"signed_on": "2025-01-10", "review_on": add_days(today(), -3)},
			{"signed_on": "2026-01-10", "review_on": add_days(today(), 200)},
		],
	)
	rows = {row["person"]: row for row in execute()[1]}
	assert rows[late.name]["late"] and fine.name not in rows and renewed.name not in rows
	assert frappe.db.exists("Health Access Log", {"person": late.name, "source": "Report"})
