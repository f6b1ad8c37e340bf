"""From charges to one invoice a month for a payer (R2, R34, R35).

Always true, to the cent: ``sum(charges) = sum(lines)`` and
``sum(lines) + sum(carried) = total + sum(credits left)``.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum

from .facts import ChargeLine
from .money import ZERO, decimal


class InvoiceState(str, Enum):
	DUE = "due"  # reaches the threshold: issue it
	HELD = "held"  # "en mairie": under the threshold, or a credit; carried over to the next one
	NOTHING_DUE = "nothing_due"  # comes to zero: nothing to collect and nothing to carry


@dataclass(frozen=True, slots=True)
class Carried:
	"""What an earlier invoice left over: a held amount (positive) or a credit (negative), in euros.

	``strict`` with its ``imputation`` is for a CreditLeft of an earlier invoice (*application stricte*).
	"""

	invoice: Hashable
	amount: Decimal
	imputation: str | None = None
	strict: bool = False

	def __post_init__(self) -> None:
		object.__setattr__(self, "amount", decimal(self.amount))


@dataclass(frozen=True, slots=True)
class InvoiceLine:
	"""Charges of one person, activity, category, unit and unit price, with the charges behind it.

	``quantity`` and ``amount`` are sums over the charges; with two payers ``share`` says which part of
	``quantity × unit_price`` the amount is (percent).
	"""

	person: str
	activity: str
	category: str | None
	unit: str | None
	unit_price: Decimal
	regularisation: bool
	origin_month: str | None
	imputation: str | None
	share: Decimal | None
	strict: bool
	quantity: Decimal
	amount: Decimal
	days: tuple[date, ...]
	charges: tuple[ChargeLine, ...]
	funding: str | None = None  # the line is what this source takes off (R29)
	voucher: str | None = None
	adjustment: str | None = None  # made by hand: a line of its own (R34)


@dataclass(frozen=True, slots=True)
class CreditLeft:
	"""A credit that could offset nothing on this invoice; carried to the next (R34)."""

	imputation: str | None
	amount: Decimal  # negative
	strict: bool = True


@dataclass(frozen=True, slots=True)
class InvoiceDraft:
	payer: str
	family: str
	month: str
	lines: tuple[InvoiceLine, ...]
	carried: tuple[Carried, ...]
	total: Decimal
	state: InvoiceState
	credits_left: tuple[CreditLeft, ...] = ()


# ---------------------------------------------------------------- credits (R34)


@dataclass(frozen=True, slots=True)
class Entry:
	"""An amount on an invoice, positive or negative, as far as offsetting goes."""

	imputation: str | None
	amount: Decimal
	strict: bool = False


@dataclass(frozen=True, slots=True)
class Offset:
	"""``payable`` in euros; ``credits_left`` are negative, and only strict ones: see ``offset``."""

	payable: Decimal
	credits_left: tuple[CreditLeft, ...]


def offset(entries: Iterable[Entry]) -> Offset:
	"""Set credits against amounts due (R34).

	A **strict** credit only offsets amounts of its own imputation; what is left of it is carried. A credit
	that isn't strict offsets any amount; if it is larger than all of them, ``payable`` is negative and the
	invoice as a whole is a credit. Strict credits go first: they have fewer places to go.
	"""
	due: dict[str | None, Decimal] = {}
	strict: dict[str | None, Decimal] = {}
	free = ZERO
	for entry in entries:
		if entry.amount >= 0:
			due[entry.imputation] = due.get(entry.imputation, ZERO) + entry.amount
		elif entry.strict:
			strict[entry.imputation] = strict.get(entry.imputation, ZERO) + entry.amount
		else:
			free += entry.amount
	left: list[CreditLeft] = []
	for imputation, credit in strict.items():
		rest = due.get(imputation, ZERO) + credit
		due[imputation] = max(rest, ZERO)
		if rest < 0:
			left.append(CreditLeft(imputation, rest))
	left.sort(key=lambda credit: credit.imputation or "")
	return Offset(sum(due.values(), ZERO) + free, tuple(left))


# ---------------------------------------------------------------- invoices


def build(
	charges: Iterable[ChargeLine],
	month: str,
	threshold: Decimal,
	carried: Mapping[str, Sequence[Carried]] | None = None,
	strict: bool = False,
) -> list[InvoiceDraft]:
	"""One draft for each payer with charges.

	``month`` is the month invoiced ("2026-09"); ``threshold`` the smallest amount that may be collected
	(CGCT D1611-1: 15 euros; 14.99 is held, 15.00 is sent); ``carried`` the amounts left over, by payer. A
	payer who has carried amounts and no charge gets no draft: the amounts stay where they are. ``strict``
	makes the credits among the charges strict (*application stricte*); those made by hand say it themselves.

	The order is that of payers, so that a run repeated gives the same invoices in the same order. Raises
	ValueError if charges of one payer belong to two families: a payer is one person in one family (R18).
	"""
	carried = carried or {}
	by_payer: dict[str, list[ChargeLine]] = {}
	for charge in charges:
		by_payer.setdefault(charge.payer, []).append(charge)
	drafts = []
	for payer in sorted(by_payer):
		drafts.append(_draft(payer, by_payer[payer], month, threshold, carried.get(payer, ()), strict))
	return drafts


def _draft(
	payer: str,
	charges: Sequence[ChargeLine],
	month: str,
	threshold: Decimal,
	carried: Sequence[Carried],
	strict: bool,
) -> InvoiceDraft:
	families = {charge.family for charge in charges}
	if len(families) > 1:
		raise ValueError(f"the payer {payer} has charges of several families: {sorted(families)}")
	lines = group(charges)
	entries = [Entry(line.imputation, line.amount, _is_strict(line, strict)) for line in lines]
	# A carried credit keeps what it was: one that may offset anything has no imputation to stay in.
	entries += [Entry(item.imputation, item.amount, item.strict) for item in carried]
	result = offset(entries)
	return InvoiceDraft(
		payer=payer,
		family=families.pop(),
		month=month,
		lines=lines,
		carried=tuple(carried),
		total=result.payable,
		state=state_of(result.payable, threshold),
		credits_left=result.credits_left,
	)


def _is_strict(line: InvoiceLine, strict: bool) -> bool:
	"""Whoever made an adjustment by hand has chosen; all other credits follow the rule of the authority (R34)."""
	return line.strict if line.adjustment else strict or line.strict


def state_of(total: Decimal, threshold: Decimal) -> InvoiceState:
	"""R35: under the threshold, or a credit → held; at the threshold or above → due; zero → nothing due."""
	if total == 0:
		return InvoiceState.NOTHING_DUE
	return InvoiceState.DUE if total > 0 and total >= threshold else InvoiceState.HELD


def group(charges: Iterable[ChargeLine]) -> tuple[InvoiceLine, ...]:
	"""Lines of an invoice: charges that print alike are one line, with their days."""
	groups: dict[tuple, list[ChargeLine]] = {}
	for charge in charges:
		key = (
			charge.person,
			charge.activity,
			charge.category,
			charge.unit,
			charge.unit_price,
			charge.regularisation,
			charge.origin_month,
			charge.imputation,
			charge.share,
			charge.strict,
			charge.funding,
			charge.voucher,
			charge.adjustment,
		)
		groups.setdefault(key, []).append(charge)
	lines = [
		InvoiceLine(
			*key[:-3],
			quantity=sum((charge.quantity for charge in members), Decimal(0)),
			amount=sum((charge.amount for charge in members), ZERO),
			days=tuple(sorted({charge.day for charge in members})),
			charges=tuple(members),
			funding=key[-3],
			voucher=key[-2],
			adjustment=key[-1],
		)
		for key, members in groups.items()
	]
	return tuple(sorted(lines, key=_order))


def _order(line: InvoiceLine) -> tuple:
	"""Current lines first, then régularisations by month; within them by person, activity and price."""
	return (
		line.regularisation,
		line.origin_month or "",
		line.person or "",
		line.activity,
		line.funding or line.voucher or "",  # what others pay comes after the prices
		line.category or "",
		line.unit or "",
		line.unit_price,
		line.imputation or "",
		line.share or ZERO,
		line.strict,
		line.adjustment or "",
	)
