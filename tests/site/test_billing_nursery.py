"""Nurseries from contract and dossier to the invoice (R36): worked cases of the field, hours done and billed apart."""

from datetime import date

import frappe
import pytest

from concerto_education.activities import errors
from concerto_education.activities.nursery.scale import scales
from concerto_education.attendance.nursery.hours import NurseryHours
from concerto_education.engine.ranges import DateRange
from concerto_education.families import errors as family_errors
from tests import billing_builders as make
from tests import builders
from tests.builders import insert
from tests.engine.build import D
from tests.support.billing import one_billing_transaction  # noqa: F401 (fixture)

pytestmark = pytest.mark.usefixtures("one_billing_transaction")
MONDAYS = [date(2026, 9, day) for day in (7, 14, 21, 28)]
TUESDAY = date(2026, 9, 8)
SEPTEMBER = DateRange.month(2026, 9)
DAYS = ("Monday", "Tuesday", "Thursday", "Friday")


def nursery(**values):
	units = (("heures", "Heures"),)
	found = make.activity("Crèche", "Nursery, Contract", "Hours", (make.CHILD,), "7066-TEST", units)
	found.update({"clock_mode": 1, "clock_step": 30, **values})
	found.save()
	insert(
		"Tariff", label=make.unique("PSU"), activity=found.name, valid_from="2026-01-01", method="Effort Rate"
	)
	return found


def resources(home, yearly=48000, children=2, **values):
	return insert(
		"Family Resources",
		**{
			"family": home.family,
			"situation": "Resources Known" if yearly else "No Resources",
			"yearly_resources": yearly,
			"children": children,
			"source": "CDAP (CAF)",
			"valid_from": "2026-01-01",
			"valid_to": "2026-12-31",
			**values,
		},
	)


def contract(enrolment, **values):
	schedule = [{"weekday": day, "arrival": "9h", "departure": "17:30"} for day in DAYS]
	return insert(
		"Nursery Contract",
		**{
			"enrolment": enrolment.name,
			"valid_from": "2026-09-01",
			"valid_to": "2027-08-31",
			"weeks": 42,
			"months": 12,
			"schedule": schedule,
			**values,
		},
	)


def attend(enrolment, day, status="Present", **values):
	name = make.attend(enrolment, [day], status)[0]
	if values:
		frappe.db.set_value("Attendance", name, values)
	return name


def line(home, run):
	return make.invoice_of(run, home.payer).lines[0]


# ---------------------------------------------------------------- the scale, as seeded


@pytest.mark.parametrize(
	("yearly", "children", "disabled", "hour"),
	[
		(6000, 1, 0, "0.50"),  # 500 a month: floor
		(48000, 2, 0, "2.06"),
		(144000, 1, 0, "5.26"),  # 12,000 a month: ceiling
		(102000, 4, 0, "2.64"),  # 2.635: half up
		(40923, 1, 0, "2.11"),
		(40923, 1, 1, "1.76"),
	],
)
def test_R36_the_worked_cases_with_the_seeded_scale(yearly, children, disabled, hour):
	from concerto_education.engine.psu import Household

	found = scales()["Collective"].hourly_price(Household(D(yearly), children, disabled), date(2026, 9, 1))
	assert str(found.amount) == hour


def test_R36_rates_and_bounds_are_records_that_refuse_nonsense():
	with pytest.raises(errors.ScalesOverlap):
		insert("Resource Bounds", valid_from="2025-03-01", valid_to="2025-06-30", floor=800, ceiling=9000)
	with pytest.raises(errors.InvalidScale):
		insert("Resource Bounds", valid_from="2030-01-01", floor=900, ceiling=800)
	with pytest.raises(errors.InvalidScale):
		insert(
			"Effort Rate",
			care_type="Collective",
			valid_from="2030-01-01",
			rates=[{"children_from": 2, "percent": 0.05}],
		)
	insert("Resource Bounds", valid_from="2027-01-01", floor=830, ceiling=8500)
	assert scales()["Collective"].knows(date(2027, 5, 1)), "the next table begins where the open one goes on"


# ---------------------------------------------------------------- contract


def test_R36_a_contract_is_one_line_a_month_with_its_hours_apart():
	act = nursery()
	home = make.household()
	child = make.enrol(home, act)
	resources(home)
	agreed = contract(child)
	assert (agreed.weekly_hours, agreed.monthly_hours) == (34, 119)
	attend(
		child, MONDAYS[0], arrival="08:50", departure="17:31"
	)  # 10 minutes before, 1 after: two half-hours
	run = make.bill()
	found = line(home, run)
	assert (found.quantity, D(str(found.unit_price)), make.total(make.invoice_of(run, home.payer))) == (
		120,
		D("2.06"),
		D("247.20"),
	)
	assert make.bill("2026-10-01") and f"{sum(a for _d, a in make.ledger(home.family)):.2f}" == "492.34"


def test_R36_the_tolerance_is_a_setting_of_the_activity():
	act = nursery(hours_tolerance=10)
	home = make.household()
	child = make.enrol(home, act)
	resources(home)
	contract(child)
	attend(child, MONDAYS[0], arrival="08:50", departure="17:31")
	assert line(home, make.bill()).quantity == 119


def test_R36_an_illness_is_deducted_after_its_waiting_days_and_a_closure_at_once():
	act = nursery()
	home = make.household()
	child = make.enrol(home, act)
	resources(home)
	contract(child)
	for day in (7, 8, 10, 11):  # Monday, Tuesday, Thursday, Friday: the two last are after three days
		attend(child, date(2026, 9, day), "Justified", reason="Certificat médical")
	site = frappe.get_doc("Site", act.sites[0].site)
	site.append("closures", {"starts_on": "2026-09-14", "ends_on": "2026-09-14", "deducts_hours": 1})
	site.save()
	run = make.bill()
	assert line(home, run).quantity == D("119") - D("8.5") * 3


def test_R34_a_certificate_that_comes_late_becomes_a_regularisation():
	act = nursery()
	home = make.household()
	child = make.enrol(home, act)
	resources(home)
	contract(child)
	absent = attend(child, MONDAYS[1], "Absent")
	make.bill()
	frappe.db.set_value("Attendance", absent, {"status": "Justified", "reason": "Hospitalisation"})
	invoice = make.invoice_of(make.bill("2026-10-01"), home.payer)
	# October, and September anew with 8.5 hours less: one line, because the price of an hour is the same.
	assert sorted(make.amounts(invoice)) == [D("-17.51"), D("245.14")]
	assert sorted(amount for _day, amount in make.ledger(home.family))[0] == D("-245.14")


def test_R36_resources_recorded_with_an_earlier_date_are_a_regularisation():
	act = nursery()
	home = make.household()
	contract(make.enrol(home, act))
	resources(home, children=1)
	make.bill()
	resources(home, children=2, valid_from="2026-09-01")
	invoice = make.invoice_of(make.bill("2026-10-01"), home.payer)
	assert sorted(make.amounts(invoice)) == [D("-295.12"), D("245.14"), D("245.14")]


def test_R36_without_resources_on_record_the_family_waits_by_name():
	act = nursery()
	home = make.household()
	contract(make.enrol(home, act))
	run = make.compute()
	message = next(row.message for row in run.problems if row.family == home.family)
	assert "ressources" in message
	resources(home, 0, 1)
	again = make.compute(run)
	assert D(str(line(home, again).unit_price)) == D("0.50"), "no resources: the floor"


def test_R36_a_child_placed_by_the_ase_has_the_floor_and_refused_proof_the_ceiling():
	act = nursery()
	found = {}
	for situation in ("Placed by the ASE", "Proof Refused"):
		home = make.household()
		contract(make.enrol(home, act))
		resources(home, 0, 1, situation=situation)
		found[situation] = home
	run = make.bill()
	assert D(str(line(found["Placed by the ASE"], run).unit_price)) == D("0.50")
	assert D(str(line(found["Proof Refused"], run).unit_price)) == D("5.26")


def test_R36_what_is_recorded_for_one_child_goes_before_the_family():
	act = nursery()
	home = make.household(2)
	contract(make.enrol(home, act, home.children[0]))
	contract(make.enrol(home, act, home.children[1]))
	resources(home, 40923, 1)
	resources(home, 0, 1, person=home.children[1], situation="Placed by the ASE")
	invoice = make.invoice_of(make.bill(), home.payer)
	assert sorted(D(str(row.unit_price)) for row in invoice.lines) == [D("0.50"), D("2.11")]


# ---------------------------------------------------------------- occasional care


def test_R36_occasional_care_bills_what_was_booked_and_what_goes_beyond_it():
	act = nursery()
	home = make.household()
	child = make.enrol(home, act)
	resources(home)
	booked = {"booked_from": "09:00", "booked_to": "12:00"}
	attend(child, MONDAYS[0], **booked, arrival="09:20", departure="11:30")  # less than booked: 3 h
	attend(child, MONDAYS[1], **booked, arrival="09:00", departure="12:05")  # beyond: 3.5 h
	attend(child, MONDAYS[2], "Absent", **booked)  # not justified: 3 h
	attend(child, MONDAYS[3], "Justified", **booked, reason="Hospitalisation")  # deducted
	attend(child, TUESDAY, planned=0, arrival="14:00", departure="15:10")  # nobody booked: 1.5 h
	run = make.bill()
	assert make.total(make.invoice_of(run, home.payer)) == D("22.66"), "11 hours of 2.06"
	hours = NurseryHours([frappe.get_doc("Enrolment", child.name)], SEPTEMBER).occasional_days(child.name)
	done, billed = sum(day.done for day in hours), sum(day.billed for day in hours if not day.deducted)
	assert (done, billed) == (150 + 210 + 90, 660), "done and billed are two numbers"


def test_R36_an_occasional_day_without_hours_is_a_problem_by_name_and_never_one_hour():
	act = nursery()
	home = make.household()
	resources(home)
	attend(make.enrol(home, act), MONDAYS[0], planned=0)
	run = make.compute()
	assert [row.service_date for row in run.problems if row.family == home.family] == [MONDAYS[0]]


# ---------------------------------------------------------------- what the records refuse


def test_R36_a_contract_refuses_what_makes_no_sense():
	act, canteen = nursery(), make.canteen()
	home = make.household()
	child = make.enrol(home, act)
	with pytest.raises(errors.ContractOutsideEnrolment):
		contract(make.enrol(home, canteen))
	with pytest.raises(errors.ContractOutsideEnrolment):
		contract(child, valid_to="2028-01-01")
	for schedule in (
		[{"weekday": "Monday", "arrival": "17:00", "departure": "09:00"}],
		[{"weekday": "Monday", "arrival": "neuf", "departure": "12:00"}],
		[{"weekday": "Monday", "arrival": "9h", "departure": "12h"}] * 2,
	):
		with pytest.raises(errors.InvalidContract):
			contract(child, schedule=schedule)
	for values in ({"months": 13}, {"weeks": 0}):
		with pytest.raises(errors.InvalidContract):
			contract(child, **values)
	contract(child, valid_to="2027-01-31", months=5)
	with pytest.raises(errors.ContractsShareMonth):
		contract(child, valid_from="2027-01-31", months=8)
	assert contract(child, valid_from="2027-02-01", months=7).site == act.sites[0].site


def test_R36_resources_are_added_and_neither_changed_nor_deleted():
	home = make.household()
	row = resources(home)
	assert row.reference_year == 2024
	row.children = 3
	with pytest.raises(family_errors.ResourcesAreImmutable):
		row.save()
	with pytest.raises(family_errors.ResourcesAreKept):
		frappe.delete_doc("Family Resources", row.name)
	for values in ({"yearly": -1}, {"children": 0}, {"disabled_children": 3}, {"person": home.parent}):
		with pytest.raises((family_errors.InvalidResources, frappe.NonNegativeError)):
			resources(home, **values)


def test_R36_amounts_of_resources_are_for_those_who_may_see_them():
	meta = frappe.get_meta("Family Resources")
	levels = {field.fieldname: field.permlevel for field in meta.fields}
	for name in ("situation", "yearly_resources", "reference_year", "disabled_children", "note"):
		assert levels[name] == 1
	readers = {row.role for row in meta.permissions if row.permlevel == 1 and row.read}
	assert readers == {"Super Administrator", "Early Childhood Administrator", "Nursery Director"}
	home = make.household()
	row = resources(home)
	frappe.set_user(builders.user("Finance Clerk"))
	try:
		seen = frappe.get_doc("Family Resources", row.name)
		seen.apply_fieldlevel_read_permissions()
		assert seen.children == 2 and not seen.get("yearly_resources")
	finally:
		frappe.set_user("Administrator")
