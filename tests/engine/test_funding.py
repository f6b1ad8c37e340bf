"""What third parties pay (R21, R29): never more than the price, quotas in the order of days, no cent lost."""

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concerto_education.engine.errors import (
	FundingNeedsDuration,
	FundingsBeyondPrice,
	FundingWithoutAmount,
	InvalidFunding,
	PercentageTooHigh,
)
from concerto_education.engine.funding import (
	Consumed,
	Funding,
	Priced,
	Voucher,
	allocate,
	check_together,
)
from concerto_education.engine.ranges import DateRange

D = Decimal
MONDAY = date(2026, 9, 7)
YEAR = DateRange(date(2026, 9, 1), date(2027, 8, 31))


def day(number: int) -> date:
	return MONDAY + timedelta(days=number)


def item(number: int, amount="12.00", key=None, days=None, **values) -> Priced:
	return Priced(
		key or f"f{number}",
		values.pop("enrolment", "E"),
		values.pop("person", "P"),
		values.pop("kind", "ACM"),
		D(amount),
		days or (day(number),),
		**values,
	)


def funding(basis="day", rate="8.00", **values) -> Funding:
	values = {"id": "PEC", "payer": "ASE", "enrolment": "E", "span": YEAR, **values}
	return Funding(basis=basis, rate=D(rate), **values)


def voucher(quota="2", measure="days", value="5.00", **values) -> Voucher:
	values = {"id": "BON", "payer": "MSA", "person": "P", "kinds": frozenset({"ACM"}), "span": YEAR, **values}
	return Voucher(measure=measure, quota=D(quota), value=None if value is None else D(value), **values)


def amounts(parts) -> list[tuple]:
	return [(part.key, part.source, str(part.amount)) for part in parts]


# ---------------------------------------------------------------- fundings


def test_per_day_and_never_more_than_the_price():
	items = [item(0), item(1, "6.50"), item(2, "0.00")]
	assert amounts(allocate(items, [funding()])) == [("f0", "PEC", "8.00"), ("f1", "PEC", "6.50")]


def test_two_charges_of_one_day_share_the_amount_of_the_day():
	items = [item(0, "5.00", key="am"), item(0, "5.00", key="pm")]
	assert amounts(allocate(items, [funding()])) == [("am", "PEC", "5.00"), ("pm", "PEC", "3.00")]


def test_percentage_rounds_half_up():
	assert amounts(allocate([item(0, "2.75")], [funding("percent", "50")])) == [("f0", "PEC", "1.38")]


def test_per_hour_needs_the_length():
	assert amounts(allocate([item(0, "20.00", minutes=90)], [funding("hour", "4.00")])) == [
		("f0", "PEC", "6.00")
	]
	with pytest.raises(FundingNeedsDuration):
		allocate([item(0)], [funding("hour", "4.00")])


def test_a_monthly_amount_is_used_up_in_the_order_of_days_and_begins_anew_each_month():
	"""R21: the yearly quote of the ASE appears every month."""
	september = [item(n) for n in range(3)]
	october = item(30)
	parts = allocate([october, *reversed(september)], [funding("month", "30.00")])
	assert amounts(parts) == [
		("f0", "PEC", "12.00"),
		("f1", "PEC", "12.00"),
		("f2", "PEC", "6.00"),
		("f30", "PEC", "12.00"),
	]


def test_cap_of_the_whole_period_goes_on_from_what_was_taken_before():
	capped = funding(cap=D("20.00"))
	parts = allocate([item(0), item(1)], [capped], consumed=Consumed({"PEC": D("9.00")}))
	assert amounts(parts) == [("f0", "PEC", "8.00"), ("f1", "PEC", "3.00")]


def test_cap_of_a_month_and_of_a_day():
	items = [item(n) for n in range(3)]
	assert sum(part.amount for part in allocate(items, [funding(cap=D("10"), cap_period="month")])) == D("10")
	daily = allocate([item(0, minutes=600)], [funding("hour", "3", cap=D("7"), cap_period="day")])
	assert amounts(daily) == [("f0", "PEC", "7.00")]


def test_several_fundings_are_asked_in_their_order():
	first = funding("percent", "50", id="A", payer="CAF", order=1)
	second = funding(rate="8.00", id="B", payer="ASE", order=2)
	assert amounts(allocate([item(0)], [second, first])) == [("f0", "A", "6.00"), ("f0", "B", "6.00")]


def test_only_its_own_days_and_enrolment():
	short = funding(span=DateRange(day(1), day(1)))
	assert amounts(allocate([item(0), item(1), item(1, key="other", enrolment="F")], [short])) == [
		("f1", "PEC", "8.00")
	]


def test_a_week_of_which_two_days_are_covered_counts_by_two_fifths():
	week = item(0, "50.00", days=tuple(day(n) for n in range(5)))
	half = funding("percent", "50", span=DateRange(day(0), day(1)))
	assert amounts(allocate([week], [half])) == [("f0", "PEC", "10.00")]
	assert amounts(allocate([week], [funding(rate="40", span=DateRange(day(0), day(1)))])) == [
		("f0", "PEC", "20.00")
	]


@pytest.mark.parametrize(
	("make", "error"),
	[
		(lambda: funding(rate="0"), FundingWithoutAmount),
		(lambda: funding(rate="-3"), FundingWithoutAmount),
		(lambda: funding("percent", "100.01"), PercentageTooHigh),
		(lambda: funding(cap=D("-1")), InvalidFunding),
		(lambda: voucher(quota="0"), FundingWithoutAmount),
		(lambda: voucher(value="0"), InvalidFunding),
	],
)
def test_what_is_no_funding_is_refused_by_name(make, error):
	with pytest.raises(error):
		make()


def test_percentages_beyond_the_price():
	one = funding("percent", "60", id="A", span=DateRange(day(0), day(10)))
	other = funding("percent", "50", id="B", span=DateRange(day(5), day(20)))
	with pytest.raises(FundingsBeyondPrice) as error:
		check_together([one, other])
	assert error.value.params["start"] == day(5)
	check_together([one, funding("percent", "50", id="B", span=DateRange(day(11), day(20)))])
	check_together([one, funding("percent", "50", id="B", enrolment="F")])


# ---------------------------------------------------------------- vouchers


def test_a_voucher_is_consumed_in_the_order_of_days():
	parts = allocate([item(2), item(0), item(1)], vouchers=[voucher()])
	assert amounts(parts) == [("f0", "BON", "5.00"), ("f1", "BON", "5.00")]


def test_two_charges_of_a_day_use_one_day_of_the_voucher():
	items = [item(0, "3.00", key="am"), item(0, "4.00", key="pm"), item(1)]
	assert amounts(allocate(items, vouchers=[voucher()])) == [
		("am", "BON", "3.00"),
		("pm", "BON", "2.00"),
		("f1", "BON", "5.00"),
	]


def test_days_used_before_count():
	parts = allocate([item(0), item(1)], vouchers=[voucher()], consumed=Consumed(days={"BON": 1}))
	assert amounts(parts) == [("f0", "BON", "5.00")]


def test_a_voucher_of_euros():
	parts = allocate([item(0), item(1)], vouchers=[voucher("15", "amount", None)])
	assert amounts(parts) == [("f0", "BON", "12.00"), ("f1", "BON", "3.00")]


def test_only_its_kinds_of_activity():
	assert not allocate([item(0, kind="Canteen")], vouchers=[voucher()])


def test_fundings_first_then_the_voucher_that_ends_first():
	late = voucher(id="LATE")
	soon = voucher(id="SOON", span=DateRange(YEAR.start, day(30)))
	parts = allocate([item(0)], [funding(rate="4.00")], [late, soon])
	assert amounts(parts) == [("f0", "PEC", "4.00"), ("f0", "SOON", "5.00"), ("f0", "LATE", "3.00")]


# ---------------------------------------------------------------- what always holds

euros = st.decimals(0, 80, places=2)
rates = st.decimals("0.01", 100, places=2)
spans = st.tuples(st.integers(0, 40), st.integers(0, 40)).map(
	lambda ends: DateRange(day(min(ends)), day(max(ends)))
)
sources = st.lists(
	st.builds(
		lambda number, basis, rate, span, cap, period: funding(
			basis, rate, id=f"PEC{number}", span=span, cap=cap, cap_period=period, order=number
		),
		st.integers(0, 10**6),
		st.sampled_from(["day", "hour", "month", "percent"]),
		rates,
		spans,
		st.none() | euros,
		st.sampled_from(["day", "month", "whole"]),
	),
	max_size=3,
	unique_by=lambda source: source.id,
)
bons = st.lists(
	st.builds(
		lambda number, quota, measure, value, span: voucher(
			quota, measure, value, id=f"BON{number}", span=span
		),
		st.integers(0, 10**6),
		st.integers(1, 12),
		st.sampled_from(["days", "amount"]),
		st.none() | rates,
		spans,
	),
	max_size=3,
	unique_by=lambda source: source.id,
)
charges = st.lists(st.tuples(st.integers(0, 40), euros, st.integers(1, 5)), max_size=25).map(
	lambda rows: [
		item(start, amount, key=f"f{index}", days=tuple(day(start + n) for n in range(count)), minutes=90)
		for index, (start, amount, count) in enumerate(rows)
	]
)


@given(charges, sources, bons)
def test_no_cent_is_lost_and_nobody_pays_more_than_he_has_to(items, fundings, vouchers):
	parts = allocate(items, fundings, vouchers)
	by_item = defaultdict(lambda: D(0))
	for part in parts:
		assert part.amount > 0 and part.amount == part.amount.quantize(D("0.01"))
		by_item[part.key] += part.amount
	for entry in items:
		assert 0 <= by_item[entry.key] <= entry.amount
	for source in fundings:
		taken = sum((part.amount for part in parts if part.source == source.id), D(0))
		if source.cap is not None and source.cap_period.value == "whole":
			assert taken <= source.cap
		by_month = defaultdict(lambda: D(0))
		for part in parts:
			if part.source == source.id and len({d.month for d in part.days}) == 1:
				by_month[part.days[0].month] += part.amount
		if source.basis.value == "month":
			assert all(amount <= source.rate for amount in by_month.values())
	for source in vouchers:
		mine = [part for part in parts if part.source == source.id]
		if source.measure.value == "days":
			assert len({d for part in mine for d in part.days}) <= source.quota
		else:
			assert sum((part.amount for part in mine), D(0)) <= source.quota


@given(charges, sources, bons, st.randoms())
def test_the_order_in_which_charges_are_given_changes_nothing(items, fundings, vouchers, random):
	shuffled = list(items)
	random.shuffle(shuffled)
	assert allocate(items, fundings, vouchers) == allocate(shuffled, fundings, vouchers)
