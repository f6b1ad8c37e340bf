"""Charges that stand for a day, a week, a month or a stay, and hours (R1, R36)."""

import pytest

from concerto_education.engine.charges import ActivityTerms, BillingRule, derive, is_billed, reconcile
from concerto_education.engine.facts import Profile
from concerto_education.engine.psu import Household
from concerto_education.engine.ranges import DateMap
from concerto_education.engine.tariffs import Combination, Modifiers, SiblingRate
from tests.engine.build import ALWAYS, D, Ledger, context, day, fact, history, paid_by, qf, span, tariff
from tests.engine.test_psu import SCALE


def derived(which, *facts, rule=BillingRule.PLANNED_UNLESS_JUSTIFIED, **values):
	activities = {"canteen": ActivityTerms(rule, "7067")}
	return derive(facts, context(which, activities=activities, **values))


def on(*days, **values):
	return [fact(f"k{n}", on=d, **values) for n, d in enumerate(days)]


def test_units_of_one_day_are_one_charge():
	camp = tariff(
		method="unit_combination",
		combinations=(Combination({"am"}, D(4)), Combination({"am", "noon", "pm"}, D(12))),
	)
	units = [fact(u, unit=u) for u in ("am", "noon", "pm")]
	result = derived(camp, *units, fact("x", on="2026-09-04", unit="am"))
	assert [(c.key[0], c.unit, str(c.amount)) for c in result.charges] == [
		("E1#2026-09-03", "am+noon+pm", "12.00"),
		("E1#2026-09-04", "am", "4.00"),
	]


def test_a_justified_unit_is_not_part_of_the_day():
	camp = tariff(
		method="unit_combination", combinations=(Combination({"am"}, D(4)), Combination({"am", "pm"}, D(7)))
	)
	result = derived(camp, fact("a", unit="am"), fact("p", unit="pm", status="justified"))
	assert [str(c.amount) for c in result.charges] == ["4.00"]


def test_once_a_month_whatever_the_number_of_days():
	result = derived(tariff(method="per_month", price=D(30)), *on("2026-09-03", "2026-09-28", "2026-10-01"))
	assert [(c.key[0], str(c.amount)) for c in result.charges] == [
		("E1#2026-09", "30.00"),
		("E1#2026-10", "30.00"),
	]


def test_a_start_in_mid_month_is_not_invoiced_twice():
	"""Defect: a sibling's mid-month start invoiced twice."""
	which = tariff(method="per_month", price=D(30))
	ledger = Ledger()
	ledger.apply(reconcile(derived(which, *on("2026-09-17", "2026-09-18")).charges, ledger.rows))
	ledger.issue()
	earlier = derived(which, *on("2026-09-10", "2026-09-17", "2026-09-18"))
	assert reconcile(earlier.charges, ledger.rows).is_empty


def test_flat_per_period_with_a_flat_price_is_monthly():
	rule = BillingRule.FLAT_PER_PERIOD
	result = derived(tariff(price=D(30)), *on("2026-09-03", "2026-09-28"), rule=rule)
	assert [str(c.amount) for c in result.charges] == ["30.00"]
	assert derived(tariff(price=D(30)), *on("2026-09-03", status="justified"), rule=rule).charges == ()


def test_once_a_week_over_the_end_of_the_year():
	result = derived(tariff(method="per_week", price=D(10)), *on("2026-12-28", "2027-01-01", "2027-01-04"))
	assert [c.key[0] for c in result.charges] == ["E1#2026-W53", "E1#2027-W01"]


def test_once_a_stay():
	result = derived(tariff(method="per_stay", price=D(120)), *on("2027-07-30", "2027-07-31", "2027-08-01"))
	assert [(c.key[0], c.day, str(c.amount)) for c in result.charges] == [
		("E1#stay", day("2027-07-30"), "120.00")
	]


def test_two_payers_who_alternate_share_a_month_by_their_days():
	payers = DateMap([*paid_by("P1"), *paid_by("P2", spans=span("2026-09-09"))])
	days = on("2026-09-07", "2026-09-08", "2026-09-09")
	result = derived(tariff(method="per_month", price=D(10)), *days, payers={"E1": payers})
	assert [(c.payer, str(c.amount), str(c.share)) for c in result.charges] == [
		("P1", "6.67", "66.67"),
		("P2", "3.33", "33.33"),
	]


def test_each_billed_day_of_a_month_weighs_the_same():
	"""A day shared 50 and 50, then a day of one payer alone: a quarter and three quarters."""
	payers = DateMap([*paid_by(("P1", 50), ("P2", 50)), *paid_by("P2", spans=span("2026-09-08"))])
	month = tariff(method="per_month", price=D(10))
	result = derived(month, *on("2026-09-07", "2026-09-08"), payers={"E1": payers})
	assert [(c.payer, str(c.amount)) for c in result.charges] == [("P1", "2.50"), ("P2", "7.50")]


def test_a_problem_of_a_group_is_reported_with_its_first_fact():
	result = derived(tariff(method="unit_combination"), *on("2026-09-04", "2026-09-04", unit="am"))
	assert [(p.fact.key, p.error.code) for p in result.problems] == [("k0", "no-combination")]


def test_hours_with_dated_resources():
	nursery = tariff(method="effort_rate", scale=SCALE)
	poor, rich = Household(D(6000), 1), Household(D(60000), 1)
	profiles = {
		"E1": DateMap([(ALWAYS, Profile(household=poor)), (span("2026-09-15"), Profile(household=rich))])
	}
	days = on("2026-09-14", "2026-09-15", minutes=95)
	result = derived(nursery, *days, profiles=profiles, rule=BillingRule.HOURS)
	assert [(str(c.quantity), str(c.unit_price), str(c.amount)) for c in result.charges] == [
		("2", "0.50", "1.00"),
		("2", "3.10", "6.20"),
	]


def test_sibling_rank_and_unbooked_presence():
	which = tariff(
		price=D("2.00"),
		modifiers=Modifiers(siblings=(SiblingRate(2, D("0.5")),), unbooked_factor=D("1.5")),
	)
	profiles = {"E1": Profile(sibling_rank=2)}
	result = derived(which, fact("a"), fact("b", booked=False, status="present"), profiles=profiles)
	assert [str(c.amount) for c in result.charges] == ["1.00", "1.50"]


def test_who_has_no_profile_is_a_first_child_and_a_resident():
	dear = Modifiers(siblings=(SiblingRate(2, D("0.5")),), non_resident_factor=D(2), unbooked_factor=D(3))
	which = tariff(price=D("2.00"), modifiers=dear)
	away = {"E1": Profile(resident=False)}
	assert [str(c.amount) for c in derived(which, fact()).charges] == ["2.00"]
	assert [str(c.amount) for c in derived(which, fact(), profiles=away).charges] == ["4.00"]
	later = {"E1": DateMap([(span("2026-10-01"), Profile(resident=False))])}
	assert [str(c.amount) for c in derived(which, fact(), profiles=later).charges] == ["2.00"]


def test_listed_only_is_never_billed():
	"""R28: transport lines run by others."""
	assert not any(is_billed(BillingRule.NONE, status) for status in fact().status.__class__)
	assert derived(tariff(), fact(), rule="none").charges == ()


@pytest.mark.parametrize("shares", [(("P1", 0), ("P2", 0)), (("P1", 1), ("P1", 1))])
def test_shares_that_make_no_sense_are_a_problem(shares):
	result = derive([fact()], context(payers={"E1": paid_by(*shares)}))
	assert [p.error.code for p in result.problems] == ["invalid-shares"]


def test_who_pays_alone_pays_all_whatever_the_share_says():
	for share in (0, 50, 100):
		result = derive([fact()], context(payers={"E1": paid_by(("P1", share))}))
		assert [(c.payer, str(c.amount), c.share) for c in result.charges] == [("P1", "2.80", None)]


def test_a_payer_with_no_share_gets_no_charge():
	result = derive([fact()], context(payers={"E1": paid_by(("P1", 0), ("P2", 100))}))
	assert [(c.payer, str(c.amount)) for c in result.charges] == [("P2", "2.80")]


def test_the_memo_of_prices_keeps_families_apart():
	quotients = {"F1": history(qf(300, id="A")), "F2": history(qf(600, id="B"))}
	facts = [fact("a"), fact("b", family="F2", enrolment="E2"), fact("c")]
	result = derive(facts, context(quotients=quotients, payers={"E1": paid_by("P1"), "E2": paid_by("P2")}))
	assert [(c.quotient, str(c.amount)) for c in result.charges] == [
		("A", "2.20"),
		("B", "2.80"),
		("A", "2.20"),
	]


def test_the_memo_of_prices_keeps_siblings_apart():
	reductions = Modifiers(
		siblings=(SiblingRate(2, D("0.5")), SiblingRate(3, D("0.25"))), unbooked_factor=D(2)
	)
	which = tariff(price=D("2.00"), modifiers=reductions)
	enrolments = {f"E{rank}": Profile(sibling_rank=rank) for rank in (2, 3)}
	facts = [fact(e, enrolment=e) for e in ("E2", "E3", "E1", "E2x")]
	facts += [fact("two", quantity=D(2)), fact("unbooked", booked=False)]
	payers = dict.fromkeys(("E1", "E2", "E3", "E2x"), paid_by("P1"))
	result = derived(which, *facts, profiles={**enrolments, "E2x": Profile(sibling_rank=2)}, payers=payers)
	assert [(c.key[0], str(c.amount)) for c in result.charges] == [
		("E2", "1.00"),
		("E3", "0.50"),
		("E1", "2.00"),
		("E2x", "1.00"),
		("two", "4.00"),
		("unbooked", "4.00"),
	]


def test_the_memo_of_prices_keeps_durations_apart():
	which = tariff(method="per_duration", price=D("0.80"))
	result = derived(which, *[fact(n, minutes=n) for n in (30, 31, 90)])
	assert [str(c.amount) for c in result.charges] == ["0.80", "1.60", "2.40"]
