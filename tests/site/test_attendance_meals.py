"""Meal orders: who is counted, versions, the cut-off, who sees what, and the three numbers compared (R26, R27, R41)."""

import json
from datetime import date, datetime

import frappe
import pytest
from freezegun import freeze_time

from concerto_education.attendance import errors
from concerto_education.attendance.meals import api, board, census, cutoff, mail, orders
from concerto_education.authority import roles
from tests import builders as make
from tests.meal_town import THURSDAY, TUESDAY, Town


def plates(doc):
	return {(row.age_class, row.diet or "", row.own_meal): row.quantity for row in doc.lines}


# ---------------------------------------------------------------- who is counted


def test_R26_R41_portions_adults_and_own_meals_are_counted_apart(town):
	town.child("GS")
	town.child("CM2")
	town.child(None, birth_date="2022-06-01")  # no class known: four years old
	town.child("CE1", category="Enfant panier repas")
	town.adult("Autres")
	town.adult("Gratuité")
	town.child("CP", at=town.second)
	doc = town.order()
	assert plates(doc) == {
		("Maternelle", "", 0): 2,
		("Élémentaire", "", 0): 1,
		("Élémentaire", "", 1): 1,
		("Adultes", "", 0): 2,
	}
	assert (doc.total, doc.own_meals, doc.version, doc.difference) == (5, 1, 0, 0)


def test_R27_the_number_of_adults_is_the_usual_one_until_one_is_typed(town):
	town.doc.sites[0].adults = 3
	town.doc.save()
	town.child()
	assert census.census(town.service, town.first, TUESDAY).extra == 3
	assert api.set_adults(town.first, TUESDAY, 5) == {"adults": 5}
	assert api.set_adults(town.first, TUESDAY, 0) == {"adults": 0}
	assert census.census(town.service, town.first, THURSDAY).extra == 3
	with pytest.raises(errors.NegativeNumber):
		api.set_adults(town.first, TUESDAY, -1)


@pytest.mark.parametrize("status", ["Absent", "Justified", "Cancelled"])
def test_R27_whoever_is_known_to_be_away_is_not_cooked_for(town, status):
	away, there = town.child(), town.child()
	values = {"reason": "Sortie scolaire"} if status == "Justified" else {}
	with freeze_time("2026-09-15 08:00:00.5"):
		make.attendance(away, str(TUESDAY), status, **values)
		make.attendance(there, str(TUESDAY), "Present")
		assert set(census.census(town.service, town.first, TUESDAY).eaters) == {there.person}


def test_R41_who_is_at_two_activities_with_a_meal_eats_once(town):
	other = make.activity(town.first, units=("jour",))
	town.doc.append("sites", {"site": town.first, "activity": other.name})
	town.doc.save()
	enrolment = town.child()
	family = frappe.get_doc("Family", enrolment.family)
	make.enrolment(
		family, other, enrolment.payers[0].payer and frappe.get_doc("Payer", enrolment.payers[0].payer)
	)
	assert town.order().total == 1


# ---------------------------------------------------------------- versions


def test_R41_a_correction_keeps_the_difference_and_who_made_the_change(town):
	first, gone = town.child("GS"), town.child("CP")
	order = town.order()
	assert town.order() is None  # nothing has changed
	row = make.attendance(gone, str(TUESDAY), "Cancelled")
	town.child("GS")
	correction = town.order(origin=orders.LATE)
	assert (correction.version, correction.total, correction.difference) == (1, 2, 0)
	assert {(line.age_class, line.previous, line.quantity, line.difference) for line in correction.lines} == {
		("Maternelle", 1, 2, 1),
		("Élémentaire", 1, 0, -1),
	}
	changes = {change["person"]: change for change in json.loads(correction.changes)}
	assert set(changes) == {gone.person, *(set(orders.persons_of(correction)) - {first.person})}
	assert changes[gone.person]["after"] is None
	assert changes[gone.person]["by"] == row.modified_by
	order.reload()
	assert (order.is_latest, order.total) == (0, 2)
	assert orders.latest(town.kitchen, town.first, TUESDAY).name == correction.name


def test_R41_an_order_is_never_changed_nor_deleted(town):
	town.child()
	order = town.order()
	order.total = 100
	with pytest.raises(errors.OrderIsFixed):
		order.save()
	with pytest.raises(errors.OrderIsFixed):
		frappe.delete_doc("Meal Order", order.name)


def test_R41_the_database_takes_a_version_once(town):
	town.child()
	order = town.order()
	copy = frappe.copy_doc(order)
	with pytest.raises(frappe.UniqueValidationError):
		copy.insert()


def test_R27_nothing_is_ordered_for_a_day_that_is_over_or_closed(town):
	town.child()
	with pytest.raises(errors.OrderTooLate):
		town.order(date(2026, 9, 11))
	with pytest.raises(errors.NothingToOrder):
		town.order(date(2026, 9, 16))  # a Wednesday


# ---------------------------------------------------------------- the cut-off


def test_R27_the_scheduler_orders_at_the_cut_off_and_not_before(town):
	town.child()
	town.child(at=town.second)
	assert cutoff.run_due()  # for Monday itself: its cut-off was on Friday
	assert not orders.latest(town.kitchen, town.first, TUESDAY)
	with freeze_time("2026-09-14 10:00:00.5"):
		made = [frappe.get_doc("Meal Order", name) for name in cutoff.run_due()]
		assert {(doc.site, str(doc.meal_date), doc.version, doc.origin) for doc in made} == {
			(town.first, str(TUESDAY), 0, orders.CUT_OFF),
			(town.second, str(TUESDAY), 0, orders.CUT_OFF),
		}
		assert made[0].cut_off == datetime.fromisoformat("2026-09-14 10:00")
		assert cutoff.run_due() == []  # once


def test_R27_the_meals_of_monday_are_ordered_on_friday(town):
	town.child()
	with freeze_time("2026-09-18 09:59:00.5"):
		cutoff.run_due()
		assert not orders.latest(town.kitchen, town.first, date(2026, 9, 21))
	with freeze_time("2026-09-18 10:00:00.5"):
		cutoff.run_due()
		assert orders.latest(town.kitchen, town.first, date(2026, 9, 21)).total == 1


def test_R41_late_changes_are_corrected_by_the_system_until_the_hour_of_the_settings(town):
	town.child()
	with freeze_time("2026-09-14 10:00:00.5"):
		cutoff.run_due()
	town.child()
	with freeze_time("2026-09-15 09:31:00.5"):
		cutoff.run_due()
		assert orders.latest(town.kitchen, town.first, TUESDAY).version == 0  # it is being cooked
	with freeze_time("2026-09-15 09:29:59.5"):
		cutoff.run_due()
	found = orders.latest(town.kitchen, town.first, TUESDAY)
	assert (found.version, found.origin, found.difference) == (1, orders.LATE, 1)


def test_R41_by_hand_only_where_the_settings_say_so(monday):
	town = Town(corrections="By Hand")
	town.child()
	town.order(TUESDAY)
	town.child()
	cutoff.run_due()
	assert orders.latest(town.kitchen, town.first, TUESDAY).version == 0
	assert api.order(town.first, TUESDAY)["made"]
	assert orders.latest(town.kitchen, town.first, TUESDAY).version == 1


def test_R27_what_was_ordered_ahead_of_time_is_brought_up_to_date_at_the_cut_off(monday):
	town = Town(corrections="By Hand")
	town.child()
	town.order(TUESDAY)
	town.child()
	with freeze_time("2026-09-14 10:00:00.5"):
		cutoff.run_due()
		found = orders.latest(town.kitchen, town.first, TUESDAY)
		assert (found.version, found.total, found.origin) == (1, 2, orders.CUT_OFF)
		town.child()
		cutoff.run_due()  # from now on by hand
		assert orders.latest(town.kitchen, town.first, TUESDAY).version == 1


def test_R41_two_workers_order_once(town, monkeypatch):
	town.child()
	town.order(TUESDAY)

	def too_late(*args):
		raise frappe.UniqueValidationError

	monkeypatch.setattr(orders, "make", too_late)
	monkeypatch.setattr(frappe.db, "rollback", lambda *args, **kwargs: None)
	before = frappe.db.count("Error Log")
	assert cutoff.run_due() == []
	assert frappe.db.count("Error Log") == before
	with pytest.raises(errors.AlreadyRecorded):
		api.order(town.first, TUESDAY)


def test_R41_one_kitchen_that_fails_stops_no_other(town, monkeypatch):
	other = Town()
	other.child()
	run = cutoff.run_kitchen

	def fail_for_the_first(one, now):
		if one.kitchen == town.kitchen:
			raise RuntimeError("broken")
		return run(one, now)

	monkeypatch.setattr(cutoff, "run_kitchen", fail_for_the_first)
	monkeypatch.setattr(frappe.db, "rollback", lambda *args, **kwargs: None)
	assert cutoff.run_due()
	assert frappe.db.exists("Error Log", {"method": ("like", f"%{town.kitchen}%")})


def test_R41_the_order_is_sent_to_the_kitchen_with_its_page(monday, monkeypatch):
	town = Town(email="cuisine@concerto.example\nchef@concerto.example")
	town.child()
	letters = []
	monkeypatch.setattr(mail.mail, "send", lambda *args, **kwargs: letters.append((args, kwargs)) or True)
	with freeze_time("2026-09-14 10:00:00.5"):
		cutoff.run_due()
	days = {kwargs["attachments"][0]["fname"][-14:-4] for _args, kwargs in letters}
	assert days == {"2026-09-14", "2026-09-15"}
	args, kwargs = letters[0]
	assert args[1] == ["cuisine@concerto.example", "chef@concerto.example"]
	assert kwargs["attachments"][0]["fcontent"].startswith(b"%PDF")
	assert (
		orders.latest(town.kitchen, town.first, TUESDAY).sent_to
		== "cuisine@concerto.example\nchef@concerto.example"
	)


# ---------------------------------------------------------------- settings


@pytest.mark.parametrize(
	"values",
	[
		{"kitchen": None},
		{"email": "no address"},
		{"cut_off_time": "25h"},
		{"age_classes": [{"label": "Enfants"}]},
		{"age_classes": [{"label": "A"}, {"label": "a", "adults": 1}]},
	],
	ids=["no kitchen", "email", "hour", "no adults", "label twice"],
)
def test_R41_settings_of_a_kitchen_that_contradict_themselves_are_refused(town, values):
	if values == {"kitchen": None}:
		values = {"kitchen": town.first}
	row = {"site": make.activity().sites[0].site}
	activity = frappe.db.get_value("Activity Site", {"site": row["site"]}, "parent")
	with pytest.raises(errors.InvalidMealService):
		make.insert(
			"Meal Service",
			**{"kitchen": make.site(kind="Kitchen").name, "sites": [{**row, "activity": activity}], **values},
		)


def test_R41_a_meal_is_cooked_by_one_kitchen(town):
	with pytest.raises(errors.InvalidMealService, match=town.kitchen):
		make.insert(
			"Meal Service",
			kitchen=make.site(kind="Kitchen").name,
			sites=[{"site": town.first, "activity": town.canteen.name}],
		)


# ---------------------------------------------------------------- who sees what


def test_R41_a_kitchen_sees_what_is_ordered_from_it_and_no_other(town):
	town.child()
	mine, other = town.order(), Town()
	other.child()
	theirs = other.order()
	frappe.set_user(make.user(roles.KITCHEN, sites=(town.kitchen,)))
	assert frappe.get_list("Meal Order", pluck="name") == [mine.name]
	assert frappe.get_doc("Meal Order", mine.name).has_permission("read")
	assert not frappe.get_doc("Meal Order", theirs.name).has_permission("read")
	assert [row["kitchen"] for row in board.kitchens()] == [town.kitchen]
	with pytest.raises(frappe.PermissionError):
		board.require(other.kitchen)


def test_R41_a_coordinator_sees_the_order_of_the_own_school_only(town):
	town.child()
	mine, other = town.order(), town.order(at=town.second)
	frappe.set_user(make.user(roles.SCHOOL_COORDINATOR, sites=(town.first,)))
	assert frappe.get_list("Meal Order", pluck="name") == [mine.name]
	assert not frappe.get_doc("Meal Order", other.name).has_permission("read")
	assert [row["site"] for row in board.day_board(town.service, TUESDAY)["sites"]] == [town.first]
	with pytest.raises(frappe.PermissionError):
		api.order(town.second, TUESDAY)
	with pytest.raises(frappe.PermissionError):
		api.set_adults(town.second, TUESDAY, 2)


def test_R41_a_kitchen_reads_numbers_and_no_names(town):
	enrolment = town.child()
	order = town.order()
	frappe.set_user(make.user(roles.KITCHEN, sites=(town.kitchen,)))
	doc = frappe.get_doc("Meal Order", order.name)
	doc.apply_fieldlevel_read_permissions()
	assert doc.total == 1
	assert not doc.get("persons") and not doc.get("changes")
	assert enrolment.person not in json.dumps(board.day_board(town.service, TUESDAY), default=str)
	assert not frappe.has_permission("Attendance", "read")
	for field in ("persons", "changes"):
		rows = frappe.get_list("Meal Order", fields=["name", field])
		assert not any(row.get(field) for row in rows), field
	with pytest.raises(frappe.PermissionError):
		api.order(town.first, TUESDAY)


def test_R23_R41_individual_plates_without_names_unless_the_settings_say_so(town, monkeypatch):
	enrolment = town.child("CP")
	name = frappe.db.get_value("Person", enrolment.person, "full_name")
	monkeypatch.setattr(
		"concerto_education.attendance.meals.census.needs",
		lambda persons, day: {enrolment.person: census.Need(leave_out=("Arachides",), has_pai=True)},
	)
	order = town.order()
	assert plates(order) == {("Élémentaire", census.INDIVIDUAL, 0): 1}
	assert json.loads(order.plates)[0]["leave_out"] == ["Arachides"]
	assert name not in order.plates
	town.doc.show_names = 1
	town.doc.save()
	assert town.order() is None  # that names may be seen is no other meal
	town.child()
	assert name in town.order().plates
	frappe.set_user(make.user(roles.FINANCE_CLERK))
	doc = frappe.get_doc("Meal Order", order.name)
	doc.apply_fieldlevel_read_permissions()
	assert not doc.get("plates")
