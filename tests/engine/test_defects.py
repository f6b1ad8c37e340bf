"""Defects seen in other systems of this field, each a test (domain-facts, "make each a test").

Those that concern forms, numbers, permissions and runs are tested where they live; the rest are here or,
where a rule has a file of its own, named there with the word "Defect".
"""

import pytest

from concerto_education.engine.charges import derive, reconcile
from concerto_education.engine.errors import BandGap, MissingQuotient
from concerto_education.engine.invoicing import build
from concerto_education.engine.money import money
from concerto_education.engine.pricing import price
from concerto_education.engine.tariffs import Linear
from tests.engine.build import (
	D,
	Ledger,
	bands,
	canteen,
	context,
	fact,
	history,
	paid_by,
	qf,
	situation,
	span,
	tariff,
)


def test_no_qf_silently_priced_with_the_last_bracket():
	with pytest.raises(MissingQuotient):
		price(canteen(), situation())
	for quotients in ({}, {"F1": history()}, {"F1": history(qf(512, span("2027-01-01")))}):
		result = derive([fact()], context(quotients=quotients))
		assert result.charges == () and result.problems[0].error.code == "missing-quotient"


def test_a_qf_in_a_gap_between_brackets_silently_priced_with_the_last_bracket():
	with pytest.raises(BandGap):
		price(canteen(bands=bands((0, 350, "2.20"), (351, None, "2.80"))), situation("350.50"))


def test_qf_0_treated_as_no_qf():
	assert price(canteen(), situation(0)).amount == D("2.20")
	result = derive([fact()], context(quotients={"F1": history(qf(9999), qf(0, recorded=2))}))
	assert result.charges[0].amount == D("2.20") and result.charges[0].quotient_value == 0


def test_money_through_floats():
	assert money("2.675") == D("2.68")
	for refused in (lambda: money(2.675), lambda: situation(quantity=1.5), lambda: tariff(price=2.8)):
		with pytest.raises(TypeError):
			refused()


def test_17_times_4_15_printed_as_70_49():
	line = tariff(method="qf_linear", linear=Linear(D("0.0081"), ceiling=D(9)))
	result = price(line, situation("511.93", quantity=D(17)))  # 4.146633 inside
	assert (str(result.unit_price), str(result.amount)) == ("4.15", "70.55")


def test_siblings_repriced_when_another_one_is_saved():
	"""An invoiced charge stays what it is: a second child changes nothing of the first one's."""
	first = [fact("a")]
	ledger = Ledger()
	ledger.apply(reconcile(derive(first, context()).charges, ledger.rows))
	ledger.issue()
	both = derive(
		[*first, fact("z", person="ZOE", enrolment="E2")],
		context(payers={"E1": paid_by("P1"), "E2": paid_by("P1")}),
	)
	plan = reconcile(both.charges, ledger.rows)
	assert [line.person for line in plan.add] == ["ZOE"] and not plan.reverse and len(plan.keep) == 1


def test_a_cancelled_enrolment_still_counted():
	ledger = Ledger()
	ledger.apply(reconcile(derive([fact()], context()).charges, ledger.rows))
	cancelled = derive([fact(status="cancelled")], context())
	ledger.apply(reconcile(cancelled.charges, ledger.rows))
	assert cancelled.charges == () and ledger.rows == []


def test_duplicates_after_a_correction():
	ledger = Ledger()
	for _ in range(3):
		ledger.apply(reconcile(derive([fact()], context()).charges, ledger.rows))
		ledger.issue()
	assert len(ledger.rows) == 1


def test_a_mid_week_change_of_placement_lost():
	payers = {"E1": paid_by("PARENT").set_all(paid_by("CARER", spans=span("2026-09-10")))}
	facts = [fact(d, on=d) for d in ("2026-09-07", "2026-09-08", "2026-09-10", "2026-09-11")]
	drafts = build(derive(facts, context(payers=payers)).charges, "2026-09", D(15))
	assert {d.payer: [x.day for x in d.lines[0].days] for d in drafts} == {
		"CARER": [10, 11],
		"PARENT": [7, 8],
	}


def test_one_failing_family_rolls_back_the_run_and_only_the_last_error_is_kept():
	payers = {"E1": paid_by("P1"), "E2": paid_by("P2")}
	facts = [
		fact("ok"),
		fact("no-qf", family="F2", enrolment="E2"),
		fact("no-payer", family="F3", enrolment="E3"),
		fact("no-tariff", family="F4", activity="garderie", status="present"),
	]
	result = derive(facts, context(canteen(), payers=payers))
	assert [c.key[0] for c in result.billable()] == ["ok"]
	assert [(p.fact.key, p.error.code) for p in result.problems] == [
		("no-qf", "missing-quotient"),
		("no-payer", "no-payer"),
		("no-tariff", "no-tariff"),
	]


def test_a_family_is_billed_wholly_or_not_at_all():
	result = derive([fact("a"), fact("b", activity="garderie", status="present")], context(canteen()))
	assert len(result.charges) == 1 and result.billable() == ()
