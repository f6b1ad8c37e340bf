"""How old a debt is, and which reminder is due (R42)."""

import doctest
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concerto_education.engine import ageing
from concerto_education.engine.ageing import History, Step, bucket, next_level

DUE = date(2026, 11, 14)
STEPS = (Step(1, 15), Step(2, 30), Step(3, 30))


@pytest.mark.parametrize(
	("late", "expected"),
	[(-1, None), (0, None), (1, 0), (30, 0), (31, 1), (60, 1), (61, 2), (90, 2), (91, 3)],
)
def test_ages(late, expected):
	assert bucket(DUE, DUE + timedelta(late)) == expected


@given(st.dates(), st.integers(0, 1000))
def test_a_debt_never_grows_younger(due, days):
	if due.year > 9990:
		return
	ages = [bucket(due, due + timedelta(day)) for day in (days, days + 1)]
	assert (ages[0] if ages[0] is not None else -1) <= ages[1]


@pytest.mark.parametrize(
	("history", "days", "expected"),
	[
		(History(), 15, None),
		(History(), 16, 1),
		(History(), 400, 1),  # no level is skipped
		(History(1, DUE + timedelta(16)), 46, None),
		(History(1, DUE + timedelta(16)), 47, 2),
		(History(2, DUE + timedelta(47)), 78, 3),
		(History(3, DUE + timedelta(78)), 500, None),
	],
)
def test_levels_come_one_after_the_other(history, days, expected):
	assert next_level(DUE, history, STEPS, DUE + timedelta(days)) == expected


def test_the_examples_in_the_text_are_right():
	assert doctest.testmod(ageing, extraglobs={"date": date}).failed == 0
