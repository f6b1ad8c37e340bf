"""What one may price besides an ordinary presence: not booked, late pick-up, top of the scale, own script (R14, R26)."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concerto_education.engine.charges import Profile, derive, period_key
from concerto_education.engine.errors import NegativePrice, NoFullPrice, NoTariff, ScriptFailed, ScriptRefused
from concerto_education.engine.facts import BillingRule
from concerto_education.engine.pricing import price
from concerto_education.engine.ranges import DateRange
from concerto_education.engine.tariff_checks import Uncovered, problems, uncovered
from concerto_education.engine.tariffs import (
	Combination,
	Duration,
	Linear,
	Method,
	Modifiers,
	SiblingRate,
	SiblingScope,
	TariffBook,
	Use,
)
from tests.engine.build import D, canteen, context, day, fact, situation, span, tariff

ORDINARY = tariff(id="N", price=D(10), modifiers=Modifiers(unbooked_factor=D("1.5"), minimum=D(8)))
UNBOOKED = tariff(id="U", price=D(14), use="unbooked")
LATE = tariff(id="L", price=D(5), use=Use.LATE_PICKUP, modifiers=Modifiers(minimum=D(8)))


def charged(*facts, tariffs=(ORDINARY,), **values):
	result = derive(facts, context(*tariffs, **values))
	assert not result.problems, result.problems
	return [str(charge.amount) for charge in result.charges]


# ---------------------------------------------------------------- uses


def test_a_presence_nobody_booked_has_its_own_tariff_or_the_factor_of_the_ordinary_one():
	came = fact("a", status="present", booked=False)
	assert charged(came) == ["15.00"]
	assert charged(came, tariffs=(ORDINARY, UNBOOKED)) == ["14.00"]
	assert charged(fact("a"), tariffs=(ORDINARY, UNBOOKED)) == ["10.00"]


def test_a_late_pickup_is_a_charge_of_its_own_and_the_same_for_everybody():
	late = fact("a#late", status="present", use=Use.LATE_PICKUP)
	profiles = {"E1": Profile(sibling_rank=3, resident=False)}
	assert charged(fact("a"), late, tariffs=(ORDINARY, LATE), profiles=profiles) == ["10.00", "5.00"]
	result = derive([late], context(ORDINARY))
	assert [type(problem.error) for problem in result.problems] == [NoTariff], "no penalty is guessed"


def test_tariffs_of_two_uses_are_no_rivals():
	assert problems([ORDINARY, UNBOOKED, LATE]) == []
	twin = tariff(id="X", price=D(1), use="unbooked")
	assert [error.code for error in problems([UNBOOKED, twin])] == ["ambiguous-tariff"]


def test_the_book_answers_by_use():
	book = TariffBook([ORDINARY, LATE])
	asked = ("canteen", "child", "S1", day("2026-09-03"))
	assert (book.find(*asked).id, book.find(*asked, use="late_pickup").id) == ("N", "L")
	assert book.get(*asked, use="unbooked") is None
	assert book.for_presence(*asked, booked=False).id == "N"


def test_what_has_a_tariff_of_its_own_is_a_period_apart():
	keys = {period_key(Method.PER_WEEK, BillingRule.PRESENT, "E1", day("2026-09-03"), use) for use in Use}
	assert keys == {"E1#2026-W36", "E1#2026-W36#unbooked", "E1#2026-W36#late_pickup"}
	assert (
		period_key(Method.FLAT, BillingRule.FLAT_PER_PERIOD, "E1", day("2026-09-03"), Use.LATE_PICKUP) is None
	)


def test_a_day_of_several_units_is_not_booked_only_if_nothing_of_it_was():
	whole = tariff(
		method="unit_combination",
		combinations=(Combination({"am"}, D(4)), Combination({"am", "pm"}, D(7))),
		modifiers=Modifiers(unbooked_factor=D(2)),
	)
	booked = fact("a", unit="am", status="present")
	extra = fact("b", unit="pm", status="present", booked=False)
	assert charged(booked, extra, tariffs=(whole,)) == ["7.00"]
	assert charged(fact("a", unit="am", status="present", booked=False), extra, tariffs=(whole,)) == ["14.00"]


# ---------------------------------------------------------------- top of the scale


def test_full_price_needs_no_quotient_and_says_why():
	result = price(canteen(), situation(200, full_price="proof_missing"))
	assert str(result.amount) == "2.80" and result.steps[0].params == {
		"full": "proof_missing",
		"price": "2.80",
	}
	assert charged(fact(full_price="proof_missing"), tariffs=(canteen(),), quotients={}) == ["2.80"]
	profiles = {"E1": Profile(full_price="proof_missing")}
	assert charged(fact(), tariffs=(canteen(),), profiles=profiles) == ["2.80"]


def test_families_from_outside_may_pay_the_top_of_the_scale():
	dear = Modifiers(non_resident_full_price=True)
	line = tariff(method="qf_linear", linear=Linear(D("0.01"), ceiling=D(9)), modifiers=dear)
	assert str(price(line, situation(100)).amount) == "1.00"
	assert str(price(line, situation(100, resident=False)).amount) == "9.00"
	open_end = tariff(method="qf_linear", linear=Linear(D("0.01")), modifiers=dear)
	with pytest.raises(NoFullPrice):
		price(open_end, situation(100, resident=False))


# ---------------------------------------------------------------- rank, duration


def test_the_rank_is_counted_among_whom_the_tariff_says():
	profile = Profile(sibling_rank=1, rank_anywhere=2, rank_in_family=3)
	rates = (SiblingRate(2, D("0.8")), SiblingRate(3, D("0.5")))
	found = {
		scope: charged(
			fact(),
			tariffs=(tariff(price=D(10), modifiers=Modifiers(siblings=rates, sibling_scope=scope)),),
			profiles={"E1": profile},
		)
		for scope in SiblingScope
	}
	assert list(found.values()) == [["10.00"], ["8.00"], ["5.00"]]


def test_a_time_nobody_noted_is_that_of_the_service_only_where_the_tariff_says_so():
	late = fact(status="present", assumed_minutes=80)
	lenient = tariff(method="per_duration", price=D(1), duration=Duration(30, whole_slot=True))
	strict = tariff(method="per_duration", price=D(1))
	assert charged(late, tariffs=(lenient,)) == ["3.00"]
	assert [p.error.code for p in derive([late], context(strict)).problems] == ["missing-duration"]


def test_an_effort_rate_without_hours_is_an_error_and_never_one_hour():
	nursery = tariff(method="effort_rate")
	assert [p.error.code for p in derive([fact()], context(nursery)).problems] == ["missing-duration"]


# ---------------------------------------------------------------- script


def scripted(*parts, error=None):
	def run(_situation):
		if error:
			raise error
		return parts

	return tariff(method="script", script=run)


@given(st.lists(st.decimals(0, 100, places=3), min_size=1, max_size=4))
def test_a_script_is_the_sum_of_its_parts(amounts):
	result = price(scripted(*((f"part {n}", amount) for n, amount in enumerate(amounts))), situation(100))
	assert sum((step.amount for step in result.steps), Decimal(0)) == result.amount >= 0
	assert [step.kind for step in result.steps] == ["script"] * len(amounts)


def test_a_script_may_refuse_and_never_gives_a_float_a_credit_or_nothing():
	with pytest.raises(ScriptRefused):
		price(scripted(error=ScriptRefused(tariff="T", detail="no")), situation())
	with pytest.raises(ScriptFailed):
		price(scripted(), situation())
	with pytest.raises(NegativePrice):
		price(scripted(("credit", D(-1))), situation())
	with pytest.raises(TypeError):
		price(scripted(("float", 2.675)), situation())


# ---------------------------------------------------------------- days without a tariff


def test_uncovered_days_are_named_by_category_and_site():
	first = tariff(id="1", category="child", span=span("2026-09-01", "2026-12-31"), price=D(1))
	second = tariff(id="2", category="child", span=span("2027-01-04"), price=D(1))
	adult = tariff(id="3", category="adult", site="S1", span=span("2026-09-01"), price=D(1))
	within = DateRange(day("2026-08-01"), day("2027-08-31"))
	found = uncovered([first, second, adult], ["child", "adult"], ["S1", "S2"], within)
	gap = span("2027-01-01", "2027-01-03")
	assert found == [
		Uncovered("child", "S1", gap),
		Uncovered("child", "S2", gap),
		Uncovered("adult", "S2", DateRange(day("2026-09-01"), within.end)),
	]
	assert uncovered([], ["child"], ["S1"], within) == []
	assert uncovered([tariff(price=D(1))], ["child"], ["S1"], within) == []
