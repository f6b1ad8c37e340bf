"""The price of a situation, and its explanation (R26)."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concerto_education.engine.errors import (
	BandGap,
	IncompleteTariff,
	MissingDuration,
	MissingQuotient,
	NoCombination,
	NoFullPrice,
)
from concerto_education.engine.money import round_half_up
from concerto_education.engine.pricing import price
from concerto_education.engine.situation import LateCount
from concerto_education.engine.tariffs import (
	Combination,
	Duration,
	Linear,
	Method,
	Modifiers,
	SiblingRate,
)
from tests.engine.build import D, bands, canteen, situation, tariff


def amount(which, *args, **values):
	return str(price(which, situation(*args, **values)).amount)


def kinds(result):
	return [(step.kind, str(step.amount)) for step in result.steps]


# ---------------------------------------------------------------- bands (R26)


@pytest.mark.parametrize(
	("value", "expected"),
	[(0, "2.20"), ("349.99", "2.20"), (350, "2.80"), (512, "2.80"), (9999, "2.80"), (12000, "2.80")],
)
def test_r26_child_price_by_qf(value, expected):
	"""QF exactly 350 pays full price: the rule says *under* 350. Unknown (9999) pays full price."""
	assert amount(canteen(), value) == expected


def test_without_qf_there_is_no_price():
	with pytest.raises(MissingQuotient):
		price(canteen(), situation())


def test_a_flat_price_asks_for_no_qf():
	assert amount(tariff(price=D("5.00"))) == "5.00"


def test_a_qf_in_a_gap_is_named():
	holey = canteen(bands=bands((0, 350, "2.20"), (400, 900, "2.80")))
	with pytest.raises(BandGap) as caught:
		price(holey, situation(360))
	assert caught.value.params == {"tariff": "Restauration enfant", "start": "350", "end": "400"}
	with pytest.raises(BandGap) as caught:
		price(holey, situation(350))
	assert caught.value.params["start"] == "350"
	for beyond in (900, 9999, 12000):
		with pytest.raises(BandGap) as caught:
			price(holey, situation(beyond))
		assert caught.value.params["end"] == "∞"
	closed_with_9999 = canteen(bands=bands((0, 350, "2.20"), (350, 10000, "2.80")))
	assert amount(closed_with_9999, 9999) == "2.80"


# ---------------------------------------------------------------- quantities and rounding


def test_unit_price_is_rounded_before_it_is_multiplied():
	"""Defect: 17 × 4.15 printed as 70.49, because the unit price was 4.1466 inside."""
	line = tariff(method=Method.QF_LINEAR, linear=Linear(D("0.0081"), ceiling=D(9)))
	result = price(line, situation("511.93", quantity=D(17)))
	assert (str(result.unit_price), str(result.amount)) == ("4.15", "70.55")
	assert result.amount == result.unit_price * result.quantity
	assert kinds(result) == [("linear", "4.15"), ("quantity", "66.40")]


def test_nothing_is_rounded_twice():
	"""2.6349 × 1: once to the cent is 2.63; by way of 2.635 it would be 2.64."""
	line = tariff(
		method="qf_linear", linear=Linear(D("0.0026349"), ceiling=D(9)), modifiers=Modifiers(maximum=D(9))
	)
	assert amount(line, 1000) == "2.63"


def test_four_decimals_for_hourly_prices():
	assert price(tariff(price=D("0.12345"), decimals=4), situation(quantity=D(10))).unit_price == D("0.1235")


def test_zero_quantity_costs_nothing():
	result = price(canteen(), situation(512, quantity=D(0)))
	assert str(result.amount) == "0.00" and sum(s.amount for s in result.steps) == 0


# ---------------------------------------------------------------- other methods


def test_linear_between_two_points():
	line = Linear.between(200, "1.00", 1100, "4.00")
	which = tariff(method="qf_linear", linear=line)
	for value, expected in (
		(0, "1.00"),
		(200, "1.00"),
		(650, "2.50"),
		(1100, "4.00"),
		(3000, "4.00"),
		(9999, "4.00"),
	):
		assert amount(which, value) == expected
	assert amount(tariff(method="qf_linear", linear=Linear.between(0, 0, 3, 1)), "1.5") == "0.50"


def test_linear_without_ceiling_has_no_full_price():
	which = tariff(method="qf_linear", linear=Linear(D("0.005"), floor=D(1)))
	assert amount(which, 100) == "1.00" and amount(which, 500) == "2.50"
	with pytest.raises(NoFullPrice):
		price(which, situation(9999))


def test_linear_says_which_bound_it_met():
	which = tariff(method="qf_linear", linear=Linear(D("0.005"), floor=D(1), ceiling=D(4)))

	def bound(value):
		params = price(which, situation(value)).steps[0].params
		return params.get("bound"), params.get("unknown", False)

	assert bound(100) == ("floor", False) and bound(500) == (None, False)
	assert bound(900) == ("ceiling", False) and bound(9999) == ("ceiling", True)
	assert bound(200) == (None, False) and bound(800) == (None, False), "exactly at a bound"


@pytest.mark.parametrize(
	("minutes", "expected"),
	[(0, "0.00"), (1, "0.80"), (30, "0.80"), (31, "1.60"), (61, "2.40"), (300, "3.20")],
)
def test_each_started_half_hour_counts(minutes, expected):
	which = tariff(method="per_duration", price=D("0.80"), duration=Duration(30, maximum=4))
	assert amount(which, minutes=minutes) == expected


def test_duration_with_free_minutes_and_bands():
	which = tariff(
		method="per_duration", bands=bands((0, 500, 1), (500, None, 2)), duration=Duration(15, free=5)
	)
	assert amount(which, 100, minutes=5) == "0.00"
	assert amount(which, 100, minutes=21) == "2.00"
	assert amount(which, 900, minutes=20) == "2.00"
	with pytest.raises(MissingDuration):
		price(which, situation(900))


DAYS = (
	Combination({"am"}, D(4)),
	Combination({"am", "noon", "pm"}, D(12)),
	Combination({"pm"}, D(4)),
	Combination({"am", "noon"}, D(7)),
	Combination({"noon"}, bands=bands((0, 350, "2.20"), (350, None, "2.80"))),
)


@pytest.mark.parametrize(
	("units", "expected"),
	[
		({"am"}, "4.00"),
		({"am", "noon"}, "7.00"),
		({"am", "noon", "pm"}, "12.00"),
		({"noon", "pm"}, "6.80"),
		({"am", "pm"}, "8.00"),
	],
)
def test_unit_combinations_take_most_units_first(units, expected):
	which = tariff(method="unit_combination", combinations=DAYS)
	assert amount(which, 512, units=frozenset(units)) == expected


def test_units_are_named_in_the_order_of_the_day():
	day = (("am", "Matin"), ("noon", "Repas"), ("pm", "Après-midi"))
	which = tariff(method="unit_combination", combinations=DAYS, units=day)
	steps = price(which, situation(512, units=frozenset({"pm", "noon", "am"}))).steps
	assert steps[0].params["units"] == ["Matin", "Repas", "Après-midi"]
	assert which.unit_names({"zz", "pm", "am"}) == ["Matin", "Après-midi", "zz"]


def test_a_late_pickup_says_which_one_it_is_and_costs_the_same():
	penalty = tariff(price=D(5), use="late_pickup")
	third = price(penalty, situation(late=LateCount(3, "month")))
	assert third.amount == price(penalty, situation()).amount == D("5.00")
	assert (third.steps[0].kind, third.steps[0].params, third.steps[0].amount) == (
		"late",
		{"number": 3, "within": "month"},
		D("0.00"),
	)


def test_a_unit_without_price_is_named():
	which = tariff(method="unit_combination", combinations=DAYS, label="ACM")
	with pytest.raises(NoCombination) as caught:
		price(which, situation(512, units=frozenset({"am", "night"})))
	assert caught.value.params == {"tariff": "ACM", "units": "night"}


@pytest.mark.parametrize("method", ["flat", "per_week", "per_month", "per_stay", "per_duration"])
def test_a_tariff_without_price_is_named(method):
	with pytest.raises(IncompleteTariff):
		price(tariff(method=method, price=None), situation(512, minutes=30))


def test_stay_by_bands():
	which = tariff(method="per_stay", bands=bands((0, 350, 80), (350, None, 120)))
	assert amount(which, 349) == "80.00" and amount(which, 350) == "120.00"


def test_month_by_linear_price():
	which = tariff(method="per_month", linear=Linear(D("0.05"), floor=D(10), ceiling=D(60)))
	assert amount(which, 512) == "25.60" and amount(which, 9999) == "60.00"
	with pytest.raises(MissingQuotient):
		price(which, situation())


# ---------------------------------------------------------------- modifiers


def test_modifiers_in_order():
	modifiers = Modifiers(
		siblings=(SiblingRate(3, D("0.5")), SiblingRate(2, D("0.9"))),
		non_resident_factor=D("1.5"),
		non_resident_surcharge=D("0.10"),
		unbooked_factor=D(2),
		maximum=D("6.00"),
	)
	which = canteen(modifiers=modifiers)
	assert amount(which, 512, sibling_rank=1) == "2.80"
	assert amount(which, 512, sibling_rank=2) == "2.52"
	assert amount(which, 512, sibling_rank=5) == "1.40"
	result = price(which, situation(512, sibling_rank=2, resident=False, booked=False))
	# 2.80 × 0.9 = 2.52 · × 1.5 = 3.78 · + 0.10 = 3.88 · × 2 = 7.76 · at most 6.00
	assert kinds(result) == [
		("band", "2.80"),
		("sibling", "-0.28"),
		("non_resident", "1.26"),
		("non_resident", "0.10"),
		("unbooked", "3.88"),
		("maximum", "-1.76"),
	]


def test_a_price_at_its_bounds_needs_no_reason():
	which = tariff(price=D("3.00"), modifiers=Modifiers(minimum=D("3.00"), maximum=D("3.00")))
	assert kinds(price(which, situation())) == [("flat", "3.00")]


def test_a_reduction_never_makes_a_credit():
	assert amount(tariff(modifiers=Modifiers(non_resident_surcharge=D(-5))), resident=False) == "0.00"
	assert amount(tariff(modifiers=Modifiers(minimum=D("2.00")))) == "2.00"


# ---------------------------------------------------------------- explanation


def test_explanation_is_json_without_any_float():
	result = price(canteen(), situation(512, quantity=D(12)))
	text = result.explanation().as_json()
	data = json.loads(text, parse_float=lambda number: pytest.fail(f"float {number}"))
	assert data == {
		"tariff": "C",
		"label": "Restauration enfant",
		"method": "qf_bands",
		"quotient": "512",
		"unit_price": "2.80",
		"quantity": "12",
		"amount": "33.60",
		"steps": [
			["band", {"quotient": "512", "from": "350", "below": None, "price": "2.80"}, "2.80"],
			["quantity", {"quantity": "12", "unit_price": "2.80"}, "30.80"],
		],
	}
	assert result.explanation().as_json() == text


def test_an_unknown_qf_is_said():
	result = price(canteen(), situation(9999))
	assert result.steps[0].params["unknown"] is True and result.quotient.is_unknown


# ---------------------------------------------------------------- properties

prices = st.decimals(0, 50, places=2)
factors = st.one_of(st.none(), st.decimals(0, 3, places=2))
surcharges = st.one_of(st.none(), st.decimals(-5, 5, places=2))
quotients = st.one_of(st.decimals(0, 3000, places=2), st.just(D(9999)))


@st.composite
def rising_bands(draw):
	cuts = sorted(draw(st.sets(st.integers(1, 2500), max_size=5)))
	costs = sorted(draw(st.lists(prices, min_size=len(cuts) + 1, max_size=len(cuts) + 1)))
	return bands(*zip([0, *cuts], [*cuts, None], costs, strict=True))


modifiers = st.builds(
	Modifiers,
	siblings=st.lists(st.builds(SiblingRate, st.integers(2, 5), st.decimals(0, 1, places=3)), max_size=3).map(
		tuple
	),
	non_resident_factor=factors,
	non_resident_surcharge=surcharges,
	unbooked_factor=factors,
	unbooked_surcharge=surcharges,
	minimum=st.one_of(st.none(), st.decimals(0, 3, places=2)),
	maximum=st.one_of(st.none(), st.decimals(3, 60, places=2)),
)


@st.composite
def tariffs(draw):
	method = draw(st.sampled_from([m for m in Method if m is not Method.EFFORT_RATE]))
	values = {"method": method, "modifiers": draw(modifiers), "decimals": draw(st.integers(2, 4))}
	if method is Method.QF_LINEAR:
		low, high = sorted(draw(st.tuples(prices, prices)))
		rate = draw(st.decimals(0, "0.1", places=5))
		values["linear"] = draw(
			st.sampled_from([Linear(rate, floor=low, ceiling=high), Linear.between(200, low, 901, high)])
		)
	elif method is Method.UNIT_COMBINATION:
		values["combinations"] = tuple(
			Combination(frozenset(units), bands=draw(rising_bands()))
			for units in (("am",), ("noon",), ("pm",), ("am", "noon", "pm"))
		)
	elif method is Method.SCRIPT:
		parts = tuple((f"part {index}", draw(prices)) for index in range(draw(st.integers(1, 3))))
		values["script"] = lambda situation: parts
	elif method is Method.FLAT or (method is not Method.QF_BANDS and draw(st.booleans())):
		values["price"] = draw(prices)
	else:
		values["bands"] = draw(rising_bands())
	return tariff(**values)


@st.composite
def cases(draw):
	return {
		"quantity": draw(st.decimals(0, 40, places=2)),
		"minutes": draw(st.integers(0, 600)),
		"units": frozenset(draw(st.sets(st.sampled_from(["am", "noon", "pm"])))),
		"sibling_rank": draw(st.integers(1, 6)),
		"resident": draw(st.booleans()),
		"booked": draw(st.booleans()),
	}


@given(tariffs(), quotients, cases())
def test_a_price_is_never_negative_and_is_the_sum_of_its_steps(which, value, case):
	result = price(which, situation(value, **case))
	assert result.amount >= 0 and result.unit_price >= 0
	assert sum((step.amount for step in result.steps), D(0)) == result.amount
	assert result.amount == round_half_up(result.unit_price * result.quantity, 2)
	assert result.amount.as_tuple().exponent == -2
	assert result.unit_price.as_tuple().exponent == -which.decimals
	json.loads(result.explanation().as_json(), parse_float=lambda number: pytest.fail(f"float {number}"))


@given(tariffs(), st.tuples(quotients, quotients).map(sorted), cases())
def test_a_price_is_monotone_in_the_qf_where_the_tariff_is(which, values, case):
	low, high = (price(which, situation(value, **case)).amount for value in values)
	assert low <= high
