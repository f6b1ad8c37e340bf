"""The national scale of nurseries (R36), with the rows of 2026 and before as dated records."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concerto_education.engine.errors import MissingResources, NoBounds, NoRate
from concerto_education.engine.hours import contract_monthly_hours
from concerto_education.engine.money import money
from concerto_education.engine.pricing import price
from concerto_education.engine.psu import BoundsRow, Household, RateColumn, RateRow, Scale
from tests.engine.build import DAY, D, day, situation, span, tariff

RATES = """\
2018-01-01,2019-08-31,.0600,.0500,.0400,.0300,.0200
2019-09-01,2019-12-31,.0605,.0504,.0403,.0302,.0202
2022-01-01,,.0619,.0516,.0413,.0310,.0206"""
BOUNDS = """\
2018-01-01,2018-12-31,687.30,4874.62
2024-01-01,2024-08-31,765.77,6000
2024-09-01,2024-12-31,765.77,7000
2026-01-01,,814.62,8500"""


def rows(text):
	return list(csv.reader(io.StringIO(text)))


SCALE = Scale(
	[
		RateRow(
			span(start, end or None),
			tuple(RateColumn(n, D(p)) for n, p in zip((1, 2, 3, 4, 8), percents, strict=True)),
		)
		for start, end, *percents in rows(RATES)
	],
	[BoundsRow(span(start, end or None), D(low), D(high)) for start, end, low, high in rows(BOUNDS)],
)


def hour(resources, children, on=DAY, decimals=2, **values):
	household = Household(None if resources is None else D(resources), children, **values)
	return str(SCALE.hourly_price(household, on, decimals).amount)


@pytest.mark.parametrize(
	("monthly", "children", "expected"),
	[(500, 1, "0.50"), (4000, 2, "2.06"), (12000, 1, "5.26"), (8500, 4, "2.64")],
)
def test_worked_cases_of_2026(monthly, children, expected):
	"""8 500 × 0.0310 % = 2.635: half-even or float would give 2.63."""
	assert hour(monthly * 12, children) == expected


def test_worked_case_with_a_disabled_child():
	assert hour(40923, 1) == "2.11"
	assert hour(40923, 1, disabled_children=1) == "1.76"


@pytest.mark.parametrize(
	("children", "percent"),
	[(1, ".0619"), (2, ".0516"), (3, ".0413"), (4, ".0310"), (7, ".0310"), (8, ".0206"), (12, ".0206")],
)
def test_columns(children, percent):
	assert SCALE.percent(children, 0, DAY) == D(percent)


def test_each_disabled_child_moves_one_column_right_and_not_beyond_the_last():
	assert [SCALE.percent(1, n, DAY) for n in range(6)] == [
		D(p) for p in (".0619", ".0516", ".0413", ".0310", ".0206", ".0206")
	]
	assert SCALE.percent(5, 1, DAY) == D(".0206")


def test_floor_for_the_ase_and_for_no_resources_ceiling_for_a_refused_proof():
	assert hour(None, 1, placed=True) == hour(0, 1) == "0.50"
	assert hour(90000, 1, placed=True) == "0.50"
	assert hour(None, 1, proof_refused=True) == "5.26"


def test_unknown_resources_are_named_and_no_resources_are_a_value():
	with pytest.raises(MissingResources):
		hour(None, 1)


def test_rows_are_dated():
	assert hour(84000, 1, day("2024-08-31")) == "3.71"  # 6 000 × 0.0619 % = 3.714
	assert hour(84000, 1, day("2024-09-01")) == "4.33"  # 7 000 × 0.0619 % = 4.333
	assert hour(0, 3, day("2018-06-01")) == "0.27"  # 687.30 × 0.04 % = 0.27492
	with pytest.raises(NoRate):
		hour(0, 1, day("2020-06-01"))
	with pytest.raises(NoBounds):
		hour(0, 1, day("2022-06-01"))


def test_decimals_are_a_setting():
	assert [hour(40923, 1, decimals=n) for n in (2, 3, 4)] == ["2.11", "2.111", "2.1109"]


def test_contract_119_hours_at_2_00():
	"""34 h × 42 weeks / 12 at 2.00 → 119 h, 238.00."""
	hours = contract_monthly_hours(42, 34, 12)
	assert str(hours) == "119" and money(hours * D("2.00")) == D("238.00")


def test_effort_rate_tariff():
	nursery = tariff(method="effort_rate", scale=SCALE, activity="nursery")
	household = Household(D(48000), 2)
	contract = price(nursery, situation(quantity=D(119), household=household))
	assert (str(contract.unit_price), str(contract.amount)) == ("2.06", "245.14")
	occasional = price(nursery, situation(minutes=95, household=household))
	assert (str(occasional.quantity), str(occasional.amount)) == ("2", "4.12")
	assert occasional.steps[0].params == {
		"monthly_resources": "4000.00",
		"basis": "resources",
		"percent": "0.0516",
		"children": 2,
		"disabled_children": 0,
	}
	with pytest.raises(MissingResources):
		price(nursery, situation(minutes=95))


@given(
	st.tuples(st.integers(0, 200_000), st.integers(0, 200_000)).map(sorted),
	st.integers(1, 9),
	st.integers(0, 3),
)
def test_monotone_in_resources_and_never_dearer_with_more_children(pair, children, disabled):
	low, high = (D(hour(value, children, disabled_children=disabled)) for value in pair)
	assert 0 < low <= high
	assert D(hour(pair[1], children + 1, disabled_children=disabled)) <= high
	assert D(hour(pair[1], children, disabled_children=disabled + 1)) <= high


@pytest.mark.parametrize("values", [(-1, 1), (0, 0)])
def test_households_that_make_no_sense(values):
	with pytest.raises(ValueError):
		Household(*values)
