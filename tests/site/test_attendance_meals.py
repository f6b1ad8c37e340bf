"""Meal orders: who is counted, versions, the cut-off, who sees what, and the three numbers compared (R26, R27, R41)."""

import json
from datetime import date, datetime

import frappe
import pytest
from freezegun import freeze_time

from concerto_education.attendance import errors
from concerto_education.attendance.meals import api, board, census, comparison, cutoff, mail, orders, services
from concerto_education.authority import roles
from concerto_education.engine.meals import Plate
from tests import builders as make

MONDAY, TUESDAY, THURSDAY = date(2026, 9, 14), date(2026, 9, 15), date(2026, 9, 17)


@pytest.fixture
def monday(site, monkeypatch):
	"""Monday, 8 o'clock; the site is in the time zone of freezegun."""
	monkeypatch.setattr(frappe.utils.data, "get_system_timezone", lambda: "UTC")
	monkeypatch.setattr(cutoff, "checkpoint", lambda: None)
	# Kitchens of the site are out of the way: only the test's own makes orders.
	frappe.db.set_value("Meal Service", {"active": 1}, "active", 0)
	with freeze_time("2026-09-14 08:00:00.5"):
		yield


class Town:
	"""A kitchen that cooks for two schools, each with a canteen of its own children."""

	def __init__(self, **settings):
		make.school_year()
		self.kitchen = make.site(kind="Kitchen").name
		self.first, self.second = make.site().name, make.site().name
		self.canteen = make.activity(
			self.first,
			self.second,
			categories=("Enfant", "Enfant panier repas", "Gratuité", "Autres"),
			billing_rule="Planned Unless Justified",
		)
		rows = [
			{"site": at, "activity": self.canteen.name, "unit": "midi"} for at in (self.first, self.second)
		]
		self.doc = make.insert("Meal Service", kitchen=self.kitchen, sites=rows, **settings)

	@property
	def service(self):
		return services.service(self.kitchen)

	def child(self, school_class="CP", at=None, category="Enfant", birth_date="2020-01-01"):
		kid = make.child(school_class=school_class, birth_date=birth_date)
		home = make.family(make.member(make.person(), "Representative 1"), make.member(kid))
		return make.enrolment(home, self.canteen, site=at or self.first, category=category)

	def adult(self, category="Autres"):
		who = make.person(birth_date="1980-01-01")
		return make.enrolment(
			make.family(make.member(who, "Representative 1")), self.canteen, category=category
		)

	def order(self, day=TUESDAY, at=None, origin=orders.BY_HAND):
		return orders.make(self.service, at or self.first, day, origin)


@pytest.fixture
def town(monday):
	return Town()


def plates(doc):
	return {(row.age_class, row.diet or "", row.own_meal): row.quantity for row in doc.lines}


def health(person, *allergens, diet=None, pai=False):
	doc = frappe.new_doc("Health Record")
	doc.person = person
	for allergen in allergens:
		doc.append("allergies", {"allergen": allergen, "severity": "Severe"})
	if diet:
		if not frappe.db.exists("Diet", diet):
			make.insert("Diet", diet_name=diet)
		doc.append("diets", {"diet": diet})
	return doc


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
	town.order(TUESDAY)
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


# ---------------------------------------------------------------- ordered, served, billed


def test_R41_each_difference_has_its_causes(town, monkeypatch):
	there, absent, excused, unticked, own = (
		town.child(),
		town.child(),
		town.child(),
		town.child(),
		town.child(category="Enfant panier repas"),
	)
	town.doc.sites[0].adults = 2
	town.doc.save()
	town.order()
	late = town.child(birth_date="2019-05-05")
	with freeze_time("2026-09-15 14:00:00.5"):
		for enrolment in (there, own, late):
			make.attendance(enrolment, str(TUESDAY), "Present")
		make.attendance(absent, str(TUESDAY), "Absent")
		make.attendance(excused, str(TUESDAY), "Justified", reason="Certificat médical")
		billed = {(town.first, TUESDAY): {there.person, absent.person, own.person}}
		monkeypatch.setattr(
			frappe, "get_hooks", lambda name, *args: ["hook"] if name == comparison.HOOK else []
		)
		monkeypatch.setattr(frappe, "get_attr", lambda path: lambda *args: billed)
		(day,) = comparison.compare(town.service, [town.first], TUESDAY, TUESDAY)
	assert (day.ordered, day.served, len(day.to_pay), day.not_ticked) == (6, 4, 2, 1)
	served, paid = comparison.causes_of_service(day), comparison.causes_of_billing(day)
	assert sum(served.values()) == day.served - day.ordered == -2
	assert sum(paid.values()) == len(day.to_pay) - day.served == -2
	assert served[comparison._not_there("Absent")] == -1
	assert served[comparison._not_there("Planned")] == -1
	assert unticked.person in day.eaters


def test_R41_what_is_billed_comes_from_the_ledger(town, one_billing_transaction):
	from concerto_education.billing import meals

	def charge(entry, day, person, key):
		doc = frappe.new_doc("Charge")
		doc.update(
			{
				"site": town.first,
				"activity": town.canteen.name,
				"service_date": day,
				"person": person,
				"entry": entry,
				"fact_key": key,
			}
		)
		doc.name = frappe.generate_hash(length=12)
		doc.db_insert()

	one, two = make.child().name, make.child().name
	charge("Charge", TUESDAY, one, "a")
	charge("Charge", TUESDAY, two, "b")
	charge("Reversal", TUESDAY, two, "b")
	found = meals.billed([town.canteen.name], [town.first], TUESDAY, THURSDAY)
	assert found == {(town.first, TUESDAY): {one}}  # Thursday was never billed: it is not there


def test_R41_the_report_shows_the_sites_of_the_user(town):
	from concerto_education.attendance.report.meals_compared.meals_compared import execute

	town.child()
	town.order()
	town.child(at=town.second)
	town.order(at=town.second)
	frappe.set_user(make.user(roles.SCHOOL_COORDINATOR, sites=(town.first,)))
	_columns, rows, *_rest = execute({"from_date": str(MONDAY), "to_date": str(THURSDAY)})
	assert {row["site"] for row in rows} == {town.first}


# ---------------------------------------------------------------- on paper


def test_R41_the_page_of_the_day_says_what_to_cook(town):
	from io import BytesIO

	from pypdf import PdfReader

	from concerto_education.attendance.meals import printing

	town.child("GS")
	town.child("CM1", category="Enfant panier repas")
	town.order()
	town.child("GS")
	town.order()
	reader = PdfReader(BytesIO(printing.day_pdf(town.service, TUESDAY)))
	text = reader.pages[0].extract_text()
	for word in (town.kitchen, town.first, "mardi 15 septembre 2026", "Rectification 1", "Maternelle", "+1"):
		assert word.lower() in text.lower(), (word, text)
	assert len(reader.pages) == 1
	week = PdfReader(BytesIO(printing.week_pdf(town.service, TUESDAY)))
	assert len(week.pages) == 1
	assert town.second in week.pages[0].extract_text()


def test_R41_the_table_runs_no_formula(town):
	from concerto_education.attendance.meals import printing
	from concerto_education.authority import tables

	town.child("GS")
	town.order()
	text = printing.table([board.day_board(town.service, TUESDAY)]).decode("utf-8-sig")
	assert f"15/09/2026;{town.kitchen};{town.first};" in text
	assert tables.safe("=1+1") == "'=1+1"
	assert tables.safe("-2+3") == "'-2+3"
	assert tables.safe(-2) == -2
	assert tables.csv_bytes([["@x", "a;b"]]).decode("utf-8-sig") == '\'@x;"a;b"\r\n'


def test_R41_plates_sort_as_the_kitchen_thinks(town):
	town.child("GS")
	town.adult()
	town.child("CP")
	town.child("CP", category="Enfant panier repas")
	town.order()
	(entry, _other) = board.day_board(town.service, TUESDAY)["sites"]
	assert [(row["age_class"], row["own_meal"]) for row in entry["rows"]] == [
		("Maternelle", False),
		("Élémentaire", False),
		("Élémentaire", True),
		("Adultes", False),
	]
	assert Plate("Maternelle").diet == ""
