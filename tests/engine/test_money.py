"""Cents, rounding, splitting, and how French readers see an amount."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concerto_education.engine.money import (
	format_fr,
	from_cents,
	money,
	plain,
	round_half_up,
	split,
	to_cents,
)

cents = st.integers(-10_000_000, 10_000_000)
weights = st.lists(st.decimals(0, 1000, places=2), min_size=1, max_size=6).filter(lambda w: sum(w) > 0)


def test_halves_round_up():
	"""Defect: 2.675 kept in a float becomes 2.67."""
	assert money("2.675") == Decimal("2.68")
	assert money("-2.675") == Decimal("-2.68")
	assert round_half_up("2.6345", 3) == Decimal("2.635")


@pytest.mark.parametrize("value", [2.675, 0.0, True, None, [], b"1"])
def test_a_float_is_refused_never_converted(value):
	with pytest.raises(TypeError):
		money(value)


@pytest.mark.parametrize("value", ["", "2,80", "NaN", "Infinity", Decimal("NaN"), "abc"])
def test_what_is_no_number_is_refused(value):
	with pytest.raises(ValueError):
		money(value)


def test_no_negative_zero():
	assert str(money("-0.001")) == "0.00" and format_fr("-0.001").startswith("0,00")


def test_a_part_of_a_cent_is_not_lost_in_silence():
	assert to_cents("2.80") == 280
	with pytest.raises(ValueError):
		to_cents("2.805")
	with pytest.raises(ValueError):
		split("2.805", [1, 1])


@given(cents)
def test_cents_round_trip(value):
	assert to_cents(from_cents(value)) == value


@given(cents, weights)
def test_split_loses_no_cent(value, shares):
	parts = split(from_cents(value), shares)
	assert sum(parts) == from_cents(value)
	assert len(parts) == len(shares)
	whole = sum(shares)
	for part, share in zip(parts, shares, strict=True):
		assert abs(part * 100 - value * share / whole) < 1, "never a whole cent away from the exact part"
		assert share or part == 0
		assert part * value >= 0


@given(cents, weights)
def test_split_of_a_reversal_is_the_reversal_of_the_split(value, shares):
	assert split(from_cents(-value), shares) == tuple(-part for part in split(from_cents(value), shares))


def test_split_is_deterministic_first_payer_gets_the_odd_cent():
	assert split("2.75", [50, 50]) == (Decimal("1.38"), Decimal("1.37"))
	assert split("1.00", [1, 1, 1]) == (Decimal("0.34"), Decimal("0.33"), Decimal("0.33"))
	assert split("0.01", [1, 2]) == (Decimal("0.00"), Decimal("0.01"))


@pytest.mark.parametrize("shares", [[], [0, 0], [-1, 2]])
def test_shares_that_make_no_sense_are_refused(shares):
	with pytest.raises(ValueError):
		split("1.00", shares)


def test_french_format():
	assert format_fr("1234567.5") == "1\u202f234\u202f567,50\u00a0€"
	assert format_fr("-2.8") == "-2,80\u00a0€"
	assert format_fr(15, sign="") == "15,00"


def test_plain_numbers_have_no_exponent():
	assert [plain(Decimal(v)) for v in ("100", "1E+2", "119.0000", "0.0619", "0.00", "0.00001")] == [
		"100",
		"100",
		"119",
		"0.0619",
		"0",
		"0.00001",
	]
