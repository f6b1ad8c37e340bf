"""Which tariff holds, and what is wrong with it (R7, R26)."""

import pytest

from concerto_education.engine.errors import AmbiguousTariff, DuplicateTariff, NoTariff
from concerto_education.engine.tariffs import (
	Band,
	Combination,
	Linear,
	Method,
	Modifiers,
	SiblingRate,
	TariffBook,
	check,
	problems,
)
from tests.engine.build import ALWAYS, DAY, D, bands, canteen, day, span, tariff


def codes(*tariffs):
	return [error.code for error in problems(tariffs)]


def test_the_most_specific_tariff_wins():
	general = tariff(id="general")
	site = tariff(id="site", site="S1")
	category = tariff(id="category", category="child")
	both = tariff(id="both", category="child", site="S1")
	book = TariffBook([general, site, category, both])
	assert book.find("canteen", "child", "S1", DAY) is both
	assert book.find("canteen", "child", "S2", DAY) is category
	assert book.find("canteen", "staff", "S1", DAY) is site
	assert book.find("canteen", None, None, DAY) is general
	assert TariffBook([general, site, category]).find("canteen", "child", "S1", DAY) is category


def test_no_tariff_is_named_never_another_one():
	book = TariffBook([tariff(category="staff"), tariff(id="x", activity="garderie")])
	with pytest.raises(NoTariff) as caught:
		book.find("canteen", "child", "S1", DAY)
	assert caught.value.params == {"activity": "canteen", "category": "child", "site": "S1", "day": DAY}


def test_dates_decide():
	old = tariff(id="old", span=span("2025-09-01", "2026-08-31"))
	new = tariff(id="new", span=span("2026-09-01"))
	book = TariffBook([old, new])
	assert book.find("canteen", None, None, day("2026-08-31")) is old
	assert book.find("canteen", None, None, day("2026-09-01")) is new
	with pytest.raises(NoTariff):
		book.find("canteen", None, None, day("2025-08-31"))


def test_two_equal_tariffs_are_not_chosen_between():
	book = TariffBook([tariff(id="a", label="A"), tariff(id="b", label="B", span=span("2026-09-01"))])
	with pytest.raises(AmbiguousTariff) as caught:
		book.find("canteen", "child", "S1", DAY)
	assert caught.value.params == {"first": "A", "second": "B", "day": DAY}


def test_one_id_twice_is_refused():
	with pytest.raises(DuplicateTariff):
		TariffBook([tariff(), tariff()])


# ---------------------------------------------------------------- checks when saving


def test_the_tariffs_of_r26_have_no_problem():
	assert (
		codes(
			canteen(category="child"),
			tariff(id="p", category="packed", price=D(0)),
			tariff(id="s", category="staff", price=D("2.80")),
			tariff(id="o", category="others", price=D("5.00")),
		)
		== []
	)
	assert check(canteen()) is None


@pytest.mark.parametrize(
	("rows", "expected"),
	[
		((), ["incomplete-tariff"]),
		([(0, 350, 1), (350, None, 2)], []),
		([(1, 350, 1), (350, None, 2)], ["band-gap"]),
		([(0, 350, 1), (400, None, 2)], ["band-gap"]),
		([(0, 350, 1), (350, 900, 2)], ["band-gap"]),
		([(0, 400, 1), (350, None, 2)], ["overlapping-bands"]),
		([(0, None, 1), (350, None, 2)], ["overlapping-bands"]),
		([(0, 350, -1), (350, None, 2)], ["negative-price"]),
		([(0, 0, 1), (0, None, 2)], ["empty-band"]),
	],
)
def test_bands(rows, expected):
	assert codes(canteen(bands=bands(*rows))) == expected


def test_check_raises_the_first_problem():
	with pytest.raises(Exception, match=r"no band for a quotient from 350 to 400"):
		check(canteen(bands=bands((0, 350, 1), (400, None, 2))))


def test_bands_may_be_given_in_any_order():
	assert canteen(bands=bands((350, None, 2), (0, 350, 1))) == canteen(
		bands=bands((0, 350, 1), (350, None, 2))
	)


def test_other_methods_are_checked_too():
	assert codes(tariff(price=None)) == ["incomplete-tariff"]
	assert codes(tariff(price=D(-1))) == ["negative-price"]
	assert codes(tariff(method=Method.QF_LINEAR)) == ["incomplete-tariff"]
	assert codes(tariff(method="qf_linear", linear=Linear(D("0.01")))) == ["no-full-price"]
	wrong = Linear(D("0.01"), floor=D(5), ceiling=D(4))
	assert codes(tariff(method="qf_linear", linear=wrong)) == ["invalid-tariff"]
	assert codes(tariff(method="effort_rate")) == ["incomplete-tariff"]
	assert codes(tariff(method="unit_combination")) == ["incomplete-tariff"]
	twice = (Combination({"am"}, D(1)), Combination({"am"}, D(2)))
	assert codes(tariff(method="unit_combination", combinations=twice)) == ["repeated-combination"]
	assert codes(tariff(method="per_month")) == ["incomplete-tariff"]
	assert codes(tariff(method="per_month", price=D(30))) == []
	assert codes(tariff(method="per_month", bands=bands((0, 350, 1), (400, None, 2)))) == ["band-gap"]
	assert [e.params["field"] for e in problems([canteen(bands=())])] == ["bands"]
	reduction = Modifiers(siblings=(SiblingRate(2, D("-0.5")),))
	assert codes(tariff(modifiers=reduction)) == ["negative-price"]
	assert codes(tariff(modifiers=Modifiers(minimum=D(3), maximum=D(2)))) == ["invalid-tariff"]
	assert codes(tariff(modifiers=Modifiers(minimum=D(3), maximum=D(3)))) == []
	assert codes(canteen(bands=bands((0, 350, 0), (350, None, "0.50")))) == []


def test_dates_that_overlap_are_named():
	found = problems([tariff(id="a", label="A"), tariff(id="b", label="B", span=span("2026-09-01"))])
	assert [(e.code, e.params["day"]) for e in found] == [("ambiguous-tariff", day("2026-09-01"))]
	assert codes(tariff(id="a"), tariff(id="b", category="child"), tariff(id="c", site="S1")) == []


def test_floats_are_refused_at_the_door():
	with pytest.raises(TypeError):
		tariff(price=2.80)
	with pytest.raises(TypeError):
		Band(0, 350, 2.2)
	with pytest.raises(ValueError):
		tariff(decimals=5)
	assert tariff(price="2.80", span=ALWAYS).price == D("2.80")
