"""Meals ordered, served and billed, and the order on paper and as a table (R41)."""

import frappe
from freezegun import freeze_time

from concerto_education.attendance.meals import board, comparison
from concerto_education.authority import roles
from concerto_education.engine.meals import Plate
from tests import builders as make
from tests.meal_town import MONDAY, THURSDAY, TUESDAY

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
