"""The table "The ledger" of docs/architecture.md (R34)."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concerto_education.engine.charges import derive, reconcile
from concerto_education.engine.ranges import DateMap
from tests.engine.build import (
	ALWAYS,
	D,
	Ledger,
	context,
	day,
	fact,
	history,
	paid_by,
	qf,
	span,
	tariff,
)


def charges(*facts, **values):
	return derive(facts or [fact()], context(**values)).charges


def run(ledger, expected, month="2026-09"):
	plan = reconcile(expected, ledger.rows, month)
	ledger.apply(plan)
	return plan


def shape(plan):
	return len(plan.add), len(plan.reverse), len(plan.drop), len(plan.keep)


# ---------------------------------------------------------------- the rows of the table


def test_nothing_recorded_adds_the_charge():
	plan = run(Ledger(), charges())
	assert shape(plan) == (1, 0, 0, 0)
	assert not plan.add[0].regularisation and plan.add[0].origin_month is None


def test_the_same_does_nothing_in_a_draft_and_on_an_invoice():
	ledger = Ledger()
	run(ledger, charges())
	assert run(ledger, charges()).is_empty
	ledger.issue()
	assert run(ledger, charges()).is_empty


def test_a_draft_that_is_wrong_is_dropped_and_made_anew():
	ledger = Ledger()
	run(ledger, charges())
	plan = run(ledger, charges(quotients={"F1": history(qf(300))}))
	assert shape(plan) == (1, 0, 1, 0) and not plan.add[0].regularisation
	assert ledger.total() == D("2.20") and len(ledger.rows) == 1


def test_an_invoiced_charge_that_changed_is_reversed_and_charged_anew():
	ledger = Ledger()
	run(ledger, charges())
	ledger.issue()
	plan = run(ledger, charges(quotients={"F1": history(qf(300))}), "2026-10")
	assert shape(plan) == (1, 1, 0, 0)
	assert plan.add[0].regularisation and plan.add[0].origin_month == "2026-09"
	assert plan.reverse[0].origin_month == "2026-09" and plan.reverse[0].amount == D("-2.80")
	assert plan.difference == D("-0.60"), "reversal + new = difference"
	assert run(ledger, charges(quotients={"F1": history(qf(300))}), "2026-10").is_empty


def test_an_invoiced_charge_that_is_no_longer_called_for_is_reversed():
	"""A late AJ after billing."""
	ledger = Ledger()
	run(ledger, charges())
	ledger.issue()
	plan = run(ledger, charges(fact(status="justified")), "2026-10")
	assert shape(plan) == (0, 1, 0, 0) and ledger.total() == 0
	ledger.issue()
	assert run(ledger, charges(fact(status="justified")), "2026-11").is_empty


def test_a_draft_that_is_no_longer_called_for_is_dropped():
	ledger = Ledger()
	run(ledger, charges())
	assert shape(run(ledger, ())) == (0, 0, 1, 0)
	assert ledger.rows == []


def test_a_plan_is_empty_only_if_it_writes_nothing():
	ledger = Ledger()
	add = reconcile(charges(), ledger.rows)
	ledger.apply(add)
	drop = reconcile((), ledger.rows)
	ledger.issue()
	reverse = reconcile((), ledger.rows)
	assert [shape(plan)[:3] for plan in (add, drop, reverse)] == [(1, 0, 0), (0, 0, 1), (0, 1, 0)]
	assert not any(plan.is_empty for plan in (add, drop, reverse))
	assert reconcile((), ()).is_empty


# ---------------------------------------------------------------- and what follows from it


def test_there_and_back_again():
	"""AJ by mistake, then A again, each billed: one charge stands in the end."""
	ledger = Ledger()
	for facts in ([fact()], [fact(status="justified")], [fact()]):
		run(ledger, charges(*facts), "2026-10")
		ledger.issue()
	assert ledger.total() == D("2.80") and len(ledger.rows) == 3
	assert run(ledger, charges(), "2026-11").is_empty


def test_a_correction_taken_back_before_it_is_issued_leaves_no_trace():
	ledger = Ledger()
	run(ledger, charges())
	ledger.issue()
	run(ledger, charges(fact(status="justified")), "2026-10")
	plan = run(ledger, charges(), "2026-10")
	assert shape(plan) == (0, 0, 1, 1) and len(ledger.rows) == 1


def test_a_correction_that_waits_in_a_draft_is_not_made_twice():
	ledger = Ledger()
	run(ledger, charges())
	ledger.issue()
	cheaper = charges(quotients={"F1": history(qf(300))})
	run(ledger, cheaper, "2026-10")
	free = charges(fact(status="cancelled"))
	assert shape(run(ledger, free, "2026-10")) == (0, 0, 1, 2)
	plan = run(ledger, cheaper, "2026-09")
	assert shape(plan) == (1, 0, 0, 2) and plan.add[0].regularisation, "its reversal waits already"


def test_an_attendance_invoiced_twice_is_healed():
	ledger = Ledger()
	run(ledger, charges())
	ledger.issue()
	ledger.rows.append(replace(ledger.rows[0], id="twin"))
	plan = run(ledger, charges(), "2026-10")
	assert [reversal.recorded.id for reversal in plan.reverse] == ["twin"]
	assert ledger.total() == D("2.80")


def test_another_payer_from_a_day_on():
	"""A change of custody found out late: one payer is credited, the other charged, both with the month."""
	ledger = Ledger()
	facts = [fact(d, on=d) for d in ("2026-09-07", "2026-09-08")]
	run(ledger, charges(*facts))
	ledger.issue()
	moved = {"E1": paid_by("P1").set_all(paid_by("P2", spans=span("2026-09-08")))}
	plan = run(ledger, charges(*facts, payers=moved), "2026-10")
	assert shape(plan) == (1, 1, 0, 1)
	assert (plan.add[0].payer, plan.add[0].regularisation, plan.add[0].origin_month) == (
		"P2",
		True,
		"2026-09",
	)
	assert ledger.by_payer() == {"P1": D("2.80"), "P2": D("2.80")}


def test_a_correction_within_the_invoiced_month_is_marked_too():
	ledger = Ledger()
	run(ledger, charges())
	ledger.issue()
	plan = run(ledger, charges(quotients={"F1": history(qf(300))}), "2026-09")
	assert plan.add[0].regularisation and plan.add[0].origin_month == "2026-09"


def test_a_charge_of_an_earlier_month_is_marked_with_its_month():
	plan = reconcile(charges(), [], "2026-10")
	assert plan.add[0].regularisation and plan.add[0].origin_month == "2026-09"
	assert not reconcile(charges(), []).add[0].regularisation


def test_a_new_qf_in_the_same_band_moves_nothing_on_an_invoice():
	ledger = Ledger()
	run(ledger, charges())
	ledger.issue()
	assert run(ledger, charges(quotients={"F1": history(qf(600))}), "2026-10").is_empty


def test_but_a_draft_is_made_anew_for_the_sake_of_its_explanation():
	ledger = Ledger()
	run(ledger, charges())
	ledger.rows = [replace(row, quotient="QF-512-1", tariff="C") for row in ledger.rows]
	assert run(ledger, charges()).is_empty
	assert shape(run(ledger, charges(quotients={"F1": history(qf(600))}))) == (1, 0, 1, 0)


def test_a_changed_imputation_is_a_change():
	ledger = Ledger()
	run(ledger, charges())
	ledger.issue()
	moved = tuple(replace(line, imputation="7066") for line in charges())
	assert shape(run(ledger, moved, "2026-10")) == (1, 1, 0, 0) and ledger.total() == D("2.80")


def test_reversed_rows_may_be_flagged_instead_of_handing_in_the_reversals():
	ledger = Ledger()
	run(ledger, charges())
	ledger.issue()
	flagged = [replace(row, reversed=True) for row in ledger.rows]
	assert shape(reconcile((), flagged)) == (0, 0, 0, 1)
	assert shape(reconcile(charges(), flagged)) == (1, 0, 0, 1)


def test_one_key_twice_is_a_mistake_of_the_caller():
	with pytest.raises(ValueError):
		reconcile(charges() * 2, [])


def test_the_reversal_of_a_charge_is_its_opposite():
	line = charges()[0]
	back = line.reverse("CH-1")
	assert (back.amount, back.quantity, back.unit_price) == (-line.amount, -line.quantity, line.unit_price)
	assert (back.reversal_of, back.regularisation, back.origin_month) == ("CH-1", True, "2026-09")


# ---------------------------------------------------------------- properties

days = [f"2026-09-{n:02d}" for n in range(7, 12)]
statuses = st.sampled_from(["planned", "present", "absent", "justified", "cancelled"])
worlds = st.fixed_dictionaries(
	{
		"statuses": st.lists(statuses, min_size=5, max_size=5),
		"value": st.sampled_from([0, 300, 350, 9999]),
		"quantity": st.sampled_from(["1", "2", "0.5"]),
		"payers": st.sampled_from(["one", "other", "shared", "days"]),
	}
)


def world(values):
	shared = {
		"one": paid_by("P1"),
		"other": paid_by("P2"),
		"shared": paid_by(("P1", 1), ("P2", 2)),
		"days": DateMap([*paid_by("P1"), *paid_by("P2", spans=span("2026-09-09"))]),
	}
	facts = [
		fact(d, on=d, status=s, quantity=D(values["quantity"]))
		for d, s in zip(days, values["statuses"], strict=True)
	]
	return charges(
		*facts, quotients={"F1": history(qf(values["value"]))}, payers={"E1": shared[values["payers"]]}
	)


@given(st.lists(st.tuples(worlds, st.booleans()), min_size=1, max_size=6))
def test_whatever_happens_the_ledger_says_what_the_facts_say(steps):
	ledger = Ledger()
	for values, issued in steps:
		expected = world(values)
		before = ledger.total()
		plan = run(ledger, expected, "2026-10")
		assert ledger.total() - before == plan.difference, "reversal + new = difference"
		assert ledger.total() == sum((line.amount for line in expected), D(0))
		by_payer: dict = {}
		for line in expected:
			by_payer[line.payer] = by_payer.get(line.payer, D(0)) + line.amount
		assert {p: a for p, a in ledger.by_payer().items() if a} == {p: a for p, a in by_payer.items() if a}
		assert run(ledger, expected, "2026-10").is_empty, "running twice changes nothing"
		if issued:
			ledger.issue()


@given(worlds)
def test_issued_charges_never_vanish(values):
	ledger = Ledger()
	run(ledger, world(values))
	ledger.issue()
	before = list(ledger.rows)
	plan = run(ledger, (), "2026-10")
	assert not plan.drop and ledger.rows[: len(before)] == before and ledger.total() == 0


def test_days_of_a_flat_tariff_do_not_depend_on_the_qf():
	flat = tariff(price=D("5.00"), span=ALWAYS)
	first = derive([fact(on=day("2026-09-07"))], context(flat, quotients={})).charges
	assert first[0].quotient is None and first[0].quotient_value is None
