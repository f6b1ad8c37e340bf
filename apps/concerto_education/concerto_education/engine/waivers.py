"""What finance has taken off an invoice for good is not billed again by itself (R34).

A waiver names a fact, and the payer whose part of it is waived; without a payer the whole fact is waived, whoever
would pay it. What third parties give for a waived fact goes with it. Reconciling leaves a waived fact alone: nothing
is expected of it, and what is recorded of it stays as the correction has left it.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from .facts import ChargeLine
from .money import ZERO

EVERYBODY = None
# Entries that somebody made by hand: no fact calls for them, so reconciling never looks at them.
ADJUSTMENT_KEY = "ADJ|"
CREDIT_KEY = "CREDIT|"


def by_hand(key: Hashable) -> bool:
	"""Whether an entry with this key comes from a manual adjustment or from the credit of an amount."""
	return str(key).startswith((ADJUSTMENT_KEY, CREDIT_KEY))


def fact_of(key: Hashable, source: str | None) -> Hashable:
	"""The fact behind an entry: what a third party gives for a fact bears the fact's key and its own name."""
	return str(key).removesuffix(f"#{source}") if source else key


@dataclass(frozen=True)
class Waivers:
	"""The waivers of a family: ``payers`` by fact, with EVERYBODY where the whole fact is waived."""

	payers: dict[Hashable, frozenset[str | None]] = field(default_factory=dict)

	@classmethod
	def of(cls, pairs: Iterable[tuple[Hashable, str | None]]) -> Waivers:
		found: dict[Hashable, set[str | None]] = {}
		for fact, payer in pairs:
			found.setdefault(fact, set()).add(payer or EVERYBODY)
		return cls({fact: frozenset(payers) for fact, payers in found.items()})

	def hold(self, key: Hashable, payer: str, source: str | None = None) -> bool:
		"""Whether this entry is of a waived fact, or of a waived part of one."""
		if not self.payers:
			return False
		payers = self.payers.get(fact_of(key, source), ()) or self.payers.get(key, ())
		return EVERYBODY in payers or payer in payers

	def before_funding(self, lines: Sequence[ChargeLine]) -> list[ChargeLine]:
		"""Without the facts that nobody pays any more: third parties pay nothing for them, quotas are free again."""
		if not self.payers:
			return list(lines)
		open_facts = {line.key[0] for line in lines if not self.hold(*line.key)}
		return [line for line in lines if line.key[0] in open_facts]

	def after_funding(self, lines: Sequence[ChargeLine]) -> list[ChargeLine]:
		"""Without the parts of the payers who have a waiver; the third party gives what the others' parts call for."""
		if not self.payers:
			return list(lines)
		kept: list[ChargeLine] = []
		dropped: dict[Hashable, list[ChargeLine]] = {}
		for line in lines:
			if self.hold(*line.key, source=line.funding or line.voucher):
				dropped.setdefault(line.key[0], []).append(line)
			else:
				kept.append(line)
		return [_less(line, dropped.get(line.key[0], ())) for line in kept]


def _less(line: ChargeLine, waived: Sequence[ChargeLine]) -> ChargeLine:
	"""What a third party owes, less the deductions that nobody gets any more. Anything else stays as it is."""
	if not waived or not (line.funding or line.voucher) or line.amount < 0:
		return line
	amount = line.amount + sum((entry.amount for entry in waived), ZERO)
	return replace(line, amount=amount, unit_price=amount)
