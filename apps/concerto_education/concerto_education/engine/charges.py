"""From attendance to charges: what each attendance costs whom, and why (R5, R30).

``derive`` turns facts into the charges they call for. It never stops at a family that fails: what cannot
be priced comes back as a problem (fact, named error), and the caller decides that this family waits.

A free meal gives a charge of 0.00, a cancelled one gives none: the first is a meal, the second isn't.

Tariffs that count a day (unit combinations), a week, a month or a stay give **one** charge for all
attendances of the enrolment in that period. Its key is ``enrolment#period`` whatever day came first, so a
start in mid-month is not billed twice. Weeks and stays run over the end of months: look recorded charges
up by key, not by day.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import lcm
from typing import Any

from .errors import (
	DuplicateFact,
	InvalidShares,
	MissingDuration,
	MissingQuotient,
	NoPayer,
	RuleError,
	UnknownActivity,
)
from .facts import (
	BILLED,
	ActivityTerms,
	AttendanceStatus,
	BillingRule,
	ChargeLine,
	Context,
	Fact,
	PayerShare,
	Profile,
	is_billed,
)
from .hours import age_on
from .ledger import Plan, Recorded, Reversal, reconcile
from .money import ZERO, round_half_up, split
from .pricing import Explanation, Price, Situation, needs_quotient, price
from .quotient import Quotient
from .ranges import DateMap, month_of
from .tariffs import Method, Tariff, Use

__all__ = [
	"ActivityTerms",
	"AttendanceStatus",
	"BillingRule",
	"ChargeLine",
	"Context",
	"Derivation",
	"Fact",
	"PayerShare",
	"Plan",
	"Problem",
	"Profile",
	"Recorded",
	"Reversal",
	"derive",
	"is_billed",
	"period_key",
	"reconcile",
]


@dataclass(frozen=True, slots=True)
class Problem:
	"""A fact that cannot be priced, and the rule that says why. ``key``: the period it belongs to, if it does."""

	fact: Fact
	error: RuleError
	key: str | None = None


@dataclass(frozen=True, slots=True)
class Derivation:
	charges: tuple[ChargeLine, ...]
	problems: tuple[Problem, ...]

	def failed_families(self) -> frozenset[str]:
		return frozenset(problem.fact.family for problem in self.problems)

	def billable(self) -> tuple[ChargeLine, ...]:
		"""The charges of the families without any problem: a family is billed wholly or not at all."""
		failed = self.failed_families()
		return (
			tuple(charge for charge in self.charges if charge.family not in failed)
			if failed
			else self.charges
		)


# ---------------------------------------------------------------- derive


def derive(facts: Iterable[Fact], context: Context) -> Derivation:
	"""The charges that the facts call for, in the order of the facts; grouped charges come last.

	Raises nothing of the rules: each RuleError is a Problem. A fact given twice is a problem too.
	"""
	deriver = _Deriver(context)
	seen: set[Hashable] = set()
	groups: dict[str, list[tuple[Fact, Tariff]]] = {}
	activities, book = context.activities, context.tariffs
	for fact in facts:
		try:
			if fact.key in seen:
				raise DuplicateFact(key=str(fact.key), day=fact.day)
			seen.add(fact.key)
			terms = activities.get(fact.activity)
			if terms is None:
				raise UnknownActivity(activity=fact.activity)
			if fact.status not in BILLED[terms.rule]:
				continue
			if fact.use is Use.NORMAL:
				tariff = book.for_presence(fact.activity, fact.category, fact.site, fact.day, fact.booked)
			else:
				tariff = book.find(fact.activity, fact.category, fact.site, fact.day, fact.use)
			group = period_key(tariff.method, terms.rule, fact.enrolment, fact.day, tariff.use)
			if group is None:
				deriver.charge(fact, fact.key, tariff, terms)
			else:
				groups.setdefault(group, []).append((fact, tariff))
		except RuleError as error:
			deriver.problems.append(Problem(fact, error))
	for key, members in groups.items():
		deriver.charge_group(key, members)
	return Derivation(tuple(deriver.charges), tuple(deriver.problems))


def period_key(
	method: Method, rule: BillingRule, enrolment: str, day: date, use: Use = Use.NORMAL
) -> str | None:
	"""Key of the one charge that stands for all attendances of a period; None if each has its own.

	What is priced by a tariff of its own (not booked, late pick-up) is a period apart.
	"""
	by_period = rule is BillingRule.FLAT_PER_PERIOD and use is Use.NORMAL
	if method in (Method.FLAT, Method.QF_BANDS) and not by_period:
		return None  # the common case first
	if method is Method.UNIT_COMBINATION:
		period = day.isoformat()
	elif method is Method.PER_WEEK:
		year, week, _ = day.isocalendar()
		period = f"{year}-W{week:02d}"
	elif method is Method.PER_STAY:
		period = "stay"
	elif method is Method.PER_MONTH or by_period:
		period = month_of(day)
	else:
		return None
	return f"{enrolment}#{period}" if use is Use.NORMAL else f"{enrolment}#{period}#{use.value}"


class _Deriver:
	"""Holds the memo of prices: many attendances have the same tariff, QF and quantity."""

	def __init__(self, context: Context) -> None:
		self.context = context
		self.charges: list[ChargeLine] = []
		self.problems: list[Problem] = []
		self._prices: dict[tuple, tuple[Price, Explanation]] = {}
		self._needs: dict[str, bool] = {}

	def charge(self, fact: Fact, key: Hashable, tariff: Tariff, terms: ActivityTerms) -> None:
		shares = self._shares(fact)
		self._emit(fact, key, fact.unit, shares, self._price(fact, tariff, frozenset()), terms)

	def charge_group(self, key: str, members: list[tuple[Fact, Tariff]]) -> None:
		"""One charge for a day, week, month or stay; QF, rank and tariff are of its first billed day."""
		members.sort(key=lambda member: (member[0].day, str(member[0].key)))
		fact, tariff = members[0]
		try:
			shares = _merge([self._shares(member) for member, _ in members])
			units: frozenset[str] = frozenset()
			unit = None
			if tariff.method is Method.UNIT_COMBINATION:
				units = frozenset(member.unit for member, _ in members if member.unit is not None)
				unit = "+".join(sorted(units))
			else:
				fact = replace(fact, quantity=Decimal(1))
			# One price for all of them: not booked only if nothing of it was.
			fact = replace(fact, booked=any(member.booked for member, _ in members))
			priced = self._price(fact, tariff, units)
			self._emit(
				fact, key, unit, shares, priced, self.context.activities[fact.activity], *_extent(members)
			)
		except RuleError as error:
			self.problems.append(Problem(fact, error, key))

	def _shares(self, fact: Fact) -> tuple[PayerShare, ...]:
		payers = self.context.payers.get(fact.enrolment)
		shares = payers.get(fact.day) if payers is not None else None
		if not shares:
			raise NoPayer(enrolment=fact.enrolment, day=fact.day)
		if len(shares) > 1 and (
			len({share.payer for share in shares}) < len(shares) or not any(share.share for share in shares)
		):
			raise InvalidShares(enrolment=fact.enrolment, day=fact.day)
		return shares

	def _price(self, fact: Fact, tariff: Tariff, units: frozenset[str]) -> tuple[Price, Explanation]:
		needs = self._needs.get(tariff.id)
		if needs is None:
			needs = self._needs[tariff.id] = needs_quotient(tariff)
		profile: Any = self.context.profiles.get(fact.enrolment, _DEFAULT_PROFILE)
		if isinstance(profile, DateMap):
			profile = profile.get(fact.day, _DEFAULT_PROFILE)
		method = tariff.method
		full_price = fact.full_price or profile.full_price
		quotient = self._quotient(fact, needs, method, full_price)
		if method is Method.EFFORT_RATE and fact.minutes is None and fact.hours is None:
			raise MissingDuration(tariff=tariff.label, day=fact.day)
		memo = (
			tariff.id,
			None if quotient is None else (quotient.id, quotient.value),
			fact.quantity,
			fact.minutes,
			fact.assumed_minutes,
			fact.hours,
			units,
			None if profile is _DEFAULT_PROFILE else profile,
			fact.booked,
			full_price,
			fact.late,
			# Rates and bounds of the PSU are dated; all else in a tariff is the same on each of its days.
			fact.day if method is Method.EFFORT_RATE or method is Method.SCRIPT else None,
			(fact.category, fact.site) if method is Method.SCRIPT else None,
		)
		found = self._prices.get(memo)
		if found is None:
			priced = price(
				tariff,
				Situation(
					day=fact.day,
					quotient=quotient,
					quantity=fact.quantity,
					minutes=fact.minutes,
					units=units,
					sibling_rank=profile.rank(tariff.modifiers.sibling_scope),
					resident=profile.resident,
					booked=fact.booked,
					household=profile.household,
					assumed_minutes=fact.assumed_minutes,
					hours=fact.hours,
					full_price=full_price,
					age=age_on(profile.birth, fact.day) if profile.birth else None,
					category=fact.category,
					site=fact.site,
					late=fact.late,
				),
			)
			found = self._prices[memo] = (priced, priced.explanation())
		return found

	def _quotient(self, fact: Fact, needs: bool, method: Method, full_price: str | None) -> Quotient | None:
		"""The QF of the day. A missing one is an error where the price depends on it."""
		if not needs and method is not Method.SCRIPT:
			return None
		history = self.context.quotients.get(fact.family)
		try:
			if history is None:
				raise MissingQuotient(day=fact.day)
			return history.on(fact.day)
		except MissingQuotient:
			if needs and not full_price:
				raise
			return None

	def _emit(
		self,
		fact: Fact,
		key: Hashable,
		unit: str | None,
		shares: tuple[PayerShare, ...],
		priced: tuple[Price, Explanation],
		terms: ActivityTerms,
		days: tuple[date, ...] = (),
		minutes: int | None = None,
	) -> None:
		result, explanation = priced
		quotient = result.quotient
		if len(shares) == 1:
			parts = ((shares[0].payer, result.amount, None, explanation),)
		else:
			parts = _parts(shares, result.amount, explanation)
		for payer, amount, share, why in parts:
			self.charges.append(
				ChargeLine(
					(key, payer),
					fact.family,
					fact.person,
					payer,
					fact.enrolment,
					fact.activity,
					fact.site,
					fact.category,
					unit,
					fact.day,
					result.quantity,
					result.unit_price,
					amount,
					result.tariff.id,
					None if quotient is None else quotient.id,
					None if quotient is None else quotient.value,
					terms.imputation,
					why,
					share,
					days=days or (fact.day,),
					minutes=minutes if days else _length(fact),
				)
			)


_DEFAULT_PROFILE = Profile()


def _length(fact: Fact) -> int | None:
	"""Minutes of an attendance, those of the service where nobody noted times; hours of a contract of a month."""
	if fact.hours is not None:
		return int(fact.hours.billed * 60)
	return fact.assumed_minutes if fact.minutes is None else fact.minutes


def _extent(members: list[tuple[Fact, Tariff]]) -> tuple[tuple[date, ...], int | None]:
	"""All days of a group, and its length if each length is known."""
	lengths = [_length(fact) for fact, _ in members]
	days = tuple(sorted({fact.day for fact, _ in members}))
	return days, None if None in lengths else sum(lengths)


def _parts(shares: tuple[PayerShare, ...], amount: Decimal, explanation: Explanation):
	"""Each payer's part (R19, R22): no cent lost, nobody with a share of zero is billed."""
	weights = [share.share for share in shares]
	whole = sum(weights, ZERO)
	for share, part in zip(shares, split(amount, weights), strict=True):
		if share.share:
			percent = round_half_up(share.share * 100 / whole, 2)
			yield (
				share.payer,
				part,
				percent,
				Explanation(explanation, share={"percent": str(percent), "amount": str(part)}),
			)


def _merge(days: list[tuple[PayerShare, ...]]) -> tuple[PayerShare, ...]:
	"""Shares of a period: each billed day weighs the same, so two payers who alternate pay by their days."""
	first = days[0]
	if all(shares == first for shares in days):
		return first
	weights: dict[str, Fraction] = {}
	for shares in days:
		whole = sum((Fraction(share.share) for share in shares), Fraction(0))
		for share in shares:
			weights[share.payer] = weights.get(share.payer, Fraction(0)) + Fraction(share.share) / whole
	scale = lcm(*(weight.denominator for weight in weights.values()))
	return tuple(PayerShare(payer, Decimal(int(weight * scale))) for payer, weight in weights.items())
