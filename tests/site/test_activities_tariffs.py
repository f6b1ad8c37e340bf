"""Tariffs: dated rows, refused by name when they are wrong, simulated before they are used (R7, R26)."""

from datetime import date
from decimal import Decimal

import pytest

from concerto_education.activities import errors
from concerto_education.activities.tariffs import tariff_book
from concerto_education.engine.errors import NoTariff
from tests import builders as make

CANTEEN = ((0, 350, 2.2), (350, 0, 2.8))


def priced(tariff, quotient, day="2026-09-15"):
	answer = tariff.simulate(day, quotient)
	return answer.get("amount", "").replace("\u00a0", " ") or answer["problem"]


# ---------------------------------------------------------------- prices of R26


@pytest.mark.parametrize(
	("quotient", "price"),
	[(0, "2,20 €"), (349.99, "2,20 €"), (350, "2,80 €"), (640, "2,80 €"), (9999, "2,80 €")],
)
def test_R26_a_meal_costs_less_under_350(quotient, price):
	assert priced(make.tariff(make.activity(), bands=CANTEEN), quotient) == price


def test_R26_the_simulator_explains_and_needs_the_quotient():
	tariff = make.tariff(make.activity(), bands=CANTEEN)
	answer = tariff.simulate("2026-09-15", 349.99)
	assert answer["uses_quotient"] is True
	assert len(answer["lines"]) == 1
	assert "349,99" in answer["lines"][0]["text"]
	assert "problem" in tariff.simulate("2026-09-15", None), "no quotient is not a quotient of 0"
	assert "problem" in tariff.simulate("2026-08-31", 640), "before its first day"
	assert "problem" in tariff.simulate("2026-09-15", -1)


def test_R26_a_free_meal_is_a_price_and_an_empty_price_is_none():
	act = make.activity()
	assert priced(make.tariff(act, 0), None) == "0,00 €"
	with pytest.raises(errors.InvalidTariff):
		make.tariff(make.activity(), None)


def test_R26_money_does_not_pass_through_floats():
	tariff = make.tariff(make.activity(), 2.675)
	assert priced(tariff, None) == "2,68 €"


# ---------------------------------------------------------------- what is refused


@pytest.mark.parametrize(
	"bands",
	[
		((0, 350, 2.2), (400, 0, 2.8)),  # a gap
		((0, 350, 2.2), (300, 0, 2.8)),  # an overlap
		((100, 350, 2.2), (350, 0, 2.8)),  # nothing from 0
		((0, 350, 2.2), (350, 800, 2.8)),  # nothing above 800
		((0, 350, -2.2), (350, 0, 2.8)),  # negative
		((350, 350, 2.2), (350, 0, 2.8)),  # empty
	],
)
def test_R26_bands_hold_each_quotient_exactly_once(bands):
	with pytest.raises(errors.InvalidTariff):
		make.tariff(make.activity(), bands=bands)


def test_R26_bands_and_prices_are_needed_and_not_negative():
	with pytest.raises(errors.InvalidTariff):
		make.tariff(make.activity(), -1)
	with pytest.raises(errors.InvalidTariff):
		make.tariff(make.activity(), 1, method="QF Bands")


def test_R7_two_tariffs_never_hold_for_the_same_thing_on_a_day():
	act = make.activity(categories=("Enfant", "Autres"))
	make.tariff(act, 1, valid_to="2027-08-31")
	with pytest.raises(errors.TariffsOverlap):
		make.tariff(act, 2, valid_from="2027-08-31")
	make.tariff(act, 2, valid_from="2027-09-01")
	make.tariff(act, 3, category="Autres")
	make.tariff(act, 4, site=act.sites[0].site)
	make.tariff(make.activity(), 5)
	with pytest.raises(errors.TariffsOverlap):
		make.tariff(act, 6, category="Autres", valid_from="2030-01-01")


def test_R7_a_tariff_does_not_end_before_it_begins():
	with pytest.raises(errors.PeriodEndsBeforeStart):
		make.tariff(make.activity(), 1, valid_to="2026-08-31")


def test_R26_a_tariff_is_for_a_category_and_site_of_its_activity():
	act = make.activity()
	with pytest.raises(errors.NotOffered):
		make.tariff(act, 1, category="Autres")
	with pytest.raises(errors.NotOffered):
		make.tariff(act, 1, site=make.site().name)


# ---------------------------------------------------------------- the engine's book


def test_R26_the_book_finds_the_most_specific_tariff():
	act = make.activity(categories=("Enfant", "Autres"))
	general, adults = make.tariff(act, 1), make.tariff(act, 5, category="Autres")
	book = tariff_book([act.name])
	day = date(2026, 9, 15)
	site = act.sites[0].site
	assert book.find(act.name, "Enfant", site, day).id == general.name
	assert book.find(act.name, "Autres", site, day).id == adults.name
	assert book.find(act.name, "Autres", site, day).price == Decimal("5")
	with pytest.raises(NoTariff):
		book.find(act.name, "Enfant", site, date(2026, 8, 31))
