"""September 2026, checked by hand to the cent: canteen with all categories of R26, garderie, two payers,
foster carer, unknown QF, 14.99 and 15.00, then October with a late AJ and a new QF.

Amounts in the comments were worked out with paper and pencil, not printed by the program.
"""

from concerto_education.engine.charges import ActivityTerms, BillingRule, derive, reconcile
from concerto_education.engine.custody import AlternateWeeks, CustodyCalendar
from concerto_education.engine.invoicing import Carried, InvoiceState, build
from concerto_education.engine.ranges import DateRange
from tests.engine.build import (
	ALWAYS,
	D,
	Ledger,
	canteen,
	context,
	fact,
	history,
	paid_by,
	qf,
	span,
	tariff,
)

TARIFFS = (
	canteen(category="child"),
	tariff(id="PACKED", category="packed", price=D(0)),
	tariff(id="FREE", category="free", price=D(0)),
	tariff(id="STAFF", category="staff", price=D("2.80")),
	tariff(id="OTHER", category="other", price=D("5.00")),
	tariff(id="GARDERIE", activity="garderie", price=D("1.50")),
	tariff(id="CAMP", activity="camp", method="per_stay", price=D("14.99")),
	tariff(id="BUS", activity="bus", price=D("0.01")),
)
MEALS = [3, 4, 7, 8, 10, 11, 14, 15]  # Mondays, Tuesdays, Thursdays, Fridays of 3 to 15 September
CUSTODY = CustodyCalendar(((ALWAYS, AlternateWeeks(even="MUM", odd="DAD")),))


def meals(family, enrolment, days=MEALS, **values):
	status = values.pop("statuses", {})
	return [
		fact(
			f"{enrolment}-{n}",
			on=f"2026-09-{n:02d}",
			family=family,
			enrolment=enrolment,
			person=values.get("person", enrolment),
			status=status.get(n, "planned"),
			**{k: v for k, v in values.items() if k != "person"},
		)
		for n in days
	]


def garderie(family, enrolment, days, **values):
	statuses = dict.fromkeys(days, "present")
	return meals(family, enrolment, days, activity="garderie", statuses=statuses, **values)


def world(late=False, new_qf=False):
	late_day = {7: "justified"} if late else {}
	facts = [
		# Martin: QF 349 → 8 meals at 2.20 = 17.60, one of them AJ on the 4th → 15.40; garderie 3 × 1.50 = 4.50
		*meals("MARTIN", "M1", person="LEO", statuses={4: "justified"} | late_day),
		*garderie("MARTIN", "M2", [3, 7, 8], person="LEO"),
		# Zoé Martin brings her meal: 8 × 0.00
		*meals("MARTIN", "M3", person="ZOE", category="packed"),
		# Durand: QF 350 exactly → 8 × 2.80 = 22.40, one A (billed) and one cancelled → 7 × 2.80 = 19.60
		*meals("DURAND", "D1", statuses={3: "absent", 15: "cancelled"}),
		# Petit: QF unknown → full price, 8 × 2.80 = 22.40
		*meals("PETIT", "P1"),
		# Parents apart, alternate weeks: 3 and 4 are in week 36 (even, mum), 7–11 in 37, 14 and 15 in 38
		*meals("APART", "A1"),
		# Foster carer pays for the placed child, QF 0 → 8 × 2.20 = 17.60
		*meals("FOSTER", "F1"),
		# A teacher eats 3 times at 5.00, a cook 2 times at 2.80, a trainee for nothing
		*meals("TEACHER", "T1", [3, 4, 7], category="other"),
		*meals("COOK", "C1", [3, 4], category="staff"),
		*meals("TRAINEE", "N1", [3, 4], category="free"),
		# 14.99 and 15.00
		*meals("JUST-UNDER", "U1", [3], activity="camp"),
		*meals("JUST", "J1", [3], activity="camp"),
		*meals("JUST", "J2", [4], activity="bus"),
	]
	flat = ActivityTerms(BillingRule.PLANNED_UNLESS_JUSTIFIED, "7067-281")
	martin = [qf(349, id="MQ1")] + ([qf(350, span("2026-09-10"), 2, id="MQ2")] if new_qf else [])
	return context(
		*TARIFFS,
		quotients={
			"MARTIN": history(*martin),
			"DURAND": history(qf(350, id="DQ")),
			"PETIT": history(qf(9999, id="PQ")),
			"APART": history(qf(800, id="AQ")),
			"FOSTER": history(qf(0, id="FQ")),
		},
		payers={
			**{e: paid_by("MARTIN") for e in ("M1", "M2", "M3")},
			"D1": paid_by("DURAND"),
			"P1": paid_by("PETIT"),
			"A1": CUSTODY.shares(DateRange.month(2026, 9)),
			"F1": paid_by("CARER"),
			"T1": paid_by("TEACHER"),
			"C1": paid_by("COOK"),
			"N1": paid_by("TRAINEE"),
			"U1": paid_by("UNDER"),
			"J1": paid_by("JUST"),
			"J2": paid_by("JUST"),
		},
		activities={
			"canteen": flat,
			"camp": flat,
			"bus": flat,
			"garderie": ActivityTerms(BillingRule.PRESENT, "7067-288"),
		},
	), facts


def bill(ledger, month, carried=None, **values):
	rules, facts = world(**values)
	derivation = derive(facts, rules)
	assert derivation.problems == ()
	plan = reconcile(derivation.charges, ledger.rows, month)
	rules, facts = world()
	september = {line.key: line for line in derive(facts, rules).charges}  # all that was ever invoiced
	new = [september[r.recorded.key].reverse(r.recorded.id) for r in plan.reverse] + list(plan.add)
	ledger.apply(plan)
	ledger.issue()
	return {draft.payer: draft for draft in build(new, month, D(15), carried)}


def test_september():
	drafts = bill(Ledger(), "2026-09")
	assert {payer: (str(d.total), d.state.value) for payer, d in drafts.items()} == {
		"MARTIN": ("19.90", "due"),  # 7 × 2.20 + 3 × 1.50 + 8 × 0
		"DURAND": ("19.60", "due"),  # 7 × 2.80: QF 350 is not under 350
		"PETIT": ("22.40", "due"),  # 8 × 2.80
		"MUM": ("11.20", "held"),  # 3, 4, 14, 15 = 4 × 2.80
		"DAD": ("11.20", "held"),  # 7, 8, 10, 11 = 4 × 2.80
		"CARER": ("17.60", "due"),  # 8 × 2.20: QF 0
		"TEACHER": ("15.00", "due"),  # 3 × 5.00
		"COOK": ("5.60", "held"),  # 2 × 2.80
		"TRAINEE": ("0.00", "nothing_due"),
		"UNDER": ("14.99", "held"),
		"JUST": ("15.00", "due"),  # 14.99 + 0.01
	}
	assert sum(draft.total for draft in drafts.values()) == D("152.49")


def test_october_corrects_september_by_itself():
	ledger = Ledger()
	september = bill(ledger, "2026-09")
	assert bill(ledger, "2026-10") == {}, "nothing changed, nothing to bill"
	held = {p: [Carried("SEPT", d.total)] for p, d in september.items() if d.state is InvoiceState.HELD}
	# Late AJ on the 7th (−2.20); QF 350 from the 10th: 10, 11, 14, 15 cost 2.80 instead of 2.20 (+2.40)
	october = bill(ledger, "2026-10", held, late=True, new_qf=True)
	assert list(october) == ["MARTIN"]
	draft = october["MARTIN"]
	assert [
		(str(line.quantity), str(line.unit_price), str(line.amount), [d.day for d in line.days])
		for line in draft.lines
	] == [
		("-5", "2.20", "-11.00", [7, 10, 11, 14, 15]),
		("4", "2.80", "11.20", [10, 11, 14, 15]),
	]
	assert all(line.regularisation and line.origin_month == "2026-09" for line in draft.lines)
	assert (draft.total, draft.state) == (D("0.20"), InvoiceState.HELD)
	assert ledger.total() == D("152.49") + D("0.20")


def test_the_reason_of_each_price_can_be_told():
	rules, facts = world()
	why = {line.key[0]: line.explanation for line in derive(facts, rules).charges}
	assert why["M1-3"]["steps"] == [
		["band", {"quotient": "349", "from": "0", "below": "350", "price": "2.20"}, "2.20"]
	]
	assert why["P1-3"]["steps"][0][1]["unknown"] is True
	assert why["T1-3"]["steps"] == [["flat", {"price": "5.00"}, "5.00"]]
