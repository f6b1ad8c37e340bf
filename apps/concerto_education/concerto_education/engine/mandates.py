"""SEPA mandates: the states they may take, their reference, and when they lapse (R20). Pure rules."""

from __future__ import annotations

import re
from datetime import date

AWAITING = "Awaiting Signature"
ACTIVE = "Active"
SUSPENDED = "Suspended"
REVOKED = "Revoked"
EXPIRED = "Expired"

# From each state, where a person may take the mandate. Expired is what time does; nothing leads out of the last two.
TRANSITIONS: dict[str, frozenset[str]] = {
	AWAITING: frozenset({ACTIVE, REVOKED}),
	ACTIVE: frozenset({SUSPENDED, REVOKED}),
	SUSPENDED: frozenset({ACTIVE, REVOKED}),
	REVOKED: frozenset(),
	EXPIRED: frozenset(),
}
# A payer has at most one of these.
OPEN = frozenset({AWAITING, ACTIVE, SUSPENDED})
ENDED = frozenset({REVOKED, EXPIRED})

# The rulebook: a mandate for which no collection is presented for 36 months is cancelled.
MONTHS_UNUSED = 36

REFERENCE_LENGTH = 35
# What a reference may hold in every bank's system: narrower than the rulebook, which knows more punctuation.
_REFERENCE = re.compile(r"[A-Z0-9](?:[A-Z0-9-]{0,33}[A-Z0-9])?")
_PREFIX_LENGTH = 12


def may_become(before: str, after: str) -> bool:
	return after in TRANSITIONS.get(before, frozenset())


def is_reference(text: str) -> bool:
	return bool(_REFERENCE.fullmatch(text))


def reference(prefix: str, payer: str, number: int) -> str:
	"""``CCVA-PAY000123-01``: who collects, from whom, and the how-manieth mandate of that payer.

	Anything that a bank may stumble over is left out of both; two payers stay two because their digits do.
	"""
	if number < 1:
		raise ValueError("mandates of a payer are counted from 1")
	head = _clean(prefix)[:_PREFIX_LENGTH]
	tail = f"{number:02d}"
	room = REFERENCE_LENGTH - len(tail) - 1 - (len(head) + 1 if head else 0)
	# The end of a payer's name is what differs.
	body = _clean(payer)[-room:]
	return "-".join(part for part in (head, body, tail) if part)


def _clean(text: str) -> str:
	return re.sub(r"[^A-Z0-9]", "", text.upper())


def lapses_on(signed: date | None, last_debited: date | None) -> date | None:
	"""The first day on which the mandate no longer holds; None while it isn't signed."""
	since = max((day for day in (signed, last_debited) if day), default=None)
	if since is None:
		return None
	months = since.month - 1 + MONTHS_UNUSED
	year, month = since.year + months // 12, months % 12 + 1
	# 29 February three years on: the day after the last of that month.
	return date(year, month, since.day) if _exists(year, month, since.day) else date(year, month + 1, 1)


def _exists(year: int, month: int, day: int) -> bool:
	try:
		date(year, month, day)
	except ValueError:
		return False
	return True


def holds(state: str, signed: date | None, last_debited: date | None, day: date) -> bool:
	"""Whether a mandate may be debited on ``day``: active, signed by then, and used within 36 months."""
	if state != ACTIVE or signed is None or signed > day:
		return False
	lapse = lapses_on(signed, last_debited)
	return lapse is None or day < lapse


def masked(iban: str) -> str:
	"""``FR76 •••• 0185``: enough to tell two accounts apart, not enough to debit one."""
	text = re.sub(r"\s", "", iban or "")
	return f"{text[:4]} •••• {text[-4:]}" if len(text) > 8 else ""
