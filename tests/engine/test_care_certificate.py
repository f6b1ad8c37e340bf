"""Care of children under six that was paid in a year (R42, CGI art. 200 quater B)."""

import doctest
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from concerto_education.engine import care_certificate
from concerto_education.engine.care_certificate import Claim, Settlement, is_eligible, paid_in
from concerto_education.engine.money import ZERO

D = Decimal
cents = st.integers(0, 30_000).map(lambda number: D(number).scaleb(-2))


def on(day: str, amount: str, claim="I", **values) -> Settlement:
	return Settlement(claim, date.fromisoformat(day), D(amount), **values)


def test_only_the_care_in_an_invoice_counts():
	claims = {"I": Claim("I", D("100.00"), {"Lea": D("60.00")})}
	assert paid_in(2026, claims, [on("2026-10-15", "100.00")]) == {"Lea": D("60.00")}


def test_what_is_not_paid_does_not_count():
	claims = {"I": Claim("I", D("100.00"), {"Lea": D("60.00")})}
	assert paid_in(2026, claims, []) == {}
	assert paid_in(2026, claims, [on("2026-10-15", "50.00")]) == {"Lea": D("30.00")}


def test_what_is_paid_next_year_counts_next_year_and_no_cent_is_lost():
	claims = {"I": Claim("I", D("10.00"), {"Lea": D("3.33")})}
	paid = [on("2026-12-15", "3.33"), on("2027-01-15", "6.67")]
	years = [paid_in(year, claims, paid).get("Lea", ZERO) for year in (2026, 2027)]
	assert sum(years) == D("3.33")


def test_a_credit_note_that_settles_its_invoice_takes_its_care_back():
	claims = {
		"I": Claim("I", D("100.00"), {"Lea": D("100.00")}),
		"A": Claim("A", D("-40.00"), {"Lea": D("-40.00")}),
	}
	paid = [on("2026-10-15", "60.00"), on("2026-10-20", "40.00", credit_note="A")]
	assert paid_in(2026, claims, paid) == {"Lea": D("60.00")}


def test_a_credit_note_that_is_paid_back_takes_its_care_back():
	claims = {
		"I": Claim("I", D("100.00"), {"Lea": D("100.00")}),
		"A": Claim("A", D("-40.00"), {"Lea": D("-40.00")}),
	}
	paid = [on("2026-10-15", "100.00"), on("2026-11-20", "40.00", claim=None, credit_note="A")]
	assert paid_in(2026, claims, paid) == {"Lea": D("60.00")}


@given(st.lists(cents, min_size=1, max_size=5), cents, st.data())
def test_all_parts_of_a_paid_invoice_are_its_care(parts, rest, data):
	total = sum(parts, ZERO) + rest
	care = data.draw(st.integers(0, int(total * 100)).map(lambda number: D(number).scaleb(-2)))
	claims = {"I": Claim("I", total, {"Lea": care})}
	paid = [
		Settlement("I", date(2026, 11, 1) + timedelta(40 * index), amount)
		for index, amount in enumerate([*parts, rest])
	]
	years = [paid_in(year, claims, paid).get("Lea", ZERO) for year in (2026, 2027)]
	assert sum(years, ZERO) == (care if total else ZERO)
	assert all(amount >= 0 for amount in years)


def test_the_age_is_that_of_the_first_of_january():
	assert not is_eligible(None, 2026)
	assert not is_eligible(date(2019, 12, 31), 2026)
	assert not is_eligible(date(2020, 1, 1), 2026)  # six on that day
	assert is_eligible(date(2020, 1, 2), 2026)
	assert is_eligible(date(2026, 5, 1), 2026)  # born in the year
	assert not is_eligible(date(2027, 1, 1), 2026)


def test_the_examples_in_the_text_are_right():
	assert doctest.testmod(care_certificate, extraglobs={"date": date}).failed == 0
