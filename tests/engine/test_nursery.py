"""A month of a nursery contract (R36): hours agreed, done, extra and deducted, each apart."""

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concerto_education.engine.hours import Slot
from concerto_education.engine.nursery import CareDay, Contract, care_month, contract_key, deducted_days
from concerto_education.engine.pricing import Hours, price
from concerto_education.engine.psu import BoundsRow, Household, RateColumn, RateRow, Scale
from concerto_education.engine.ranges import DateRange
from tests.engine.build import ALWAYS, D, day, situation, span, tariff

NINE_TO_FIVE = Slot(time(9), time(17))
MONTH = DateRange.month(2026, 9)
YEAR = span("2026-09-01", "2027-08-31")
RATES = (RateColumn(1, D("0.0619")), RateColumn(2, D("0.0516")))
SCALE = Scale([RateRow(ALWAYS, RATES)], [BoundsRow(ALWAYS, D("814.62"), D("8500"))])


def contract(**values) -> Contract:
	schedule = {1: NINE_TO_FIVE, 2: NINE_TO_FIVE}
	return Contract(
		**{"span": YEAR, "weekly_hours": 34, "weeks": 42, "months": 12, "schedule": schedule, **values}
	)


def care(
	text: str, came: bool = False, actual=None, waiting=None, reason=None, booked=NINE_TO_FIVE
) -> CareDay:
	return CareDay(day(text), booked, actual, came, waiting, reason)


def test_34_hours_of_42_weeks_over_12_months_are_119():
	month = care_month(contract(), [], MONTH)
	assert (month.contract, month.booked, month.done) == (119, 0, 0)
	nursery = tariff(method="effort_rate", scale=SCALE)
	result = price(nursery, situation(hours=month.hours, household=Household(D(48000), 2)))
	assert (str(result.quantity), str(result.unit_price), str(result.amount)) == ("119", "2.06", "245.14")


def test_what_the_child_does_and_what_is_billed_are_two_numbers():
	late = Slot(time(9, 30), time(17, 10))
	month = care_month(contract(), [care("2026-09-07", True, late)], MONTH)
	assert (month.booked, month.done, month.extra, month.deducted) == (480, 480, 30, 0)
	tolerant = care_month(contract(), [care("2026-09-07", True, late)], MONTH, tolerance=10)
	assert tolerant.extra == 0


def test_each_side_beyond_the_booked_hours_is_by_started_half_hours():
	both = Slot(time(8, 55), time(17, 31))
	assert care_month(contract(), [care("2026-09-07", True, both)], MONTH).extra == 30 + 60


def test_a_day_that_was_not_booked_is_extra_as_a_whole():
	came = care("2026-09-10", True, Slot(time(9), time(11, 15)), booked=None)
	assert care_month(contract(), [came], MONTH).extra == 150


def test_an_illness_is_deducted_after_its_waiting_days():
	"""Monday to Friday with three waiting days: Thursday and Friday are deducted."""
	week = [care(f"2026-09-{number:02d}", waiting=3, reason="illness") for number in range(7, 12)]
	assert deducted_days(week) == {day("2026-09-10"), day("2026-09-11")}
	assert care_month(contract(), week, MONTH).deducted == 2 * 480


def test_waiting_days_run_from_the_first_day_even_in_the_month_before():
	days = [care("2026-08-31", waiting=3, reason="illness")]
	days += [care(f"2026-09-0{number}", waiting=3, reason="illness") for number in (1, 2, 3)]
	assert deducted_days(days) == {day("2026-09-03")}


def test_waiting_days_start_anew_once_the_child_came_or_the_reason_changed():
	ill = [care(f"2026-09-{number:02d}", waiting=3, reason="illness") for number in (7, 8, 10, 11, 14)]
	came = care("2026-09-09", True, NINE_TO_FIVE)
	assert deducted_days([*ill, came]) == {day("2026-09-14")}
	hospital = care("2026-09-09", waiting=0, reason="hospital")
	assert deducted_days([*ill, hospital]) == {day("2026-09-09"), day("2026-09-14")}


def test_an_unjustified_absence_is_billed_as_booked():
	month = care_month(contract(), [care("2026-09-07")], MONTH)
	assert (month.booked, month.deducted, month.extra, month.done) == (480, 0, 0, 0)


def test_a_closure_deducts_the_hours_booked_on_its_weekday():
	closed = [day("2026-09-07"), day("2026-09-09")]  # Monday is booked, Wednesday isn't
	assert care_month(contract(), [], MONTH, closed=closed).deducted == 480
	# A day with a row of its own isn't deducted twice.
	ill = care("2026-09-07", waiting=0, reason="closed")
	assert care_month(contract(), [ill], MONTH, closed=closed).deducted == 480


def test_a_contract_bills_as_many_months_as_agreed():
	short = contract(months=11)
	assert care_month(short, [], DateRange.month(2027, 7)).contract == D("129.82")
	assert care_month(short, [], DateRange.month(2027, 8)).contract == 0
	assert short.instalment(DateRange.month(2027, 9)) is None
	assert contract().instalment(MONTH) == MONTH


def test_the_key_of_a_month_stays_the_same():
	assert contract_key("INS-1", day("2026-09-15")) == contract_key("INS-1", day("2026-09-01"))


def test_hours_never_become_a_credit_and_are_never_negative():
	assert Hours(D(10), deducted=D(20)).billed == 0
	with pytest.raises(ValueError):
		Hours(D(-1))
	with pytest.raises(TypeError):
		Hours(1.5)


SLOTS = st.tuples(st.integers(7 * 60, 12 * 60), st.integers(12 * 60 + 1, 19 * 60)).map(
	lambda pair: Slot(*(time(minute // 60, minute % 60) for minute in pair))
)


@given(
	st.lists(
		st.tuples(st.integers(1, 30), SLOTS, SLOTS, st.booleans()), max_size=20, unique_by=lambda row: row[0]
	),
	st.integers(0, 15),
)
def test_billed_is_contract_plus_extra_minus_deducted_and_the_price_sums(rows, tolerance):
	days = [
		CareDay(day(f"2026-09-{number:02d}"), booked, actual, came, None if came else 0, "closed")
		for number, booked, actual, came in sorted(rows)
	]
	month = care_month(contract(), days, MONTH, tolerance=tolerance)
	assert month.extra >= 0 and month.extra % 30 == 0 and 0 <= month.deducted <= month.booked
	hours = month.hours
	assert hours.billed == max(hours.contract + hours.extra - hours.deducted, D(0))
	nursery = tariff(method="effort_rate", scale=SCALE)
	result = price(nursery, situation(hours=hours, household=Household(D(40923), 1)))
	assert result.amount >= 0 and sum((step.amount for step in result.steps), D(0)) == result.amount
