"""Every tariff method from its form to the invoice, with what the dossier says (R26, R34, R36)."""

from datetime import date

import frappe
import pytest

from concerto_education.authority.money import decimal_of
from tests import billing_builders as make
from tests import funding_builders as fund
from tests.builders import insert
from tests.engine.build import D
from tests.support.billing import one_billing_transaction  # noqa: F401 (fixture)

pytestmark = pytest.mark.usefixtures("one_billing_transaction")
LATE_SEPTEMBER = [date(2026, 9, 28), date(2026, 9, 29)]
EARLY_OCTOBER = [date(2026, 10, 1), date(2026, 10, 2)]


def activity(
	rule: str = "Present", units=(("journee", "Journée"),), kind: str = "Leisure Centre, Holidays", **values
):
	found = make.activity("ACM", kind, rule, (make.CHILD,), "7063-TEST", units)
	if values:
		found.update(values)
		found.save()
	return found


def tariff(of, method: str, **values):
	return insert(
		"Tariff",
		**{
			"label": make.unique("Tarif"),
			"activity": of.name,
			"valid_from": "2026-09-01",
			"method": method,
			**values,
		},
	)


def billed(home, run) -> str:
	return f"{make.total(make.invoice_of(run, home.payer)):.2f}"


def attend(enrolment, days, status="Present", unit=None, **values):
	names = make.attend(enrolment, days, status, unit)
	for name in names if values else ():
		frappe.db.set_value("Attendance", name, values)
	return names


# ---------------------------------------------------------------- weeks, months, stays


def test_R26_a_week_that_crosses_months_is_billed_once():
	act = activity()
	tariff(act, "Per Week", price=20)
	home = make.household()
	child = make.enrol(home, act)
	attend(child, LATE_SEPTEMBER + EARLY_OCTOBER)
	september = make.bill()
	assert billed(home, september) == "20.00"
	october = make.bill("2026-10-01")
	assert not make.invoices(october, payer=home.payer), "the week has been billed in September"
	assert make.ledger(home.family) == [("2026-09-28", D(20))]


def test_R26_a_week_is_billed_once_without_looking_back():
	"""The charge of September is found by its key, though October looks at no day of it."""
	frappe.db.set_single_value("Authority Settings", "lookback_months", 0)
	act = activity()
	tariff(act, "Per Week", price=20)
	home = make.household()
	child = make.enrol(home, act)
	attend(child, LATE_SEPTEMBER + EARLY_OCTOBER + [date(2026, 10, 6)])
	assert billed(home, make.bill()) == "20.00"
	assert billed(home, make.bill("2026-10-01")) == "20.00", "the second week, and it alone"
	assert [day for day, _amount in make.ledger(home.family)] == ["2026-09-28", "2026-10-06"]


def test_R34_a_week_nobody_came_to_in_the_end_is_taken_back():
	act = activity("Planned Unless Justified")
	tariff(act, "Per Week", price=20)
	home = make.household()
	other = make.canteen()
	child = make.enrol(home, act)
	rows = attend(child, LATE_SEPTEMBER + EARLY_OCTOBER, "Planned")
	make.attend(make.enrol(home, other), make.OCTOBER)
	make.bill()
	for row in rows[:2]:
		make.change(row, "Justified")
	# A day of the week is still billed: the week is, and nothing moves.
	home_october = make.compute(month="2026-10-01")
	assert billed(home, home_october) == "28.00"
	for row in rows[2:]:
		make.change(row, "Justified")
	again = make.compute(home_october)
	assert billed(home, again) == "8.00", "28.00 of meals less 20.00"
	lines = [line for line in make.invoice_of(again, home.payer).lines if line.is_adjustment]
	assert [decimal_of(line.amount) for line in lines] == [D(-20)]


def test_R34_a_new_price_of_a_week_is_a_reversal_and_a_new_charge():
	act = activity()
	first = tariff(act, "Per Week", price=20)
	home = make.household()
	attend(make.enrol(home, act), [*LATE_SEPTEMBER, *EARLY_OCTOBER, date(2026, 10, 6)])
	make.bill()
	first.price = 25
	first.save()
	october = make.bill("2026-10-01")
	invoice = make.invoice_of(october, home.payer)
	assert sorted(make.amounts(invoice)) == [D(-20), D(25), D(25)]
	assert make.total(invoice) == 30


def test_R26_a_stay_over_two_months_is_billed_once():
	act = activity()
	tariff(act, "Per Stay", price_basis="QF Linear", linear_by="Two Points", quotient_low=400, price_low=100,
		quotient_high=1200, price_high=300)  # fmt: skip
	home = make.household(qf=640)
	child = make.enrol(home, act, valid_from="2026-09-28", valid_to="2026-10-02")
	attend(child, LATE_SEPTEMBER + EARLY_OCTOBER)
	assert billed(home, make.bill()) == "160.00"
	frappe.db.set_single_value("Authority Settings", "lookback_months", 0)
	assert not make.invoices(make.bill("2026-10-01"), payer=home.payer)


def test_R26_a_month_is_billed_once_each_month_for_whoever_comes():
	act = activity(kind="Transport, Wednesday")
	tariff(act, "Per Month", price=18)
	home = make.household(2)
	first, second = (make.enrol(home, act, child) for child in home.children)
	attend(first, LATE_SEPTEMBER + EARLY_OCTOBER)
	attend(second, EARLY_OCTOBER)
	assert billed(home, make.bill()) == "18.00"
	assert billed(home, make.bill("2026-10-01")) == "36.00"


def test_R26_a_software_that_starts_in_october_does_not_bill_september():
	act = activity()
	tariff(act, "Per Week", price=20)
	home = make.household()
	child = make.enrol(home, act)
	attend(child, LATE_SEPTEMBER)
	attend(make.enrol(home, make.canteen()), make.OCTOBER, "Planned")
	assert billed(home, make.bill("2026-10-01")) == "28.00", "meals, and not the week of September"


# ---------------------------------------------------------------- combinations and durations


def test_R26_most_units_first_then_what_is_left():
	act = activity(units=(("matin", "Matin"), ("repas", "Repas"), ("aprem", "Après-midi")))
	rows = (("matin + repas + aprem", 12), ("matin + aprem", 9), ("matin", 5), ("aprem", 5), ("repas", 3.5))
	tariff(act, "Unit Combination", combinations=[{"units": units, "price": price} for units, price in rows])
	home = make.household()
	child = make.enrol(home, act)
	for unit in ("matin", "repas", "aprem"):
		attend(child, [date(2026, 9, 7)], unit=unit)
	for unit in ("matin", "repas"):
		attend(child, [date(2026, 9, 8)], unit=unit)
	run = make.bill()
	invoice = make.invoice_of(run, home.payer)
	assert sorted(make.amounts(invoice)) == [D("8.50"), D(12)]
	texts = " ".join(line.label for line in invoice.lines)
	assert "Matin + Repas + Après-midi" in texts, "a line says which units it prices"


def test_R26_each_started_half_hour_after_the_service_opens():
	units = (("soir", "Soir"),)
	act = activity(units=units, kind="Périscolaire Care")
	act.units[0].update({"starts_at": "16:30:00", "ends_at": "18:30:00"})
	act.save()
	tariff(act, "Per Duration", price=0.6, slice_minutes=30)
	home = make.household()
	child = make.enrol(home, act)
	attend(child, [date(2026, 9, 7)], arrival="16:20", departure="17:31")  # 61 minutes: three
	attend(child, [date(2026, 9, 8)], arrival="16:30", departure="17:00")  # one
	run = make.bill()
	invoice = make.invoice_of(run, home.payer)
	assert make.total(invoice) == D("2.40") and decimal_of(invoice.lines[0].quantity) == 4


def test_R10_a_time_nobody_noted_stops_the_family_or_is_that_of_the_service():
	act = activity(units=(("soir", "Soir"),), kind="Périscolaire Care")
	act.units[0].update({"starts_at": "16:30:00", "ends_at": "18:30:00"})
	act.save()
	price = tariff(act, "Per Duration", price=0.6)
	home = make.household()
	attend(make.enrol(home, act), [date(2026, 9, 7)], arrival="17:10")
	run = make.compute()
	assert [row.family for row in run.problems if row.family == home.family] == [home.family]
	assert "durée" in next(row.message for row in run.problems if row.family == home.family)
	price.missing_hours = "Hours of the Service"
	price.save()
	again = make.compute(run)
	assert billed(home, again) == "1.80", "17:10 to 18:30 are three half-hours"


# ---------------------------------------------------------------- siblings, residence, not booked


def test_R26_the_second_child_costs_less_while_the_eldest_is_enrolled():
	act = activity()
	tariff(
		act, "Flat", price=10, sibling_rates=[{"rank_from": 2, "percent": 80}, {"rank_from": 3, "percent": 0}]
	)
	home = make.household(3)
	for name, born in zip(home.children, ("2016-01-01", "2018-01-01", "2020-01-01"), strict=True):
		frappe.db.set_value("Person", name, "birth_date", born)
	eldest = make.enrol(home, act, home.children[0], valid_to="2026-09-14")
	second = make.enrol(home, act, home.children[1])
	third = make.enrol(home, act, home.children[2])
	for child, day in ((eldest, 7), (second, 7), (third, 7), (second, 15), (third, 15)):
		attend(child, [date(2026, 9, day)])
	make.bill()
	assert [amount for _day, amount in make.ledger(home.family)] == [D(0), D(8), D(10), D(8), D(10)]


def test_R15_a_family_from_outside_pays_more():
	settings = frappe.get_single("Authority Settings")
	settings.set("towns", [{"town": "Saint-Vérin-des-Bois", "postcode": "86000"}])
	settings.save()
	frappe.clear_document_cache("Authority Settings", "Authority Settings")
	act = activity()
	tariff(act, "Flat", price=10, non_resident_percent=150, non_resident_surcharge=1)
	amounts = {}
	for town in ("SAINT VERIN DES BOIS", "Roquefontay", None):
		home = make.household()
		frappe.db.set_value("Family", home.family, "town", town)
		attend(make.enrol(home, act), [date(2026, 9, 7)])
		amounts[town] = home
	make.bill()
	found = {town: make.ledger(home.family)[0][1] for town, home in amounts.items()}
	# No address is that of the authority (R17).
	assert found == {"SAINT VERIN DES BOIS": D(10), "Roquefontay": D(16), None: D(10)}


def test_R30_a_presence_nobody_booked_has_its_own_tariff():
	act = activity()
	tariff(act, "Flat", price=10)
	tariff(act, "Flat", price=14, use="Presence Not Booked")
	home = make.household()
	child = make.enrol(home, act)
	attend(child, [date(2026, 9, 7)])
	attend(child, [date(2026, 9, 8)], planned=0)
	make.bill()
	assert make.ledger(home.family) == [("2026-09-07", D(10)), ("2026-09-08", D(14))]


def test_R14_the_highest_price_for_families_from_outside_whatever_their_quotient():
	settings = frappe.get_single("Authority Settings")
	settings.set("towns", [{"town": "Verrinay", "postcode": "86000"}])
	settings.save()
	frappe.clear_document_cache("Authority Settings", "Authority Settings")
	act = activity()
	bands = [
		{"quotient_from": low, "quotient_below": high, "price": price}
		for low, high, price in ((0, 700, 6), (700, 0, 14))
	]
	tariff(act, "QF Bands", bands=bands, non_resident_full_price=1)
	home = make.household(qf=200)
	attend(make.enrol(home, act), [date(2026, 9, 7)])
	run = make.bill()
	assert make.ledger(home.family) == [("2026-09-07", D(14))], "the builder's family lives in Poitiers"
	assert "hors du territoire" in make.invoice_of(run, home.payer).lines[0].explanation


def test_R29_a_week_that_crosses_months_is_funded_once():
	"""What a third party pays of it bears the day of the week's beginning too, and is found by its key."""
	frappe.db.set_single_value("Authority Settings", "lookback_months", 0)
	act = activity()
	tariff(act, "Per Week", price=20)
	home = make.household()
	child = make.enrol(home, act)
	attend(child, LATE_SEPTEMBER + EARLY_OCTOBER)
	fund.funding(child, fund.funder(), basis="Percentage", percentage=50)
	assert billed(home, make.bill()) == "10.00"
	assert not make.invoices(make.bill("2026-10-01"), payer=home.payer)
