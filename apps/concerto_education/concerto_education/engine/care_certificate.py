"""The yearly tax certificate for care of children under six (R42; CGI art. 200 quater B).

What counts is what was **paid** in the calendar year for care outside the home, without meals, of children who were
under six on 1 January of that year.

An invoice mixes care and other services. Each amount that settles it pays care in the proportion in which the
invoice claims it, computed on the running total, so that the parts of a fully paid invoice sum to its care exactly.
A credit note that settles something takes its own care back in the same way.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from .money import ZERO, money

AGE = 6


def is_eligible(birth_date: date | None, year: int) -> bool:
	"""Whether a child was under six on 1 January of the year.

	Who turns six on that very day is six, not under six.

	>>> is_eligible(date(2020, 1, 1), 2026), is_eligible(date(2020, 1, 2), 2026)
	(False, True)
	"""
	return bool(birth_date) and birth_date > date(year - AGE, 1, 1) and birth_date <= date(year, 12, 31)


@dataclass(frozen=True, slots=True)
class Claim:
	"""What an invoice claims (or a credit note gives back, all amounts negative), and the care in it, by child."""

	id: Hashable
	total: Decimal
	care: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Settlement:
	"""Money that reached an invoice. ``credit_note`` is set where no money came: a credit was used."""

	claim: Hashable
	day: date
	amount: Decimal
	order: str = ""
	credit_note: Hashable | None = None


def paid_in(
	year: int, claims: Mapping[Hashable, Claim], settlements: Iterable[Settlement]
) -> dict[str, Decimal]:
	"""Care paid in the year, by child.

	``settlements`` are all that ever reached these claims, whatever the year: what was paid before decides which
	cents are this year's. Refunds of a credit note come as settlements without ``claim``.
	"""
	running: dict[Hashable, Decimal] = {}
	found: dict[str, Decimal] = {}
	for item in sorted(settlements, key=lambda s: (s.day, s.order, str(s.claim))):
		for key, amount in _touched(item):
			claim = claims.get(key)
			if claim is None or not claim.total:
				continue
			before = running.get(key, ZERO)
			running[key] = before + amount
			if item.day.year != year:
				continue
			for child, care in claim.care.items():
				part = _share(care, running[key], claim.total) - _share(care, before, claim.total)
				found[child] = found.get(child, ZERO) + part
	return {child: amount for child, amount in found.items() if amount}


def _touched(item: Settlement) -> list[tuple[Hashable, Decimal]]:
	touched = [(item.claim, item.amount)] if item.claim is not None else []
	if item.credit_note is not None:
		touched.append((item.credit_note, -item.amount))
	return touched


def _share(care: Decimal, settled: Decimal, total: Decimal) -> Decimal:
	return money(care * settled / total)
