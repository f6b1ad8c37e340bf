"""The admissible days of direct debit (R33)."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concerto_education.engine.debit_days import days_of, parse


def test_R33_the_6th_10th_and_15th_of_the_second_month_after():
	assert days_of(date(2026, 9, 1)) == [date(2026, 11, 6), date(2026, 11, 10), date(2026, 11, 15)]
	assert days_of(date(2026, 11, 1), "5") == [date(2027, 1, 5)]
	assert days_of(date(2026, 12, 1), "31") == [date(2027, 2, 28)]


@pytest.mark.parametrize("text", ["0", "32", "six", "6, 99"])
def test_what_is_no_day_is_refused(text):
	with pytest.raises(ValueError, match=text):
		parse(text)


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.sets(st.integers(1, 31), min_size=1))
def test_every_date_is_in_the_second_month_after(month, days):
	found = days_of(month, ", ".join(map(str, days)))
	assert found == sorted(set(found)) and found
	assert all((day.year * 12 + day.month) - (month.year * 12 + month.month) == 2 for day in found)
