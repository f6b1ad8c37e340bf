"""What pays what, oldest first (R42): no cent lost, nothing paid twice."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concerto_education.engine import allocation
from concerto_education.engine.allocation import Credit, Debt, Part, chosen, oldest_first, sums
from concerto_education.engine.errors import MoreThanDue, MoreThanPaid, NotDue
from concerto_education.engine.money import ZERO

DAY = date(2026, 9, 1)
amounts = st.integers(0, 50_000).map(lambda cents: Decimal(cents).scaleb(-2))
days = st.integers(0, 400).map(lambda number: DAY + timedelta(number))
credits = st.lists(st.tuples(amounts, days), max_size=6).map(
	lambda rows: [Credit(f"P{i}", day, amount) for i, (amount, day) in enumerate(rows)]
)
debts = st.lists(st.tuples(amounts, days), max_size=6).map(
	lambda rows: [Debt(f"I{i}", day, amount) for i, (amount, day) in enumerate(rows)]
)


def total(rows) -> Decimal:
	return sum((row.amount for row in rows), ZERO)


def test_the_oldest_invoice_is_paid_first_and_the_rest_goes_to_the_next():
	parts = oldest_first(
		[Credit("P", DAY, Decimal("50"))],
		[
			Debt("young", DAY + timedelta(30), Decimal("30")),
			Debt("old", DAY, Decimal("42.10")),
		],
	)
	assert parts == [Part("P", "old", Decimal("42.10")), Part("P", "young", Decimal("7.90"))]


@given(credits, debts)
def test_no_cent_is_lost_and_none_is_used_twice(given_credits, given_debts):
	parts = oldest_first(given_credits, given_debts)
	assert total(parts) == min(total(given_credits), total(given_debts))
	assert all(part.amount > 0 for part in parts)
	used, settled = sums(parts, "credit"), sums(parts, "debt")
	assert all(used.get(c.id, ZERO) <= c.amount for c in given_credits)
	assert all(settled.get(d.id, ZERO) <= d.amount for d in given_debts)


@given(credits, debts)
def test_a_younger_invoice_gets_nothing_while_an_older_one_is_due(given_credits, given_debts):
	settled = sums(oldest_first(given_credits, given_debts), "debt")
	order = sorted((d for d in given_debts if d.amount), key=lambda d: (d.due, d.order, d.id))
	open_since = next((i for i, d in enumerate(order) if settled.get(d.id, ZERO) < d.amount), len(order))
	assert all(d.id not in settled for d in order[open_since + 1 :])


@given(st.randoms(use_true_random=False), credits, debts)
def test_the_order_in_which_they_are_given_changes_nothing(random, given_credits, given_debts):
	expected = oldest_first(given_credits, given_debts)
	random.shuffle(given_credits)
	random.shuffle(given_debts)
	assert oldest_first(given_credits, given_debts) == expected


class TestChosen:
	credit = Credit("P", DAY, Decimal("40"))
	debts = (Debt("A", DAY, Decimal("30")), Debt("B", DAY, Decimal("30")))

	def test_chosen_amounts_are_taken_as_they_are(self):
		found = chosen(self.credit, self.debts, {"B": Decimal("30"), "A": Decimal("10")})
		assert {part.debt: part.amount for part in found} == {"A": Decimal("10"), "B": Decimal("30")}

	@pytest.mark.parametrize(
		("wanted", "error"),
		[
			({"A": Decimal("30.01")}, MoreThanDue),
			({"A": Decimal("-1")}, MoreThanDue),
			({"A": Decimal("30"), "B": Decimal("10.01")}, MoreThanPaid),
			({"C": Decimal("1")}, NotDue),
		],
	)
	def test_what_is_not_there_is_refused_with_its_rule(self, wanted, error):
		with pytest.raises(error):
			chosen(self.credit, self.debts, wanted)


def test_the_examples_in_the_text_are_right():
	import doctest

	names = {"date": date, "Decimal": Decimal}
	assert doctest.testmod(allocation, extraglobs=names).failed == 0
