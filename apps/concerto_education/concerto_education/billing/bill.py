"""From the facts of a chunk of families to what is written: no query happens here.

facts → engine.charges.derive → engine.ledger.reconcile with what is invoiced → engine.invoicing.build
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from concerto_education.authority.rules import sentence
from concerto_education.billing import problems
from concerto_education.billing.facts import ChunkFacts, Context
from concerto_education.billing.problems import ForeignPayer, Problem
from concerto_education.engine.charges import (
	ChargeLine,
	Derivation,
	derive,
	reconcile,
)
from concerto_education.engine.charges import (
	Problem as EngineProblem,
)
from concerto_education.engine.errors import RuleError
from concerto_education.engine.invoicing import InvoiceDraft, build
from concerto_education.engine.ledger import Plan
from concerto_education.engine.waivers import Waivers

NO_WAIVERS = Waivers()


@dataclass
class FamilyBill:
	"""What a run writes for one family: invoices, whose lines hold the new entries of the ledger."""

	family: str
	invoices: list[InvoiceDraft]
	funders: list[ChargeLine] = field(default_factory=list)  # no invoice of the family: claimed by statement


@dataclass
class ChunkBill:
	bills: list[FamilyBill] = field(default_factory=list)
	problems: list[Problem] = field(default_factory=list)


def bill_chunk(
	context: Context, chunk: ChunkFacts, reversals: Callable[[list[str]], dict[str, ChargeLine]]
) -> ChunkBill:
	"""Bill the families of a chunk. Each is billed wholly or not at all, and none stops the others.

	``reversals`` reads recorded charges in full, by name: only those that have to be reversed, so it is asked
	once for the whole chunk.
	"""
	result = ChunkBill()
	plans: dict[str, Plan] = {}
	derived = derive_chunk(chunk, result)
	for family, lines in derived.items():
		try:
			plans[family] = reconcile(
				expected(chunk, family, lines), chunk.recorded.get(family, ()), context.month_key
			)
		except RuleError as error:
			result.problems.append(Problem(family, sentence(error), rule=error.rule))
		except Exception as error:  # noqa: BLE001 - nobody else may suffer from it; it is logged and listed
			result.problems.append(problems.unexpected(family, error))
	wrong = [reversal.recorded.id for plan in plans.values() for reversal in plan.reverse]
	recorded = reversals(wrong) if wrong else {}
	for family, plan in plans.items():
		try:
			charges = [recorded[r.recorded.id].reverse(r.recorded.id) for r in plan.reverse]
			charges.extend(plan.add)
			charges.extend(chunk.adjustments.get(family, ()))
			if charges:
				own = [charge for charge in charges if charge.payer in chunk.payers]
				others = [charge for charge in charges if charge.payer not in chunk.payers]
				drafts = build(own, context.month_key, context.threshold, chunk.carried, context.strict)
				result.bills.append(FamilyBill(family, drafts, others))
		except Exception as error:  # noqa: BLE001 - as above
			result.problems.append(problems.unexpected(family, error))
	return result


def expected(chunk: ChunkFacts, family: str, lines: list[ChargeLine]) -> list[ChargeLine]:
	"""What the facts call for, with what third parties give and without what finance has waived. Raises RuleError."""
	waivers = chunk.waivers.get(family, NO_WAIVERS)
	lines = waivers.before_funding(lines)
	return waivers.after_funding([*lines, *chunk.sources.entries(family, lines)])


def derive_chunk(chunk: ChunkFacts, result: ChunkBill) -> dict[str, list[ChargeLine]]:
	"""Charges that the facts call for, by family, without the families that have a problem.

	All families at once, so that equal prices are computed once; one by one if something unforeseen happens.
	"""
	facts = [fact for family in chunk.families for fact in chunk.facts.get(family, ())]
	try:
		derivations = [derive(facts, chunk.engine_context)]
	except Exception:  # noqa: BLE001 - found out below which family it is
		derivations = _derive_one_by_one(chunk, result)
	failing = {problem.family for problem in result.problems}
	found: dict[str, list[ChargeLine]] = {
		family: []
		for family in chunk.families
		if family in chunk.facts or family in chunk.recorded or family in chunk.adjustments
	}
	refused: list[EngineProblem] = []
	foreign: dict[str, EngineProblem] = {}
	by_key = {fact.key: fact for fact in facts}
	for derivation in derivations:
		# Days of weeks and stays outside the window are there for those periods only.
		refused.extend(p for p in derivation.problems if chunk.scope.holds(p.fact.day, p.key))
		for line in derivation.charges:
			if not chunk.scope.holds(line.day, line.key[0]):
				continue
			if line.payer not in chunk.payers or chunk.payers[line.payer].family != line.family:
				fact = by_key.get(line.key[0]) or next(f for f in facts if f.enrolment == line.enrolment)
				error = ForeignPayer(payer=line.payer, enrolment=line.enrolment)
				foreign.setdefault(line.enrolment, EngineProblem(fact, error))
			found[line.family].append(line)
	listed = problems.from_engine([*refused, *foreign.values()])
	result.problems.extend(listed)
	failing.update(problem.family for problem in listed)
	for family in failing:
		found.pop(family, None)
	return found


def _derive_one_by_one(chunk: ChunkFacts, result: ChunkBill) -> list[Derivation]:
	found = []
	for family in chunk.families:
		try:
			found.append(derive(chunk.facts.get(family, ()), chunk.engine_context))
		except Exception as error:  # noqa: BLE001 - logged and listed
			result.problems.append(problems.unexpected(family, error))
	return found
