"""From prices to who pays them when a third party takes a part (R21, R29).

Nothing of the price's own charge changes. A source adds entries of its own beside it: a deduction for each payer,
and what the funder owes. Their sum is zero, so the ledger of a price stays the price, and a notification that comes
late only adds entries: the reconciliation makes them a régularisation by itself.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from .facts import ChargeLine
from .funding import Consumed, Funding, Part, Priced, Voucher, allocate
from .money import ZERO, split
from .pricing import Explanation

ONE = Decimal(1)


def fund(
	lines: Sequence[ChargeLine],
	fundings: Iterable[Funding],
	vouchers: Iterable[Voucher],
	kinds: Mapping[str, str],
	consumed: Consumed | None = None,
) -> list[ChargeLine]:
	"""The entries that the sources add to these charges. ``kinds`` is the kind of each activity, for vouchers.

	Two payers of one charge share its deductions as they share its price. Raises FundingNeedsDuration.
	"""
	by_fact: dict[Hashable, list[ChargeLine]] = {}
	for line in lines:
		if line.amount > 0:
			by_fact.setdefault(line.key[0], []).append(line)
	items = [
		Priced(
			key=key,
			enrolment=group[0].enrolment,
			person=group[0].person,
			kind=kinds.get(group[0].activity, ""),
			amount=sum((line.amount for line in group), ZERO),
			days=group[0].days or (group[0].day,),
			minutes=group[0].minutes,
		)
		for key, group in by_fact.items()
	]
	added: list[ChargeLine] = []
	left = {(line.key[0], line.payer): line.amount for group in by_fact.values() for line in group}
	for part in allocate(items, fundings, vouchers, consumed):
		group = by_fact[part.key]
		weights = [left[part.key, line.payer] for line in group]
		for line, amount in zip(group, split(part.amount, weights), strict=True):
			if amount:
				left[part.key, line.payer] -= amount
				added.append(_entry(line, part, line.payer, -amount))
		added.append(_entry(group[0], part, part.payer, part.amount))
	return added


def _entry(line: ChargeLine, part: Part, payer: str, amount: Decimal) -> ChargeLine:
	return replace(
		line,
		key=(f"{part.key}#{part.source}", payer),
		payer=payer,
		quantity=ONE,
		unit_price=amount,
		amount=amount,
		tariff=None,
		quotient=None,
		quotient_value=None,
		explanation=Explanation(
			amount=str(amount), steps=[["funding", {"source": part.source}, str(amount)]], quantity="1"
		),
		share=None,
		days=part.days,
		funding=None if part.is_voucher else part.source,
		voucher=part.source if part.is_voucher else None,
	)
