"""What third parties pay of a price: fundings of an enrolment and vouchers of a child (R21, R29).

``allocate`` goes through priced attendances in the order of their days and lets each source take its part of what
is left. So a source never takes more than the price, a quota is consumed in the order of dates, and

    part of the family + parts of the funders = price, to the cent.

Fundings come first, in their order; then vouchers, the one that ends first before the others. What was taken
before the days looked at is given as ``Consumed``: caps and quotas go on from there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import Enum

from .errors import (
	FundingNeedsDuration,
	FundingsBeyondPrice,
	FundingWithoutAmount,
	InvalidFunding,
	PercentageTooHigh,
)
from .money import ZERO, decimal, money, plain, split
from .ranges import DateRange, month_of

WHOLE = Decimal(100)
HOUR = Decimal(60)


class Basis(str, Enum):
	DAY = "day"  # euros for each day of attendance
	HOUR = "hour"  # euros for each hour
	MONTH = "month"  # euros a month, the yearly quote of the ASE (R21)
	PERCENT = "percent"  # of the price


class CapPeriod(str, Enum):
	DAY = "day"
	MONTH = "month"
	WHOLE = "whole"  # the whole period of the funding


class Measure(str, Enum):
	DAYS = "days"  # a voucher for so many days
	AMOUNT = "amount"  # a voucher for so many euros


@dataclass(frozen=True, slots=True)
class Funding:
	"""A *prise en charge* of one enrolment. ``payer`` is who pays it, ``order`` which one is asked first."""

	id: str
	payer: str
	enrolment: str
	basis: Basis
	rate: Decimal
	span: DateRange
	cap: Decimal | None = None
	cap_period: CapPeriod = CapPeriod.WHOLE
	order: int = 0

	def __post_init__(self) -> None:
		object.__setattr__(self, "basis", Basis(self.basis))
		object.__setattr__(self, "cap_period", CapPeriod(self.cap_period))
		object.__setattr__(self, "rate", decimal(self.rate))
		if self.cap is not None:
			object.__setattr__(self, "cap", decimal(self.cap))
			if self.cap < 0:
				raise InvalidFunding(funding=self.id, reason="the cap is negative")
		if self.rate <= 0:
			raise FundingWithoutAmount(funding=self.id)
		if self.basis is Basis.PERCENT and self.rate > WHOLE:
			raise PercentageTooHigh(funding=self.id, percent=plain(self.rate))

	@property
	def rank(self) -> tuple:
		return (0, self.order, self.span.start, self.id)


@dataclass(frozen=True, slots=True)
class Voucher:
	"""A *bon* of a child, for some kinds of activity. ``value`` is euros a day; none: the whole price of the day."""

	id: str
	payer: str
	person: str
	kinds: frozenset[str]
	measure: Measure
	quota: Decimal
	span: DateRange
	value: Decimal | None = None

	def __post_init__(self) -> None:
		object.__setattr__(self, "measure", Measure(self.measure))
		object.__setattr__(self, "quota", decimal(self.quota))
		object.__setattr__(self, "kinds", frozenset(self.kinds))
		if self.value is not None:
			object.__setattr__(self, "value", decimal(self.value))
			if self.value <= 0:
				raise InvalidFunding(funding=self.id, reason="the value is not above zero")
		if self.quota <= 0:
			raise FundingWithoutAmount(funding=self.id)

	@property
	def rank(self) -> tuple:
		return (1, self.span.last, self.span.start, self.id)


@dataclass(frozen=True, slots=True)
class Priced:
	"""One charge before anybody else pays. ``days`` are all its days, ``minutes`` its whole length if known."""

	key: Hashable
	enrolment: str
	person: str
	kind: str
	amount: Decimal
	days: tuple[date, ...]
	minutes: int | None = None


@dataclass(frozen=True, slots=True)
class Part:
	"""What one source pays of one charge, in euros, above zero. ``days`` are those it pays for."""

	key: Hashable
	source: str
	payer: str
	amount: Decimal
	days: tuple[date, ...]
	is_voucher: bool = False


@dataclass(frozen=True)
class Consumed:
	"""What sources have taken before the first day looked at: euros and days, by id."""

	amount: dict[str, Decimal] = field(default_factory=dict)
	days: dict[str, int] = field(default_factory=dict)


def check_together(fundings: Iterable[Funding]) -> None:
	"""Percentages that hold on one day of one enrolment sum to the whole price at most. Raises FundingsBeyondPrice."""
	percents = [funding for funding in fundings if funding.basis is Basis.PERCENT]
	for one in percents:
		# It is enough to look at first days: the sum can only grow on one of them.
		day = one.span.start
		beside = [
			other
			for other in percents
			if other is not one and other.enrolment == one.enrolment and day in other.span
		]
		total = one.rate + sum((other.rate for other in beside), Decimal(0))
		if total > WHOLE:
			raise FundingsBeyondPrice(first=beside[-1].id, second=one.id, start=day, percent=plain(total))


def allocate(
	items: Iterable[Priced],
	fundings: Iterable[Funding] = (),
	vouchers: Iterable[Voucher] = (),
	consumed: Consumed | None = None,
) -> list[Part]:
	"""The parts of all sources, in the order of days. Raises FundingNeedsDuration."""
	work = _Work(consumed or Consumed())
	by_enrolment: Mapping[str, list[Funding]] = _grouped(fundings, "enrolment")
	by_person: Mapping[str, list[Voucher]] = _grouped(vouchers, "person")
	for item in sorted(items, key=lambda item: (item.days[0], str(item.key))):
		left = item.amount
		sources: Sequence[Funding | Voucher] = (
			*by_enrolment.get(item.enrolment, ()),
			*(voucher for voucher in by_person.get(item.person, ()) if item.kind in voucher.kinds),
		)
		for source in sources:
			if left <= 0:
				break
			days = tuple(day for day in item.days if day in source.span)
			if days:
				left -= work.take(item, source, days, left)
	return work.parts


def _grouped(sources: Iterable, field_name: str) -> Mapping[str, list]:
	groups: dict[str, list] = defaultdict(list)
	for source in sources:
		groups[getattr(source, field_name)].append(source)
	for group in groups.values():
		group.sort(key=lambda source: source.rank)
	return groups


class _Work:
	"""What is taken so far, by source and period."""

	def __init__(self, consumed: Consumed) -> None:
		self.parts: list[Part] = []
		self.taken: dict[tuple, Decimal] = defaultdict(lambda: ZERO)
		self.used_days: dict[str, set[date]] = defaultdict(set)
		self.days_before = consumed.days
		for source, amount in consumed.amount.items():
			self.taken[source, CapPeriod.WHOLE] = amount

	def take(self, item: Priced, source: Funding | Voucher, days: tuple[date, ...], left: Decimal) -> Decimal:
		if isinstance(source, Funding):
			amount = self._funding(item, source, days, left)
		else:
			amount, days = self._voucher(item, source, days, left)
		if amount > 0:
			is_voucher = isinstance(source, Voucher)
			self.parts.append(Part(item.key, source.id, source.payer, amount, days, is_voucher))
		return amount

	# ------------------------------------------------------------ fundings

	def _funding(self, item: Priced, funding: Funding, days: tuple[date, ...], left: Decimal) -> Decimal:
		"""What the funding wants of this charge, at most what is left of the price, of its rate and of its cap.

		A charge of several days of which the funding holds on some only counts by these.
		"""
		covered = Decimal(len(days)) / len(item.days)
		if funding.basis is Basis.PERCENT:
			want = money(item.amount * covered * funding.rate / WHOLE)
		elif funding.basis is Basis.HOUR:
			if item.minutes is None:
				raise FundingNeedsDuration(funding=funding.id, day=item.days[0])
			want = money(funding.rate * item.minutes * covered / HOUR)
		else:
			want = left
		# A charge of a week of which the funding holds on two days: at most the price of two days.
		wanted = min(want, left, money(item.amount * covered))
		if funding.basis is Basis.DAY:
			amount = self._spread(funding, "rate", CapPeriod.DAY, funding.rate, days, wanted)
		elif funding.basis is Basis.MONTH:
			amount = self._spread(funding, "rate", CapPeriod.MONTH, funding.rate, days, wanted)
		else:
			amount = wanted
		if funding.cap is not None:
			amount = self._spread(funding, "cap", funding.cap_period, funding.cap, days, amount)
		if funding.basis is Basis.DAY or funding.basis is Basis.MONTH:
			period = CapPeriod.DAY if funding.basis is Basis.DAY else CapPeriod.MONTH
			self._book((funding.id, "rate"), period, funding.rate, days, amount)
		if funding.cap is not None and funding.cap_period is not CapPeriod.WHOLE:
			self._book((funding.id, "cap"), funding.cap_period, funding.cap, days, amount)
		self.taken[funding.id, CapPeriod.WHOLE] += amount
		return amount

	def _spread(
		self,
		funding: Funding,
		name: str,
		period: CapPeriod,
		limit: Decimal,
		days: tuple[date, ...],
		wanted: Decimal,
	) -> Decimal:
		"""At most what is left of a limit in the periods of these days."""
		if period is CapPeriod.WHOLE:
			return max(ZERO, min(wanted, limit - self.taken[funding.id, CapPeriod.WHOLE]))
		room = sum(
			(max(ZERO, limit - self.taken[funding.id, name, key]) for key in _periods(period, days)), ZERO
		)
		return min(wanted, room)

	def _book(
		self, source: tuple, period: CapPeriod, limit: Decimal, days: tuple[date, ...], amount: Decimal
	) -> None:
		"""Write the amount down in the periods that have room for it, the earliest first."""
		for key in _periods(period, days):
			part = min(amount, max(ZERO, limit - self.taken[(*source, key)]))
			self.taken[(*source, key)] += part
			amount -= part

	# ------------------------------------------------------------ vouchers

	def _voucher(
		self, item: Priced, voucher: Voucher, days: tuple[date, ...], left: Decimal
	) -> tuple[Decimal, tuple[date, ...]]:
		"""Day by day, while the quota lasts. A second charge of a day takes what the day's value has left."""
		amount, paid = ZERO, []
		used = self.used_days[voucher.id]
		price_of = dict(zip(item.days, split(item.amount, [1] * len(item.days)), strict=True))
		for day in days:
			if left - amount <= 0:
				break
			part = min(left - amount, price_of[day])
			if voucher.value is not None:
				part = min(part, voucher.value - self.taken[voucher.id, "value", day])
			if voucher.measure is Measure.AMOUNT:
				part = min(part, voucher.quota - self.taken[voucher.id, CapPeriod.WHOLE])
			elif day not in used and len(used) + self.days_before.get(voucher.id, 0) + 1 > voucher.quota:
				continue
			if part <= 0:
				continue
			used.add(day)
			paid.append(day)
			amount += part
			self.taken[voucher.id, "value", day] += part
			self.taken[voucher.id, CapPeriod.WHOLE] += part
		return amount, tuple(paid)


def _periods(period: CapPeriod, days: tuple[date, ...]) -> list:
	if period is CapPeriod.DAY:
		return list(dict.fromkeys(days))
	return list(dict.fromkeys(month_of(day) for day in days))
