"""Every method on the form: what is kept, refused, warned about, simulated and explained (R7, R26)."""

from datetime import date

import frappe
import pytest
from frappe.utils import safe_exec

from concerto_education.activities import errors
from concerto_education.activities.tariffs import simulator, tariff_book
from concerto_education.activities.tariffs.coverage import warnings
from concerto_education.engine.errors import NoTariff
from tests import builders as make

DAY = "2026-09-15"
UNITS = ("matin", "repas", "aprem")
BANDS = ((0, 700, 5), (700, 0, 9))


def tariff(method: str, act=None, **values):
	return make.tariff(act or make.activity(units=UNITS), values.pop("price", None), method=method, **values)


def shown(answer: dict) -> str:
	return answer.get("amount", answer.get("problem", "")).replace("\u00a0", " ").replace("\u202f", " ")


def simulate(doc, quotient=None, day: str = DAY, **answers) -> str:
	return shown(doc.simulate(day, quotient, answers))


@pytest.fixture
def scripts_allowed(monkeypatch):
	monkeypatch.setitem(frappe.conf, "server_script_enabled", 1)
	# Where the framework reads the bench's configuration only; elsewhere nothing asks for it.
	monkeypatch.setattr(safe_exec, "is_safe_exec_enabled", lambda: True, raising=False)


# ---------------------------------------------------------------- a price by each method


@pytest.mark.parametrize(
	("quotient", "price"),
	[(0, "4,00 €"), (400, "4,00 €"), (800, "9,60 €"), (2000, "14,00 €"), (9999, "14,00 €")],
)
def test_R26_a_rate_of_the_quotient_between_floor_and_ceiling(quotient, price):
	doc = tariff("QF Linear", linear_percent=1.2, linear_floor=4, linear_ceiling=14)
	doc.linear_floor = 4.8 if quotient == 400 and price == "4,80 €" else 4
	assert simulate(doc, quotient) == ("4,80 €" if quotient == 400 else price)


def test_R26_two_points_are_a_straight_line_flat_outside():
	doc = tariff(
		"QF Linear", linear_by="Two Points", quotient_low=400, price_low=4, quotient_high=1200, price_high=12
	)
	assert [simulate(doc, value) for value in (0, 401, 800, 5000)] == [
		"4,00 €",
		"4,01 €",
		"8,00 €",
		"12,00 €",
	]


def test_R26_started_half_hours_with_free_minutes_and_a_limit():
	doc = tariff("Per Duration", price=0.6, slice_minutes=30, free_minutes=5, max_slices=4)
	times = (("16:30", "16:35"), ("16:30", "16:36"), ("16:30", "17:36"), ("7h00", "19h00"))
	found = [simulate(doc, arrival=arrival, departure=departure) for arrival, departure in times]
	assert found == ["0,00 €", "0,60 €", "1,80 €", "2,40 €"]
	assert "durée" in simulate(doc), "without times there is no price"


def test_R26_a_price_by_duration_may_depend_on_the_quotient():
	doc = tariff("Per Duration", price_basis="QF Bands", bands=BANDS)
	assert not doc.price
	assert simulate(doc, 300, arrival="08:00", departure="08:31") == "10,00 €"


def test_R26_a_unit_price_of_four_decimals_is_kept_and_the_steps_sum():
	doc = tariff("Per Duration", price=0.4375, decimals="4")
	answer = doc.simulate(DAY, None, {"arrival": "08:00", "departure": "09:30"})
	assert shown(answer) == "1,31 €", "3 × 0.4375 = 1.3125"
	assert answer["lines"][0]["amount"] == "0,4375\u00a0€"


def test_R26_most_units_first_and_the_quotient_for_some_of_them():
	rows = [{"units": "aprem+matin + repas", "quotient_from": 0, "quotient_below": 700, "price": 8},
		{"units": "matin + repas + aprem", "quotient_from": 700, "quotient_below": 0, "price": 12},
		{"units": "matin", "price": 4}, {"units": "repas", "price": 3.5}]  # fmt: skip
	doc = tariff("Unit Combination", combinations=rows)
	assert doc.combinations[0].units == "matin + repas + aprem", "written in the order of the day"
	assert simulate(doc, 512, units=list(UNITS)) == "8,00 €"
	assert simulate(doc, units=["matin", "repas"]) == "7,50 €", (
		"the whole day needs the quotient, these don't"
	)
	assert "Aprem" in simulate(doc, 512, units=["aprem"]), "no price for the afternoon alone, by name"
	answer = doc.simulate(DAY, 512, {"units": ["aprem", "repas", "matin"]})
	assert "Matin + Repas + Aprem" in answer["lines"][0]["text"], (
		"in the order of the day, not of the alphabet"
	)


@pytest.mark.parametrize("method", ["Per Week", "Per Month", "Per Stay"])
def test_R26_periods_have_one_price_or_bands(method):
	assert simulate(tariff(method, price=25)) == "25,00 €"
	assert simulate(tariff(method, price_basis="QF Bands", bands=BANDS), 800) == "9,00 €"


def test_R26_siblings_residence_and_limits_are_explained_line_by_line():
	doc = tariff(
		"Flat",
		price=10,
		sibling_rates=[{"rank_from": 2, "percent": 50}],
		non_resident_percent=150,
		non_resident_surcharge=1,
		minimum=9,
	)
	answer = doc.simulate(DAY, None, {"sibling_rank": 2, "resident": "0"})
	assert shown(answer) == "9,00 €" and len(answer["lines"]) == 5
	assert simulate(doc, sibling_rank=1, resident="1") == "10,00 €"


def test_R36_the_simulator_takes_resources_and_hours():
	doc = tariff("Effort Rate", valid_from="2026-01-01")
	known = {"resources": "48000", "children": 2}
	assert simulate(doc, **known, hours=119) == "245,14 €"
	assert simulate(doc, **known, arrival="09:00", departure="10:31") == "4,12 €"
	assert simulate(doc, placed=1, children=1) == "0,50 €"
	assert "ressources" in simulate(doc)


# ---------------------------------------------------------------- what is refused or cleared


@pytest.mark.parametrize(
	("method", "values"),
	[
		("QF Linear", {"linear_percent": 1.2}),  # no ceiling: no price for an unknown quotient
		("QF Linear", {"linear_ceiling": 10}),  # no rate
		("QF Linear", {"linear_percent": 1, "linear_floor": 9, "linear_ceiling": 3}),
		("QF Linear", {"linear_by": "Two Points", "quotient_low": 900, "price_low": 1, "quotient_high": 400}),
		("Per Week", {}),
		("Unit Combination", {}),
		("Unit Combination", {"combinations": [{"units": "matin", "quotient_from": 10, "price": 1}]}),
		(
			"Flat",
			{"price": 1, "sibling_rates": [{"rank_from": 2, "percent": 50}, {"rank_from": 2, "percent": 40}]},
		),
		("Flat", {"price": 1, "minimum": 5, "maximum": 2}),
	],
)
def test_R26_rows_that_say_no_price_are_refused_by_name(method, values):
	with pytest.raises(errors.InvalidTariff):
		tariff(method, **values)


def test_R26_a_combination_names_units_of_the_activity():
	with pytest.raises(errors.NotOffered) as refused:
		tariff("Unit Combination", combinations=[{"units": "matin + soir", "price": 4}])
	assert "soir" in str(refused.value) and "aprem" in str(refused.value), "says which units there are"


def test_R26_what_another_method_left_behind_is_cleared():
	doc = tariff("QF Bands", bands=BANDS)
	doc.update({"method": "QF Linear", "linear_percent": 1, "linear_ceiling": 9})
	doc.save()
	assert not doc.bands and doc.linear_ceiling == 9
	doc.update({"method": "Flat", "price": 3})
	doc.save()
	assert not doc.linear_percent and not doc.linear_ceiling


def test_R26_tariffs_of_different_uses_do_not_overlap():
	act = make.activity()
	make.tariff(act, 10)
	make.tariff(act, 12, use="Presence Not Booked")
	late = make.tariff(act, 5, use="Late Pick-up", maximum=3, non_resident_percent=150)
	assert not late.maximum and not late.non_resident_percent, "a penalty is the same for everybody"
	with pytest.raises(errors.TariffsOverlap):
		make.tariff(act, 6, use="Late Pick-up")
	book = tariff_book([act.name])
	assert book.find(act.name, None, None, date(2026, 9, 15), "late_pickup").id == late.name
	with pytest.raises(NoTariff):
		book.find("another", None, None, date(2026, 9, 15), "late_pickup")


# ---------------------------------------------------------------- gaps are warned about


def test_R26_days_categories_and_sites_without_a_tariff_are_named():
	first, second = make.site("École A"), make.site("École B")
	for name in ("Essai", "Autre essai"):
		if not frappe.db.exists("Enrolment Category", name):
			make.insert("Enrolment Category", category_name=name, audience="Everybody")
	act = make.activity(first, second, categories=("Essai", "Autre essai"))
	assert warnings(act.name) == [], "nothing to warn about before there is a tariff"
	make.tariff(act, 2, category="Essai", valid_from="2026-09-01", valid_to="2026-12-31")
	make.tariff(act, 3, category="Essai", valid_from="2027-01-04")
	make.tariff(act, 1, category="Autre essai", site=first.name)
	found = " | ".join(warnings(act.name))
	assert "01/01/2027" in found and "03/01/2027" in found and "Essai" in found
	assert "Autre essai, École B" in found
	make.tariff(act, 1, category="Autre essai", site=second.name)
	assert "Autre essai" not in " ".join(warnings(act.name))


def test_R26_saving_says_what_is_missing_and_saves_all_the_same():
	frappe.clear_messages()
	doc = make.tariff(make.activity(), 2, valid_to="2026-12-31")
	said = " ".join(str(message) for message in frappe.get_message_log())
	assert "01/01/2027" in said and frappe.db.exists("Tariff", doc.name)
	frappe.clear_messages()


# ---------------------------------------------------------------- a script


def script(text: str, **values) -> str:
	doc = make.insert(
		"Server Script",
		name=f"Prix {make.serial()}-{frappe.generate_hash(length=5)}",
		script_type="API",
		api_method=f"prix_{frappe.generate_hash(length=8)}",
		script=text,
		**values,
	)
	return doc.name


HALVES = """
if situation.quotient is None:
    refuse("Le quotient manque")
add("Part fixe", "2")
add("Part du quotient", situation.quotient * number("0.005"))
if situation.age is not None and situation.age < 6:
    add("Moins de 6 ans", "-1.005")
"""


def test_R26_a_script_gives_amount_and_reasons_or_a_named_error(scripts_allowed):
	doc = tariff("Script", script=script(HALVES))
	answer = doc.simulate(DAY, 512)
	assert shown(answer) == "4,56 €"
	assert [line["text"] for line in answer["lines"]] == ["Part fixe", "Part du quotient"]
	assert "Le quotient manque" in simulate(doc)


@pytest.mark.parametrize(
	"text",
	[
		'add("Un flottant", 2.675)',
		'add("Rien", None)',
		"pass",
		"1 / 0",
		'add("Un crédit", "-3")',
		"import os",
	],
)
def test_R26_a_script_that_fails_is_a_problem_by_name_and_never_a_price(scripts_allowed, text):
	try:
		name = script(text)
	except Exception as refused:  # noqa: BLE001 - the framework already refuses to store what it can't compile
		assert "import" in text, refused
		return
	answer = tariff("Script", script=name).simulate(DAY, 512)
	assert "amount" not in answer and answer["problem"]
	assert not frappe.flags.in_safe_exec, "the mark of the sandbox doesn't stay behind"


def test_R26_where_scripts_are_not_allowed_the_tariff_says_so(monkeypatch, scripts_allowed):
	doc = tariff("Script", script=script(HALVES))
	monkeypatch.setitem(frappe.conf, "server_script_enabled", 0)
	assert "n’autorise pas les scripts" in simulate(doc, 512)
	doc.run_method("onload")
	assert doc.get_onload("scripts_allowed") is False
	# It may still be ended, but not made.
	doc.valid_to = "2026-12-31"
	doc.save()
	with pytest.raises(errors.ScriptsNotAllowed):
		tariff("Script", script=doc.script)
	monkeypatch.delitem(frappe.conf, "server_script_enabled")
	with pytest.raises(errors.ScriptsNotAllowed):
		tariff("Script", script=doc.script)


# ---------------------------------------------------------------- the page of the simulator


def home(quotient=512, **values):
	family = make.family(**values)
	frappe.db.delete("Quotient", {"family": family.name})
	make.quotient(family, quotient, valid_from="2026-09-01", valid_to="2027-08-31")
	return family


def child_of(family) -> str:
	return next(row.person for row in family.members if row.role == "Child")


def test_R26_the_page_finds_the_tariff_and_takes_the_quotient_of_the_dossier():
	act = make.activity()
	make.tariff(act, bands=((0, 700, 5), (700, 0, 9)), label="Tarif du jour")
	asked = simulator.questions(act.name, DAY, "Enfant", act.sites[0].site)
	assert asked["asks"]["quotient"] and not asked["asks"]["units"]
	person = child_of(home(512))
	answer = simulator.ask(act.name, DAY, "Enfant", act.sites[0].site, None, {"person": person})
	assert (shown(answer), answer["tariff_label"], answer["quotient"]) == ("5,00 €", "Tarif du jour", "512")
	typed = simulator.ask(act.name, DAY, "Enfant", None, "800,5", {"person": person})
	assert shown(typed) == "9,00 €", "what is typed goes before the dossier"
	assert "problem" in simulator.ask(act.name, "2026-08-31", "Enfant")
	assert "problem" in simulator.ask(act.name, DAY, None, "abc")


def test_R26_rank_and_resources_of_the_dossier_are_used():
	act = make.activity()
	make.tariff(act, 10, sibling_rates=[{"rank_from": 2, "percent": 50}])
	elder, younger = make.child("Durand", "Ana", "2016-01-01"), make.child("Durand", "Bob", "2019-01-01")
	family = make.family(make.member(make.person("Durand", "Eva"), "Representative 1"),
		make.member(elder), make.member(younger))  # fmt: skip
	make.enrolment(family, act, person=elder.name)
	answers = {"person": younger.name}
	assert shown(simulator.ask(act.name, DAY, "Enfant", None, None, answers)) == "5,00 €"


def test_R26_who_may_not_read_a_dossier_gets_nothing_of_it():
	act = make.activity()
	make.tariff(act, bands=((0, 700, 5), (700, 0, 9)))
	person = child_of(home(512))
	frappe.set_user(make.user("Attendance Agent"))
	try:
		with pytest.raises(frappe.PermissionError):
			simulator.ask(act.name, DAY, "Enfant", None, None, {"person": person})
	finally:
		frappe.set_user("Administrator")


def test_R36_a_reader_without_the_right_sees_the_price_and_not_the_resources():
	act = make.activity()
	tariff("Effort Rate", act, valid_from="2026-01-01")
	family = home()
	make.insert("Family Resources", family=family.name, situation="Resources Known", yearly_resources=48000,
		children=2, source="CDAP (CAF)", valid_from="2026-01-01")  # fmt: skip
	answers = {"person": child_of(family), "hours": 10}
	full = simulator.ask(act.name, DAY, "Enfant", None, None, answers)
	assert "4\u202f000,00" in full["lines"][0]["text"]
	frappe.set_user(make.user("Finance Clerk"))
	try:
		part = simulator.ask(act.name, DAY, "Enfant", None, None, answers)
	finally:
		frappe.set_user("Administrator")
	assert part["amount"] == full["amount"] and "000,00" not in part["lines"][0]["text"]
