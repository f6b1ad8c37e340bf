"""One exception class for each rule that can refuse.

A rule that is missing is a named error, never a guess. Each class carries

* ``code``      stable identifier, for logs, tests and API answers;
* ``rule``      number of the requirement it protects ("R14");
* ``template``  English sentence with ``{named}`` parameters: it is the translation key;
* ``params``    the values, so that a screen can say the same sentence in another language.

The engine knows no language: the caller translates ``template`` and formats it with ``params``.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar


class RuleError(ValueError):
	"""Base of all refusals of the engine. ``str(error)`` is the English sentence."""

	code: ClassVar[str] = "rule"
	rule: ClassVar[str] = ""
	template: ClassVar[str] = "A rule refuses this value."

	def __init__(self, **params: Any) -> None:
		self.params = params
		super().__init__(self.template.format(**params))

	def __reduce__(self):
		# Exceptions pickle their positional arguments; ours are keywords. Needed by worker processes.
		return _rebuild, (type(self), self.params)

	def as_dict(self) -> dict[str, Any]:
		"""JSON-able form: dates as ISO text, decimals as text."""
		return {
			"code": self.code,
			"rule": self.rule,
			"template": self.template,
			"params": {name: _plain(value) for name, value in self.params.items()},
			"message": str(self),
		}


def _rebuild(cls: type[RuleError], params: dict[str, Any]) -> RuleError:
	return cls(**params)


def _plain(value: Any) -> Any:
	if isinstance(value, (date, datetime)):
		return value.isoformat()
	if isinstance(value, Decimal):
		return str(value)
	return value


# ---------------------------------------------------------------- dates


class InvalidRange(RuleError):
	code = "invalid-range"
	rule = "R7"
	template = "The period ends on {end}, before it starts on {start}."


class InvalidMonth(RuleError):
	code = "invalid-month"
	rule = "R33"
	template = "{text} is not a month. Write it as 2026-09."


class OutsideCalendar(RuleError):
	code = "outside-calendar"
	rule = "R7"
	template = "No school year covers {day}. Create the school year first."


class PatternOnClosedDays(RuleError):
	code = "pattern-on-closed-days"
	rule = "R27"
	template = "The weekly pattern has no open day between {start} and {end}."


class InvalidPattern(RuleError):
	code = "invalid-pattern"
	rule = "R27"
	template = "The weekly pattern is not valid: {reason}."


class InvalidCycle(InvalidPattern):
	code = "invalid-cycle"
	template = "The weekly pattern is not valid: the weeks of the cycle are 1 to {length}."


# ---------------------------------------------------------------- booking


class InvalidDeadline(RuleError):
	code = "invalid-deadline"
	rule = "R27"
	template = "The booking rule is not valid: {reason}."


# ---------------------------------------------------------------- quotient familial


class MissingQuotient(RuleError):
	code = "missing-quotient"
	rule = "R14"
	template = "No quotient familial is recorded for {day}. Enter it, or 9999 if it is unknown."


class InvalidQuotient(RuleError):
	code = "invalid-quotient"
	rule = "R14"
	template = "{value} is not a quotient familial: it must be zero or more."


# ---------------------------------------------------------------- tariffs


class NoTariff(RuleError):
	code = "no-tariff"
	rule = "R26"
	template = "No tariff of {activity} (category {category}, site {site}) is valid on {day}."


class AmbiguousTariff(RuleError):
	code = "ambiguous-tariff"
	rule = "R26"
	template = "The tariffs {first} and {second} both apply on {day}. Close one of them."


class DuplicateTariff(RuleError):
	code = "duplicate-tariff"
	rule = "R26"
	template = "The tariff {tariff} is given twice."


class BandGap(RuleError):
	code = "band-gap"
	rule = "R26"
	template = "The tariff {tariff} has no band for a quotient from {start} to {end}."


class OverlappingBands(RuleError):
	code = "overlapping-bands"
	rule = "R26"
	template = "In the tariff {tariff}, two bands hold the quotient {quotient}."


class IncompleteTariff(RuleError):
	code = "incomplete-tariff"
	rule = "R26"
	template = "The tariff {tariff} lacks {field}."


class InvalidTariff(RuleError):
	code = "invalid-tariff"
	rule = "R26"
	template = "The tariff {tariff} is not valid: {reason}."


class EmptyBand(InvalidTariff):
	code = "empty-band"
	template = "The tariff {tariff} is not valid: the band from {start} ends at {end}."


class RepeatedCombination(InvalidTariff):
	code = "repeated-combination"
	template = "The tariff {tariff} is not valid: {units} is given twice."


class NegativePrice(RuleError):
	code = "negative-price"
	rule = "R26"
	template = "In the tariff {tariff}, {field} is negative."


class NoFullPrice(RuleError):
	code = "no-full-price"
	rule = "R14"
	template = "The tariff {tariff} has no ceiling, so there is no full price for an unknown quotient."


class NoCombination(RuleError):
	code = "no-combination"
	rule = "R26"
	template = "The tariff {tariff} has no price for {units}."


class MissingDuration(RuleError):
	code = "missing-duration"
	rule = "R10"
	template = "The tariff {tariff} needs the duration of the attendance on {day}."


class ScriptsNotAllowed(RuleError):
	code = "scripts-not-allowed"
	rule = "R26"
	template = "The tariff {tariff} is computed by a script, and this site does not allow scripts."


class ScriptFailed(RuleError):
	code = "script-failed"
	rule = "R26"
	template = "The script of the tariff {tariff} gives no price ({detail})."


class ScriptRefused(RuleError):
	code = "script-refused"
	rule = "R26"
	template = "The script of the tariff {tariff} refuses: {detail}."


# ---------------------------------------------------------------- nurseries


class MissingResources(RuleError):
	code = "missing-resources"
	rule = "R36"
	template = "The yearly resources of the family are not known on {day}."


class NoRate(RuleError):
	code = "no-rate"
	rule = "R36"
	template = "No effort rate is recorded for {day} and {children} children."


class NoBounds(RuleError):
	code = "no-bounds"
	rule = "R36"
	template = "No floor and ceiling of resources are recorded for {day}."


class InvalidHours(RuleError):
	code = "invalid-hours"
	rule = "R36"
	template = "The hours are not valid: {reason}."


class BackwardHours(InvalidHours):
	code = "backward-hours"
	template = "The hours are not valid: {start} – {end} ends before it starts."


# ---------------------------------------------------------------- payers and custody


class NoPayer(RuleError):
	code = "no-payer"
	rule = "R22"
	template = "No payer is named for the enrolment {enrolment} on {day}."


class InvalidShares(RuleError):
	code = "invalid-shares"
	rule = "R19"
	template = "The shares of the payers of the enrolment {enrolment} are not valid on {day}."


class CustodyGap(RuleError):
	code = "custody-gap"
	rule = "R19"
	template = "The custody calendar names nobody from {start} to {end}."


class CustodyOverlap(RuleError):
	code = "custody-overlap"
	rule = "R19"
	template = "The custody calendar names both {first} and {second} on {day}."


# ---------------------------------------------------------------- charges


class UnknownActivity(RuleError):
	code = "unknown-activity"
	rule = "R5"
	template = "The activity {activity} has no billing rule."


class NegativeQuantity(RuleError):
	code = "negative-quantity"
	rule = "R30"
	template = "The quantity or the duration of the attendance on {day} is negative."


class DuplicateFact(RuleError):
	code = "duplicate-fact"
	rule = "R30"
	template = "The attendance {key} of {day} is given twice."


# ---------------------------------------------------------------- fundings and vouchers


class InvalidFunding(RuleError):
	code = "invalid-funding"
	rule = "R29"
	template = "The funding {funding} is not valid: {reason}."


class FundingWithoutAmount(InvalidFunding):
	code = "funding-without-amount"
	template = "The funding {funding} names no amount."


class PercentageTooHigh(InvalidFunding):
	code = "percentage-too-high"
	template = "The funding {funding} takes {percent} % in charge: more than the whole price."


class FundingsBeyondPrice(InvalidFunding):
	code = "fundings-beyond-price"
	template = (
		"The fundings {first} and {second} both hold from {start} and take {percent} % in charge together:"
		" more than the whole price."
	)


class FundingNeedsDuration(RuleError):
	code = "funding-needs-duration"
	rule = "R29"
	template = (
		"The funding {funding} pays by the hour, and the length of the attendance on {day} is not known."
	)


class VoucherOverQuota(RuleError):
	code = "voucher-over-quota"
	rule = "R21"
	template = "The voucher {voucher} has a quota of {quota}, and {used} are used already."


# ---------------------------------------------------------------- payments


class NotDue(RuleError):
	code = "not-due"
	rule = "R42"
	template = "Nothing is due on {debt}."


class MoreThanDue(RuleError):
	code = "more-than-due"
	rule = "R42"
	template = "{amount} is more than what is due on {debt}: {due}."


class MoreThanPaid(RuleError):
	code = "more-than-paid"
	rule = "R42"
	template = "{amount} is more than what is left to allocate: {left}."


# ---------------------------------------------------------------- corrections of invoices


class NothingToCredit(RuleError):
	code = "nothing-to-credit"
	rule = "R34"
	template = "Nothing is left to credit in what you have chosen."


class CreditOverLeft(RuleError):
	code = "credit-over-left"
	rule = "R34"
	template = "{amount} € is more than what is left to credit: {left} €."
