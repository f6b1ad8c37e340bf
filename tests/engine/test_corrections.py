"""Corrections lose no cent, credit nothing twice, and what is waived stays waived (R34)."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concerto_education.engine.corrections import (
	Position,
	cancel_all,
	cancel_positions,
	credit_amount,
	left_of_lines,
)
from concerto_education.engine.errors import CreditOverLeft, NothingToCredit
from concerto_education.engine.facts import ChargeLine
from concerto_education.engine.invoicing import Entry, build, offset
from concerto_education.engine.ledger import Recorded, reconcile
from concerto_education.engine.money import from_cents
from concerto_education.engine.pricing import Explanation
from concerto_education.engine.waivers import Waivers, by_hand, fact_of

MONDAY = date(2026, 9, 7)
cents = st.integers(1, 20_000).map(from_cents)


def positions(*amounts, lines=1) -> list[Position]:
	return [
		Position(f"C{i}", f"L{i % lines}", MONDAY + timedelta(i), Decimal(amount), (f"C{i}",))
		for i, amount in enumerate(amounts)
	]


def charge(key="F1", payer="A", amount="2.80", **values) -> ChargeLine:
	base = ChargeLine(
		key=(key, payer),
		family="FAM",
		person="P",
		payer=payer,
		enrolment="E",
		activity="Canteen",
		site="S",
		category=None,
		unit="midi",
		day=MONDAY,
		quantity=Decimal(1),
		unit_price=Decimal(amount),
		amount=Decimal(amount),
		tariff="T",
		quotient=None,
		quotient_value=None,
		imputation="7067",
		explanation=Explanation(amount=amount, steps=[], quantity="1"),
	)
	return replace(base, **values)


class TestWhatIsCredited:
	def test_chosen_days_and_no_others(self):
		credit = cancel_positions(positions("2.80", "2.20", "5.00"), ["C0", "C2"])
		assert (credit.total, [p.id for p in credit.positions]) == (Decimal("7.80"), ["C0", "C2"])

	def test_nothing_chosen_is_refused(self):
		with pytest.raises(NothingToCredit):
			cancel_positions(positions("2.80"), [])

	def test_free_meals_alone_make_no_credit_note(self):
		with pytest.raises(NothingToCredit):
			cancel_positions(positions("0.00"), ["C0"])

	def test_one_cent_more_than_is_left_is_refused_the_rest_is_not(self):
		left = left_of_lines(positions("2.80", "2.80"), {"L0": Decimal("1.00")})
		assert credit_amount(left, Decimal("4.60")).total == Decimal("4.60")
		with pytest.raises(CreditOverLeft):
			credit_amount(left, Decimal("4.61"))

	@given(st.lists(cents, min_size=1, max_size=30), st.integers(1, 4), st.data())
	def test_an_amount_is_spread_without_losing_a_cent(self, amounts, lines, data):
		left = left_of_lines(positions(*amounts, lines=lines))
		whole = int(sum(left.values()) * 100)
		amount = from_cents(data.draw(st.integers(1, whole)))
		credit = credit_amount(left, amount)
		assert sum(part.amount for part in credit.amounts) == amount == credit.total
		assert all(Decimal(0) < part.amount <= left[part.line] for part in credit.amounts)

	@given(st.lists(cents, min_size=1, max_size=20), st.integers(1, 3), st.data())
	def test_any_sequence_of_corrections_ends_at_zero_and_never_below(self, amounts, lines, data):
		standing, credited, left = positions(*amounts, lines=lines), {}, sum(amounts)
		for _ in range(data.draw(st.integers(0, 4))):
			rest = left_of_lines(standing, credited)
			try:
				if data.draw(st.booleans()) and standing:
					chosen = data.draw(st.sets(st.sampled_from([p.id for p in standing]), min_size=1))
					credit = cancel_positions(standing, chosen, credited)
				else:
					credit = credit_amount(rest, from_cents(data.draw(st.integers(1, 30_000))))
			except (CreditOverLeft, NothingToCredit):
				continue
			gone = {p.id for p in credit.positions}
			standing = [p for p in standing if p.id not in gone]
			for part in credit.amounts:
				credited[part.line] = credited.get(part.line, Decimal(0)) + part.amount
			left -= credit.total
			assert left == sum(p.amount for p in standing) - sum(credited.values()) >= 0
		if left:
			last = cancel_all(standing, credited)
			assert last.total == left
			entries = -sum(p.amount for p in last.positions) - sum(a.amount for a in last.amounts)
			assert -entries == last.total
		else:
			with pytest.raises(NothingToCredit):
				cancel_all(standing, credited)


def recorded(line: ChargeLine, name: str, reverses: str | None = None) -> Recorded:
	return Recorded(
		name,
		line.key,
		line.day,
		line.quantity,
		line.unit_price,
		line.amount,
		line.imputation,
		invoiced=True,
		reversal_of=reverses,
	)


def run(expected: list[ChargeLine], ledger: list[Recorded], waivers: Waivers) -> list[ChargeLine]:
	"""What a run would write: as ``billing/bill.py`` and ``billing/facts.py`` put it together."""
	lines = waivers.after_funding(waivers.before_funding(expected))
	rows = [row for row in ledger if not waivers.hold(*row.key) and not by_hand(row.key[0])]
	plan = reconcile(lines, rows, "2026-10")
	by_id = {row.id: row for row in ledger}
	back = [
		charge(by_id[r.recorded.id].key[0], r.recorded.key[1], str(r.recorded.amount)).reverse(r.recorded.id)
		for r in plan.reverse
	]
	return [*back, *plan.add]


class TestWhatIsBilledAgain:
	@given(
		st.lists(cents, min_size=1, max_size=8),
		st.sets(st.integers(0, 7)),
		st.sets(st.integers(0, 7)),
		st.lists(cents, min_size=8, max_size=8),
	)
	def test_reconciling_is_idempotent_after_corrections(self, amounts, cancelled, reissued, later):
		"""Some days are cancelled, some of them for good; then prices change. One run settles it, a second adds nothing."""
		lines = [charge(f"F{i}", amount=str(amount)) for i, amount in enumerate(amounts)]
		ledger = [recorded(line, f"C{i}") for i, line in enumerate(lines)]
		waived = []
		for i in sorted(cancelled):
			if i < len(lines):
				ledger.append(recorded(lines[i].reverse(f"C{i}"), f"R{i}", f"C{i}"))
				if i not in reissued:
					waived.append((f"F{i}", None))
		waivers = Waivers.of(waived)
		facts = [charge(f"F{i}", amount=str(later[i])) for i in range(len(lines))]
		before = sum(row.amount for row in ledger)
		written = run(facts, ledger, waivers)
		for number, line in enumerate(written):
			ledger.append(recorded(line, f"N{number}", line.reversal_of))
		# Reversal and new are the difference: the ledger says what the facts say, but for what is waived.
		off = {fact for fact, _payer in waived}
		wanted = sum((line.amount for line in facts if line.key[0] not in off), Decimal(0))
		assert sum(row.amount for row in ledger) == wanted
		assert sum((line.amount for line in written), Decimal(0)) == wanted - before
		assert run(facts, ledger, waivers) == []

	def test_a_waived_day_is_nobodys(self):
		waivers = Waivers.of([("F1", None)])
		assert waivers.before_funding([charge(), charge(payer="B")]) == []

	def test_a_waived_part_leaves_the_other_payers(self):
		waivers = Waivers.of([("F1", "A")])
		lines = [charge(amount="1.40"), charge(payer="B", amount="1.40")]
		assert waivers.before_funding(lines) == lines
		assert waivers.after_funding(lines) == lines[1:]

	def test_the_third_party_gives_what_the_other_part_calls_for(self):
		lines = [
			charge(amount="5.00"),
			charge(payer="B", amount="5.00"),
			charge("F1#PEC", amount="-2.00", funding="PEC"),
			charge("F1#PEC", "B", amount="-2.00", funding="PEC"),
			charge("F1#PEC", "DEPT", amount="4.00", funding="PEC"),
		]
		kept = Waivers.of([("F1", "A")]).after_funding(lines)
		assert [(line.payer, line.amount) for line in kept] == [
			("B", Decimal("5.00")),
			("B", Decimal("-2.00")),
			("DEPT", Decimal("2.00")),
		]

	def test_a_period_is_no_part_of_another(self):
		"""``E#2026-10`` is waived, what was not booked in that month is a fact of its own."""
		waivers = Waivers.of([("E#2026-10", None)])
		assert waivers.hold("E#2026-10", "A") and waivers.hold("E#2026-10#PEC", "D", source="PEC")
		assert not waivers.hold("E#2026-10#unbooked", "A")
		assert fact_of("E#2026-10#PEC", "PEC") == "E#2026-10"


class TestStrictOrNot:
	def test_whoever_made_a_credit_by_hand_has_chosen(self):
		"""The setting is strict, this credit isn't: it lowers the garderie too (R34)."""
		free = charge("ADJ|1", amount="-5.00", imputation="7067", adjustment="1")
		care = charge("F9", amount="8.00", imputation="7066")
		(draft,) = build([free, care], "2026-10", Decimal(0), strict=True)
		assert (draft.total, draft.credits_left) == (Decimal("3.00"), ())

	def test_a_strict_one_waits_for_its_imputation(self):
		credit = charge("ADJ|1", amount="-5.00", imputation="7067", adjustment="1", strict=True)
		care = charge("F9", amount="8.00", imputation="7066")
		(draft,) = build([credit, care], "2026-10", Decimal(0))
		assert (draft.total, draft.credits_left[0].amount) == (Decimal("8.00"), Decimal("-5.00"))

	def test_two_adjustments_that_look_alike_are_two_lines(self):
		entries = [charge(f"ADJ|{n}", amount="-5.00", adjustment=n, person=None) for n in "12"]
		(draft,) = build(entries, "2026-10", Decimal(0))
		assert len(draft.lines) == 2

	@given(st.lists(st.tuples(st.sampled_from("AB"), st.integers(-500, 500), st.booleans()), max_size=12))
	def test_no_cent_is_lost_between_what_is_used_and_what_is_kept(self, rows):
		entries = [Entry(code, from_cents(amount), strict) for code, amount, strict in rows]
		result = offset(entries)
		kept = sum((credit.amount for credit in result.credits_left), Decimal(0))
		assert result.payable + kept == sum((entry.amount for entry in entries), Decimal(0))
