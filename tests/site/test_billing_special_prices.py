"""Booking rules reach the invoice: late bookings and cancellings, late pick-ups, a missing proof (R10, R14, R27, R30)."""

import frappe
import pytest

from concerto_education.attendance.errors import AlreadyRecorded, FutureTick, NoMinutes, ReasonNeeded
from concerto_education.authority import roles
from concerto_education.billing import facts
from concerto_education.billing.bill import bill_chunk
from concerto_education.billing.explain import reason_text
from concerto_education.engine.charges import derive
from tests import builders as make

DAYS = ("2026-09-03", "2026-09-04", "2026-09-07", "2026-09-08")


@pytest.fixture
def now(monkeypatch):
	"""Today is 1 October 2026: September is over."""
	from freezegun import freeze_time

	with freeze_time("2026-10-01 09:00:00", ignore=["redis"]):
		yield


def charged(of) -> dict[str, str]:
	"""What September costs the family: key without the enrolment → amount."""
	return {line.key[0].partition("|")[2]: str(line.amount) for line in derived(of)}


def derived(of) -> list:
	from frappe.utils import getdate

	context = facts.load_context(getdate("2026-09-01"))
	chunk = facts.load(context, [of.family])
	derivation = derive(chunk.facts[of.family], chunk.engine_context)
	assert not derivation.problems, [str(problem.error) for problem in derivation.problems]
	return derivation.charges


def tick(of, *days, **values):
	for day in days:
		make.attendance(of, day, "Present", **values)


def enrolled(act, **values):
	of = make.family()
	make.quotient(of, values.pop("qf", 640), **values.pop("quotient", {}))
	return make.enrolment(of, act, pattern="45", valid_from="2026-09-01", **values)


def test_a_late_booking_costs_what_a_presence_not_booked_costs(now):
	act = make.activity(billing_rule="Planned Unless Justified")
	make.tariff(act, 3)
	make.tariff(act, "4.50", use="Presence Not Booked")
	of = enrolled(act)
	late = frappe.db.get_value("Attendance", {"enrolment": of.name, "attendance_date": "2026-09-04"})
	before = charged(of)
	assert before["2026-09-03|midi"] == before["2026-09-04|midi"] == "3.00"
	frappe.db.set_value("Attendance", late, "late_change", "Booked Late")
	assert charged(of) == {**before, "2026-09-04|midi": "4.50"}


def test_a_late_cancelling_stays_billed_and_an_early_one_is_not(now):
	act = make.activity(billing_rule="Planned Unless Justified")
	make.tariff(act, 3)
	of = enrolled(act)
	before = charged(of)
	for day, late in (("2026-09-03", "Cancelled Late"), ("2026-09-04", "")):
		name = frappe.db.get_value("Attendance", {"enrolment": of.name, "attendance_date": day})
		frappe.db.set_value("Attendance", name, {"status": "Cancelled", "planned": 0, "late_change": late})
	after = charged(of)
	assert after["2026-09-03|midi"] == "3.00" and "2026-09-04|midi" not in after
	assert len(after) == len(before) - 1


def test_the_third_late_pickup_is_billed_by_its_tariff(now):
	act = make.activity(billing_rule="Present", late_pickup_from=3, late_pickup_grace=5)
	make.tariff(act, 1)
	make.tariff(act, 5, use="Late Pick-up")
	of = enrolled(act)
	for day, minutes in zip(DAYS, (10, 3, 20, 15), strict=True):
		make.insert("Late Pickup", enrolment=of.name, pickup_date=day, minutes=minutes)
	assert charged(of) == {"2026-09-08|late": "5.00"}, "three minutes are tolerated and don't count"
	make.insert("Late Pickup", enrolment=of.name, pickup_date="2026-09-10", minutes=9)
	assert charged(of) == {"2026-09-08|late": "5.00", "2026-09-10|late": "5.00"}


@pytest.mark.parametrize(
	("per", "words"), [("Month", "4e retard du mois"), ("School Year", "4e retard de l’année scolaire")]
)
def test_a_late_pickup_says_which_one_it_is(now, per, words):
	"""R10: a parent reads why: the third of those that count, in the month or the year, as the activity counts."""
	act = make.activity(billing_rule="Present", late_pickup_from=3, late_pickup_per=per)
	make.tariff(act, 5, use="Late Pick-up")
	of = enrolled(act)
	for day in DAYS:
		make.insert("Late Pickup", enrolment=of.name, pickup_date=day, minutes=10)
	reasons = {line.key[0].partition("|")[2]: reason_text(line.explanation) for line in derived(of)}
	assert reasons["2026-09-07|late"].startswith(words.replace("4e", "3e"))
	assert reasons["2026-09-08|late"].startswith(words)


def test_an_excused_late_pickup_gives_its_number_back(now):
	act = make.activity(billing_rule="Present", late_pickup_from=2)
	make.tariff(act, 1)
	make.tariff(act, 5, use="Late Pick-up")
	of = enrolled(act)
	first, _second = (
		make.insert("Late Pickup", enrolment=of.name, pickup_date=day, minutes=20) for day in DAYS[:2]
	)
	assert charged(of) == {"2026-09-04|late": "5.00"}
	first.reload()
	first.update({"excused": 1, "note": "Car en panne"}).save()
	assert charged(of) == {}


def test_late_pickups_need_minutes_a_past_day_and_are_recorded_once(now):
	of = enrolled(make.activity())
	row = {"enrolment": of.name, "pickup_date": DAYS[0], "minutes": 10}
	make.insert("Late Pickup", **row)
	for change, error in (
		({}, AlreadyRecorded),
		({"pickup_date": "2026-10-02"}, FutureTick),
		({"pickup_date": DAYS[1], "minutes": 0}, NoMinutes),
		({"pickup_date": DAYS[1], "excused": 1}, ReasonNeeded),
	):
		with pytest.raises(error):
			make.insert("Late Pickup", **{**row, **change})


@pytest.mark.parametrize(
	("role", "may"),
	[
		(roles.SCHOOL_COORDINATOR, True),
		(roles.LEISURE_DIRECTOR, True),
		(roles.ATTENDANCE_AGENT, False),
		(roles.SEASONAL_CLERK, False),
		(roles.FINANCE_CLERK, False),
	],
)
def test_only_coordinators_and_directors_record_late_pickups(now, role, may):
	of = enrolled(make.activity())
	frappe.set_user(make.user(role, sites=(of.site,)))
	doc = frappe.get_doc(
		{"doctype": "Late Pickup", "enrolment": of.name, "pickup_date": DAYS[0], "minutes": 10}
	)
	if may:
		assert doc.insert().site == of.site
	else:
		with pytest.raises(frappe.PermissionError):
			doc.insert()


def test_a_coordinator_records_none_at_another_site(now):
	of = enrolled(make.activity())
	frappe.set_user(make.user(roles.SCHOOL_COORDINATOR, sites=(make.site().name,)))
	with pytest.raises(frappe.PermissionError):
		frappe.get_doc(
			{"doctype": "Late Pickup", "enrolment": of.name, "pickup_date": DAYS[0], "minutes": 10}
		).insert()


@pytest.mark.parametrize(("strict", "expected"), [(1, "2.80"), (0, "2.20")])
def test_the_highest_price_while_the_proof_is_missing(now, strict, expected):
	act = make.activity(billing_rule="Planned Unless Justified", top_price_without_proof=strict)
	make.tariff(act, bands=((0, 350, 2.2), (350, 0, 2.8)))
	of = enrolled(act, qf=300, quotient={"source": "Tax Notice", "proof_missing": 1})
	assert charged(of)["2026-09-03|midi"] == expected
	# The proof arrives: the QF is recorded again, never overwritten, and the month costs what it should have.
	make.insert("Quotient", family=of.family, value=300, source="Tax Notice")
	assert charged(of)["2026-09-03|midi"] == "2.20"


def test_the_explanation_says_that_the_proof_is_missing(now):
	from frappe.utils import getdate

	from concerto_education.activities.explanations import lines

	act = make.activity(billing_rule="Planned Unless Justified", top_price_without_proof=1)
	make.tariff(act, bands=((0, 350, 2.2), (350, 0, 2.8)))
	of = enrolled(act, qf=300, quotient={"source": "Tax Notice", "proof_missing": 1})
	chunk = facts.load(facts.load_context(getdate("2026-09-01")), [of.family])
	charge = derive(chunk.facts[of.family], chunk.engine_context).charges[0]
	assert any("ustificatif" in line["text"] for line in lines(charge.explanation))


def test_nobody_else_is_stopped_by_a_late_pickup_without_tariff(now):
	from frappe.utils import getdate

	act = make.activity(billing_rule="Present", late_pickup_from=1)
	make.tariff(act, 1)
	of = enrolled(act)
	make.insert("Late Pickup", enrolment=of.name, pickup_date=DAYS[0], minutes=20)
	context = facts.load_context(getdate("2026-09-01"))
	bill = bill_chunk(context, facts.load(context, [of.family]), lambda names: {})
	assert [problem.family for problem in bill.problems] == [of.family]
