"""What goes into charging, and what comes out: the plain records that ``charges`` works on (R5).

Nothing here decides anything but ``is_billed``, the table of R30.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from enum import Enum

from .money import decimal
from .psu import Household
from .quotient import QuotientHistory
from .ranges import DateMap, month_of
from .situation import Explanation, Hours, LateCount
from .tariffs import SiblingScope, TariffBook, Use


class AttendanceStatus(str, Enum):
	PLANNED = "planned"
	PRESENT = "present"
	ABSENT = "absent"  # A: not justified
	JUSTIFIED = "justified"  # AJ
	CANCELLED = "cancelled"


class BillingRule(str, Enum):
	PLANNED_UNLESS_JUSTIFIED = "planned_unless_justified"  # canteen (R30): enrolment + forecast = billed
	PRESENT = "present"  # garderie: only who came
	FLAT_PER_PERIOD = "flat_per_period"  # once a period, if anything in it is not justified or cancelled
	HOURS = "hours"  # nurseries: booked or done hours
	NONE = "none"  # listed only (R28)


_DUE = frozenset((AttendanceStatus.PLANNED, AttendanceStatus.PRESENT, AttendanceStatus.ABSENT))
BILLED: dict[BillingRule, frozenset[AttendanceStatus]] = {
	BillingRule.PLANNED_UNLESS_JUSTIFIED: _DUE,
	BillingRule.PRESENT: frozenset((AttendanceStatus.PRESENT,)),
	BillingRule.FLAT_PER_PERIOD: _DUE,
	BillingRule.HOURS: _DUE,
	BillingRule.NONE: frozenset(),
}


def is_billed(rule: BillingRule, status: AttendanceStatus) -> bool:
	"""Whether an attendance of that status is billed under that rule (R30)."""
	return status in BILLED[rule]


# ---------------------------------------------------------------- what goes in


@dataclass(frozen=True, slots=True)
class Fact:
	"""One attendance: an enrolment on a day for a unit. ``key`` identifies it for ever.

	``quantity`` counts units; ``minutes`` is the length to bill, where the tariff needs one, and
	``assumed_minutes`` what it would be if times that nobody noted were those of the service. ``hours`` is a
	month of a nursery contract. ``use`` is what is priced: a late pick-up is a fact of its own.
	``full_price`` says why the top of the scale is paid whatever the QF; ``late`` which late pick-up it is.
	"""

	key: Hashable
	enrolment: str
	person: str
	family: str
	activity: str
	site: str | None
	category: str | None
	unit: str | None
	day: date
	status: AttendanceStatus
	quantity: Decimal = Decimal(1)
	minutes: int | None = None
	booked: bool = True
	assumed_minutes: int | None = None
	hours: Hours | None = None
	use: Use = Use.NORMAL
	full_price: str | None = None
	late: LateCount | None = None


@dataclass(frozen=True, slots=True)
class PayerShare:
	"""A payer and the weight of their share (50 and 50; 1 alone)."""

	payer: str
	share: Decimal = Decimal(1)

	def __post_init__(self) -> None:
		if type(self.share) is not Decimal:
			object.__setattr__(self, "share", decimal(self.share))
		if self.share < 0:
			raise ValueError("a share is zero or more")


@dataclass(frozen=True, slots=True)
class ActivityTerms:
	"""What is billed for an activity, and under which accounting code."""

	rule: BillingRule
	imputation: str | None = None

	def __post_init__(self) -> None:
		object.__setattr__(self, "rule", BillingRule(self.rule))


@dataclass(frozen=True, slots=True)
class Profile:
	"""What prices may depend on besides the QF: rank among the siblings, residence, resources (PSU), age.

	``sibling_rank`` is that among those enrolled in the same activity; the two others are the same where they
	are not given. ``full_price`` as in Fact, for all that the family uses.
	"""

	sibling_rank: int = 1
	resident: bool = True
	household: Household | None = None
	rank_anywhere: int | None = None
	rank_in_family: int | None = None
	birth: date | None = None
	full_price: str | None = None

	def rank(self, scope: SiblingScope) -> int:
		"""1 for the eldest among those who count for the tariff."""
		found = None
		if scope is SiblingScope.ANY_ACTIVITY:
			found = self.rank_anywhere
		elif scope is SiblingScope.FAMILY:
			found = self.rank_in_family
		return self.sibling_rank if found is None else found


@dataclass(frozen=True)
class Context:
	"""All that ``derive`` looks up, fetched beforehand by the caller.

	``quotients`` by family; ``payers`` by enrolment, as a map from days to shares (so that custody and
	changes of placement in mid-week are followed day by day); ``activities`` by activity; ``profiles`` by
	enrolment, one Profile or a DateMap of them (default: first child, resident).
	"""

	tariffs: TariffBook
	quotients: Mapping[str, QuotientHistory]
	payers: Mapping[str, DateMap[tuple[PayerShare, ...]]]
	activities: Mapping[str, ActivityTerms]
	profiles: Mapping[str, Profile | DateMap[Profile]] = field(default_factory=dict)


# ---------------------------------------------------------------- what comes out


@dataclass(frozen=True, slots=True)
class ChargeLine:
	"""What one fact costs one payer. Amounts in euros; ``key`` is (fact key, payer).

	``amount`` is this payer's part. ``share`` is their part in percent, for display, None if they pay all.
	A reversal has negative quantity and amount, and names the charge it reverses. ``strict`` is for credits
	that may only offset lines of the same imputation (R34).
	``days`` are all days of a charge that stands for several, ``minutes`` their length if it is known.
	``funding`` or ``voucher``: the line is what that source takes off the payer's part, or its own part (R29).
	``adjustment``: somebody made the entry by hand, for this record; it is a line of its own, and whether it is
	strict was decided with it.
	"""

	key: tuple[Hashable, str]
	family: str
	person: str
	payer: str
	enrolment: str
	activity: str
	site: str | None
	category: str | None
	unit: str | None
	day: date
	quantity: Decimal
	unit_price: Decimal
	amount: Decimal
	tariff: str | None
	quotient: str | None
	quotient_value: Decimal | None
	imputation: str | None
	explanation: Explanation
	share: Decimal | None = None
	regularisation: bool = False
	origin_month: str | None = None
	reversal_of: Hashable | None = None
	strict: bool = False
	days: tuple[date, ...] = ()
	minutes: int | None = None
	funding: str | None = None
	voucher: str | None = None
	adjustment: str | None = None

	def reverse(self, charge_id: Hashable) -> ChargeLine:
		"""The opposite entry, a régularisation of this charge's month. ``charge_id`` is its record."""
		return replace(
			self,
			quantity=-self.quantity,
			amount=-self.amount,
			regularisation=True,
			origin_month=month_of(self.day),
			reversal_of=charge_id,
		)
