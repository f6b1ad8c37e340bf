"""One invoice a month for a payer (R2, R34, R35)."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concerto_education.engine.charges import derive
from concerto_education.engine.invoicing import (
	Carried,
	CreditLeft,
	Entry,
	InvoiceState,
	build,
	group,
	offset,
	state_of,
)
from tests.engine.build import D, context, fact, paid_by, tariff

THRESHOLD = D("15.00")


def lines_of(*amounts, **values):
	"""One charge for each (amount, imputation), of one payer."""
	charge = derive([fact()], context()).charges[0]
	return [
		replace(charge, key=(n, "P1"), amount=D(a), unit_price=abs(D(a)), imputation=i, **values)
		for n, (a, i) in enumerate(amounts)
	]


def one(charges, carried=(), strict=False):
	(draft,) = build(charges, "2026-09", THRESHOLD, {"P1": carried}, strict)
	return draft


# ---------------------------------------------------------------- threshold (R35)


@pytest.mark.parametrize(
	("total", "state"),
	[
		("14.99", InvoiceState.HELD),
		("15.00", InvoiceState.DUE),
		("0.01", InvoiceState.HELD),
		("0.00", InvoiceState.NOTHING_DUE),
		("-2.80", InvoiceState.HELD),
		("-20.00", InvoiceState.HELD),
	],
)
def test_r35_14_99_is_held_and_15_00_is_sent(total, state):
	assert state_of(D(total), THRESHOLD) is state
	assert one(lines_of((total, "A"))).state is state


def test_the_threshold_is_a_setting():
	assert state_of(D("4.99"), D(5)) is InvoiceState.HELD and state_of(D("5.00"), D(5)) is InvoiceState.DUE
	assert state_of(D("0.01"), D(0)) is InvoiceState.DUE and state_of(D("-1"), D(0)) is InvoiceState.HELD


def test_r35_held_amounts_are_carried_until_the_threshold_is_reached():
	first = one(lines_of(("14.99", "A")))
	second = one(lines_of(("0.01", "A")), [Carried("INV-1", first.total)])
	assert (second.total, second.state) == (D("15.00"), InvoiceState.DUE)
	assert second.carried[0].invoice == "INV-1"


def test_a_free_month_is_nothing_due_but_still_shown():
	draft = one(lines_of(("0.00", "A"), ("0.00", "A")))
	assert draft.state is InvoiceState.NOTHING_DUE and len(draft.lines) == 1


def test_a_carried_credit_that_pays_the_month_exactly_settles_it():
	draft = one(lines_of(("2.80", "A")), [Carried("INV-1", D("-2.80"))])
	assert (draft.total, draft.state) == (0, InvoiceState.NOTHING_DUE)


def test_a_payer_without_charges_gets_no_draft():
	assert build([], "2026-09", THRESHOLD, {"P1": [Carried("INV-1", D(10))]}) == []


# ---------------------------------------------------------------- credits (R34)


def test_r34_not_strict_a_credit_offsets_any_line():
	draft = one(lines_of(("-10.00", "A"), ("30.00", "B")))
	assert draft.total == D("20.00") and draft.credits_left == ()
	assert build(lines_of(("-10.00", "A"), ("30.00", "B")), "2026-09", THRESHOLD)[0].total == D("20.00")


def test_r34_strict_a_credit_only_offsets_its_own_imputation():
	draft = one(lines_of(("-10.00", "A"), ("4.00", "A"), ("30.00", "B")), strict=True)
	assert draft.total == D("30.00")
	assert draft.credits_left == (CreditLeft("A", D("-6.00")),)


def test_r34_what_is_left_of_a_strict_credit_offsets_later_lines():
	carried = [Carried("INV-1", D("-6.00"), "A", strict=True)]
	draft = one(lines_of(("20.00", "A"), ("1.00", "B")), carried, strict=True)
	assert draft.total == D("15.00") and draft.credits_left == ()
	other = one(lines_of(("20.00", "B")), carried)
	assert other.total == D("20.00") and other.credits_left == (CreditLeft("A", D("-6.00")),)


def test_r34_one_strict_credit_among_others():
	result = offset([Entry("A", D(-5), True), Entry("A", D(-3)), Entry("A", D(4)), Entry("B", D(10))])
	# The strict one takes the 4 of A and waits with 1; the other takes 3 of B.
	assert result.payable == D(7) and result.credits_left == (CreditLeft("A", D(-1)),)


def test_a_carried_credit_without_imputation_offsets_anything_also_under_application_stricte():
	draft = one(lines_of(("20.00", "A")), [Carried("INV-1", D("-3.00"))], strict=True)
	assert draft.total == D("17.00") and draft.credits_left == ()


amounts = st.decimals(-50, 50, places=2)
entries = st.lists(st.builds(Entry, st.sampled_from("ABC"), amounts, st.booleans()), max_size=12)


@given(entries)
def test_offset_loses_no_cent_and_crosses_no_imputation(rows):
	result = offset(rows)
	left = sum((credit.amount for credit in result.credits_left), D(0))
	assert result.payable + left == sum((row.amount for row in rows), D(0))
	for credit in result.credits_left:
		own = [row for row in rows if row.imputation == credit.imputation]
		strict = sum((row.amount for row in own if row.strict and row.amount < 0), D(0))
		due = sum((row.amount for row in own if row.amount > 0), D(0))
		assert credit.amount == strict + due < 0, "only what its own imputation could not take"
	if all(row.strict for row in rows if row.amount < 0):
		assert result.payable >= 0


@given(entries)
def test_offset_without_strict_credits_is_a_sum(rows):
	free = [replace(row, strict=False) for row in rows]
	result = offset(free)
	assert result.payable == sum((row.amount for row in rows), D(0)) and result.credits_left == ()


# ---------------------------------------------------------------- lines


def test_r2_one_invoice_for_all_services():
	garderie = tariff(activity="garderie", price=D("1.50"))
	facts = [fact(f"c{n}", on=f"2026-09-{n:02d}") for n in (3, 4, 7)]
	facts += [fact(f"g{n}", on=f"2026-09-{n:02d}", activity="garderie", status="present") for n in (3, 4)]
	facts += [fact("z", person="ZOE")]
	from tests.engine.build import canteen

	drafts = build(derive(facts, context(canteen(), garderie)).charges, "2026-09", THRESHOLD)
	assert len(drafts) == 1 and drafts[0].total == D("14.20") and drafts[0].state is InvoiceState.HELD
	assert [
		(line.person, line.activity, str(line.quantity), str(line.amount), len(line.days))
		for line in drafts[0].lines
	] == [
		("LEO", "canteen", "3", "8.40", 3),
		("LEO", "garderie", "2", "3.00", 2),
		("ZOE", "canteen", "1", "2.80", 1),
	]


def test_two_payers_get_two_invoices_in_a_stable_order():
	facts = [fact(f"a{n}", on=f"2026-09-{n:02d}") for n in (7, 8, 10)]
	result = derive(facts, context(payers={"E1": paid_by(("P2", 1), ("P1", 1))}))
	drafts = build(reversed(result.charges), "2026-09", THRESHOLD)
	assert [draft.payer for draft in drafts] == ["P1", "P2"]
	assert [str(draft.lines[0].share) for draft in drafts] == ["50.00", "50.00"]
	assert sum(draft.total for draft in drafts) == D("8.40")


def test_different_prices_and_corrections_are_lines_of_their_own():
	charges = lines_of(("2.80", "A"), ("2.80", "A"), ("2.20", "A"))
	charges += [charges[0].reverse("CH-9")]
	drawn = [(str(line.unit_price), str(line.amount), line.regularisation) for line in group(charges)]
	assert drawn == [("2.20", "2.20", False), ("2.80", "5.60", False), ("2.80", "-2.80", True)]


def test_corrections_follow_in_order_of_their_months():
	(charge,) = lines_of(("2.80", "A"))
	charges = [
		replace(charge, regularisation=True, origin_month="2026-08"),
		replace(charge, regularisation=True, origin_month="2026-07"),
		replace(charge, person="ZOE"),
		charge,
	]
	order = [(line.person, line.origin_month) for line in group(charges)]
	assert order == [("LEO", None), ("ZOE", None), ("LEO", "2026-07"), ("LEO", "2026-08")]


def test_credits_left_come_in_order_of_their_imputations():
	result = offset([Entry(name, D(-1), True) for name in ("C", "A", None, "B")])
	assert [credit.imputation for credit in result.credits_left] == [None, "A", "B", "C"]


def test_a_payer_in_two_families_is_a_mistake_of_the_caller():
	"""R18: the foster carer who is also a parent is two payers."""
	charges = lines_of(("2.80", "A"), ("2.80", "A"))
	with pytest.raises(ValueError):
		build([charges[0], replace(charges[1], family="F2")], "2026-09", THRESHOLD)


facts = st.lists(
	st.tuples(
		st.sampled_from(["LEO", "ZOE"]),
		st.integers(1, 28),
		st.sampled_from(["planned", "present", "absent", "justified", "cancelled"]),
		st.sampled_from(["1", "2", "0.5"]),
	),
	max_size=20,
)


@given(facts, st.integers(0, 100), st.lists(amounts, max_size=3), st.booleans())
def test_sum_of_charges_is_sum_of_lines_is_total(rows, share, held, strict):
	built = [
		fact(n, person=who, on=f"2026-09-{d:02d}", status=status, quantity=D(quantity))
		for n, (who, d, status, quantity) in enumerate(rows)
	]
	payers = {"E1": paid_by(("P1", share), ("P2", 100 - share))}
	charges = derive(built, context(payers=payers)).charges
	carried = {"P1": [Carried(n, amount) for n, amount in enumerate(held)]}
	drafts = build(charges, "2026-09", THRESHOLD, carried, strict)
	assert sum((line.amount for d in drafts for line in d.lines), D(0)) == sum(
		(c.amount for c in charges), D(0)
	)
	for draft in drafts:
		lines = sum((line.amount for line in draft.lines), D(0))
		left = sum((credit.amount for credit in draft.credits_left), D(0))
		assert lines + sum((c.amount for c in draft.carried), D(0)) == draft.total + left
		behind = [charge for line in draft.lines for charge in line.charges]
		assert len(behind) == len({charge.key for charge in behind})
	assert {c.key for c in charges} == {c.key for d in drafts for line in d.lines for c in line.charges}
