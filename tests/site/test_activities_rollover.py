"""The next school year: what goes over, what is left and why, and nothing twice (R7, R8)."""

import frappe
import pytest

from concerto_education.activities.rollover import api
from concerto_education.activities.rollover.carry import carry
from concerto_education.activities.rollover.plan import next_class
from concerto_education.authority import roles
from tests import builders as make

OLD, NEW = "2026-2027", "2027-2028"


@pytest.fixture(autouse=True)
def only_one_year():
	make.school_year()
	frappe.db.delete("School Year", {"name": ("!=", OLD)})


def apply(*args) -> dict:
	"""What the background job does, here and now."""
	api.require_right()
	return api._answer(args[0], carry(*args))


def item(answer, kind, label):
	found = [each for each in answer["items"] if each["kind"] == kind and label in each["label"]]
	assert len(found) == 1, found
	return found[0]


def test_a_preview_makes_nothing_and_says_what_would_be_made():
	answer = api.preview(OLD)
	assert item(answer, "School Year", NEW)["make"] and not answer["exists"]
	assert not frappe.db.exists("School Year", NEW)


def test_the_year_is_made_with_its_holidays_and_only_once():
	apply(OLD)
	year = frappe.get_doc("School Year", NEW)
	assert str(year.starts_on) == "2027-09-01" and len(year.holidays) >= 5 and year.public_holidays
	assert apply(OLD)["made"] == 0


def test_an_activity_that_ends_is_prolonged_and_one_without_end_is_left():
	ends = make.activity(valid_from="2026-09-01", valid_to="2027-08-31")
	endless = make.activity()
	answer = apply(OLD)
	assert item(answer, "Activity", ends.name)["make"]
	assert str(frappe.db.get_value("Activity", ends.name, "valid_to")) == "2028-08-31"
	assert "d’elle-même" in item(answer, "Activity", endless.name)["text"]


def test_a_camp_is_left():
	camp = make.activity(
		kind="Camp",
		camp_number="9",
		camp_place="Val",
		valid_from="2027-07-12",
		valid_to="2027-07-16",
		in_summer=1,
	)
	answer = apply(OLD)
	assert not item(answer, "Activity", camp.name)["make"]
	assert str(frappe.db.get_value("Activity", camp.name, "valid_to")) == "2027-07-16"


def test_periods_follow_the_year_and_its_holidays():
	year = frappe.get_doc("School Year", OLD)
	winter = next(row for row in year.holidays if "iver" in row.label)
	act = make.activity(
		in_small_holidays=1,
		periods=[
			{"label": "Hiver", "starts_on": winter.starts_on, "ends_on": winter.ends_on},
		],
	)
	preview = item(api.preview(OLD), "Enrolment Period", act.name)
	answer = item(apply(OLD), "Enrolment Period", act.name)
	assert preview["text"] == answer["text"], "the preview knows the holidays of the year to come"
	act.reload()
	new = frappe.get_doc("School Year", NEW)
	expected = next(row for row in new.holidays if "iver" in row.label)
	assert (act.periods[1].starts_on, act.periods[1].ends_on) == (expected.starts_on, expected.ends_on)
	apply(OLD)
	act.reload()
	assert len(act.periods) == 2


def test_a_tariff_that_ends_is_copied_with_its_rows_and_an_open_one_is_left():
	act = make.activity()
	ended = make.tariff(
		act, bands=((0, 350, 2.2), (350, 0, 2.8)), valid_to="2027-08-31", label="Repas 2026-2027"
	)
	open_end = make.tariff(make.activity(), 3)
	answer = apply(OLD)
	assert item(answer, "Tariff", ended.label)["make"] and not item(answer, "Tariff", open_end.label)["make"]
	copy = frappe.get_doc("Tariff", {"activity": act.name, "valid_from": "2027-09-01"})
	assert copy.label == "Repas 2027-2028" and [row.price for row in copy.bands] == [2.2, 2.8]
	assert apply(OLD)["made"] == 0


def test_a_continuing_child_is_enrolled_and_moves_up_once():
	act = make.activity(age_from=3, age_to=11)
	of = make.enrolment(None, act, pattern="14")
	frappe.db.set_value("Person", of.person, {"school_class": "CE1", "birth_date": "2019-03-14"})
	for made in (1, 0):
		answer = apply(OLD, [act.name], 1)
		assert sum(each["make"] for each in answer["items"] if each["kind"] == "Enrolment") == made
	new = frappe.get_doc("Enrolment", {"person": of.person, "valid_from": "2027-09-01"})
	assert new.pattern[0].monday and new.pattern[0].thursday and new.payers[0].payer == of.payers[0].payer
	assert frappe.db.get_value("Person", of.person, "school_class") == "CE2"


@pytest.mark.parametrize(
	("person", "why"),
	[
		({"school_class": "CM2"}, "quitte l’école"),
		({"birth_date": "2015-01-01"}, "n’aura plus l’âge"),
	],
)
def test_who_does_not_continue_is_left_with_the_reason(person, why):
	act = make.activity(age_from=3, age_to=11)
	of = make.enrolment(None, act)
	frappe.db.set_value("Person", of.person, person)
	answer = api.preview(OLD, [act.name])
	found = next(each for each in answer["items"] if each["kind"] == "Enrolment" and each["name"] == of.name)
	assert not found["make"] and why in found["text"]


def test_one_enrolment_that_a_rule_refuses_stops_no_other():
	act = make.activity()
	good, bad = make.enrolment(None, act), make.enrolment(None, act)
	frappe.db.set_value("Payer", bad.payers[0].payer, "active", 0)
	answer = apply(OLD, [act.name])
	by_name = {each["name"]: each for each in answer["items"] if each["kind"] == "Enrolment"}
	assert by_name[good.name]["make"] and not by_name[bad.name]["make"] and by_name[bad.name]["text"]


def test_classes():
	assert [next_class(each) for each in ("PS", "gs", "CM2", "6e", None)] == ["MS", "CP", None, None, None]


@pytest.mark.parametrize("role", [roles.SCHOOL_COORDINATOR, roles.LEISURE_DIRECTOR, roles.FINANCE_CLERK])
def test_only_administrators_prepare_the_year(role):
	frappe.set_user(make.user(role))
	for call in (api.start, lambda: api.preview(OLD), lambda: apply(OLD)):
		with pytest.raises(frappe.PermissionError):
			call()
