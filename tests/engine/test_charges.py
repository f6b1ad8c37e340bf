"""From facts to charges (R5, R19, R22, R26, R30)."""

from concerto_education.engine.charges import derive
from concerto_education.engine.ranges import DateMap
from tests.engine.build import D, canteen, context, day, fact, history, paid_by, qf, span, tariff


def amounts(result):
	return [str(charge.amount) for charge in result.charges]


def test_r30_forecast_is_billed_unless_justified_or_cancelled():
	statuses = ("planned", "present", "absent", "justified", "cancelled")
	result = derive([fact(s, status=s) for s in statuses], context())
	assert [charge.key[0] for charge in result.charges] == ["planned", "present", "absent"]
	assert amounts(result) == ["2.80"] * 3


def test_garderie_bills_presence_only():
	garderie = tariff(activity="garderie")
	statuses = ("planned", "present", "absent", "justified", "cancelled")
	result = derive([fact(s, status=s, activity="garderie") for s in statuses], context(garderie))
	assert [charge.key[0] for charge in result.charges] == ["present"]


def test_a_free_meal_is_a_charge_and_a_cancelled_one_is_not():
	free = tariff(id="PR", category="packed", price=D(0))
	result = derive(
		[fact("free", category="packed"), fact("gone", category="packed", status="cancelled")],
		context(free),
	)
	assert [(c.key[0], str(c.amount)) for c in result.charges] == [("free", "0.00")]


def test_one_failing_family_does_not_stop_the_others():
	facts = [fact("a"), fact("b", family="F2", enrolment="E2"), fact("c")]
	result = derive(facts, context(payers={"E1": paid_by("P1"), "E2": paid_by("P2")}))
	assert amounts(result) == ["2.80", "2.80"]
	assert [(p.fact.key, p.error.code) for p in result.problems] == [("b", "missing-quotient")]
	assert result.failed_families() == {"F2"}


def test_all_errors_are_kept_not_only_the_last():
	facts = [fact("a", family="F9"), fact("b", enrolment="E9"), fact("c", activity="none")]
	result = derive(facts, context())
	assert [p.error.code for p in result.problems] == ["missing-quotient", "no-payer", "unknown-activity"]


def test_two_payers_share_without_losing_a_cent():
	result = derive([fact()], context(canteen(bands=()), payers={"E1": paid_by(("P1", 50), ("P2", 50))}))
	assert not result.charges and result.problems[0].error.code == "incomplete-tariff"
	odd = tariff(price=D("2.75"))
	result = derive([fact()], context(odd, payers={"E1": paid_by(("P1", 50), ("P2", 50))}))
	assert [(c.payer, str(c.amount), str(c.share)) for c in result.charges] == [
		("P1", "1.38", "50.00"),
		("P2", "1.37", "50.00"),
	]


def test_a_change_of_placement_in_mid_week_is_followed():
	parents, carer = paid_by("PARENTS"), paid_by("CARER", spans=span("2026-09-09"))
	payers = {"E1": parents.set_all(carer)}
	facts = [fact(d, on=d) for d in ("2026-09-07", "2026-09-08", "2026-09-09", "2026-09-10")]
	result = derive(facts, context(payers=payers))
	assert [charge.payer for charge in result.charges] == ["PARENTS", "PARENTS", "CARER", "CARER"]


def test_the_qf_is_that_of_the_day_of_service():
	quotients = {"F1": history(qf(512), qf(300, span("2026-09-15"), 2))}
	facts = [fact(d, on=d) for d in ("2026-09-14", "2026-09-15")]
	result = derive(facts, context(quotients=quotients))
	assert amounts(result) == ["2.80", "2.20"]
	assert [str(c.quotient_value) for c in result.charges] == ["512", "300"]


def test_a_fact_given_twice_is_billed_once_and_reported():
	result = derive([fact("a"), fact("a")], context())
	assert len(result.charges) == 1 and result.problems[0].error.code == "duplicate-fact"


def test_no_payer_on_that_day():
	result = derive([fact()], context(payers={"E1": DateMap()}))
	assert result.problems[0].error.params == {"enrolment": "E1", "day": day("2026-09-03")}


def test_a_negative_quantity_is_a_problem_and_not_a_credit():
	result = derive([fact("a", quantity=D(-1)), fact("b")], context())
	assert [p.error.code for p in result.problems] == ["negative-quantity"] and amounts(result) == ["2.80"]
