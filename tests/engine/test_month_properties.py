"""Whatever changes between three months of billing, the money adds up to the cent (issue 6).

Two children of a family with two payers who share, a funder for one of them; attendance, QF, shares and the funder's
part change from month to month, and each month is billed as a run does it: derive, fund, reconcile, build, issue.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from concerto_education.engine.charges import derive, reconcile
from concerto_education.engine.deductions import fund
from concerto_education.engine.funding import Funding
from concerto_education.engine.invoicing import Carried, InvoiceState, build
from concerto_education.engine.ranges import DateRange
from tests.engine.build import D, Ledger, context, fact, history, paid_by, qf

MONTHS = ("2026-09", "2026-10", "2026-11")
THRESHOLD = D(15)
YEAR = DateRange(date(2026, 9, 1), date(2027, 8, 31))
statuses = st.sampled_from(["planned", "present", "absent", "justified", "cancelled"])
worlds = st.fixed_dictionaries(
	{
		"days": st.dictionaries(st.tuples(st.sampled_from("AB"), st.integers(1, 28)), statuses, max_size=14),
		"quotient": st.sampled_from([0, 349, 350, 640, 9999]),
		"share": st.integers(1, 99),
		"funded": st.sampled_from([None, "0.01", "1.13", "2.50", "80.00"]),
	}
)


def charges_of(worlds_so_far: list[dict]) -> list:
	"""What all months call for, by what is known now: the last world says who pays, and which QF holds."""
	now = worlds_so_far[-1]
	facts = [
		fact(f"{child}{number}-{day}", on=f"{MONTHS[number]}-{day:02d}", enrolment=child, status=status)
		for number, world in enumerate(worlds_so_far)
		for (child, day), status in world["days"].items()
	]
	shares = paid_by(("MUM", now["share"]), ("DAD", 100 - now["share"]))
	rules = context(
		quotients={"F1": history(qf(now["quotient"], id=f"Q{now['quotient']}"))},
		payers={"A": shares, "B": shares},
	)
	lines = list(derive(facts, rules).charges)
	if now["funded"]:
		lines += fund(lines, [Funding("PEC", "FUNDER", "A", "day", D(now["funded"]), YEAR)], (), {})
	return lines


def total(lines) -> Decimal:
	return sum((line.amount for line in lines), D(0))


@given(st.lists(worlds, min_size=3, max_size=3))
def test_money_adds_up_over_months(months):
	ledger = Ledger()
	written: dict[int, object] = {}  # charges in full, as the database keeps them
	carried: dict[str, list[Carried]] = {}
	claimed = D(0)
	for number, month in enumerate(MONTHS):
		expected = charges_of(months[: number + 1])
		before = ledger.total()
		plan = reconcile(expected, ledger.rows, month)
		new = [written[r.recorded.id].reverse(r.recorded.id) for r in plan.reverse] + list(plan.add)
		first = ledger._next
		ledger.apply(plan)
		# Additions are written before reversals.
		order = [*plan.add, *new[: len(plan.reverse)]]
		written |= dict(enumerate(order, first))
		ledger.issue()

		# Σ charges = what the facts call for; the new entries are the difference, reversal by reversal.
		assert ledger.total() == total(expected)
		assert total(new) == plan.difference == ledger.total() - before
		# Twice the same: nothing new.
		assert reconcile(expected, ledger.rows, month).is_empty

		families = [line for line in new if line.payer != "FUNDER"]
		drafts = build(families, month, THRESHOLD, carried)
		# Σ charges = Σ lines; Σ lines + carried = total; each charge on one line.
		assert total(line for draft in drafts for line in draft.lines) == total(families)
		on_lines = [charge for draft in drafts for line in draft.lines for charge in line.charges]
		assert len(on_lines) == len(families)
		for draft in drafts:
			assert total(draft.lines) + total(draft.carried) == draft.total
			carried.pop(draft.payer, None)
			if draft.state is InvoiceState.HELD:
				carried[draft.payer] = [Carried(month, draft.total)]
			elif draft.state is InvoiceState.DUE:
				assert draft.total >= THRESHOLD
				claimed += draft.total
		# No cent is lost on the way: what was claimed and what still waits en mairie is the ledger of the family.
		waiting = total(item for items in carried.values() for item in items)
		of_family = sum((amount for payer, amount in ledger.by_payer().items() if payer != "FUNDER"), D(0))
		assert claimed + waiting == of_family
		# What the funder pays is what the family doesn't: together the price.
		prices = total(line for line in expected if not line.funding)
		assert ledger.total() == prices
