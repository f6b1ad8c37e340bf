"""How old a debt is, and which reminder is due (R42)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

# Upper ends in days after the due date; the last one is open.
BUCKETS = (30, 60, 90)


def bucket(due: date, today: date) -> int | None:
	"""Place of a debt among 0–30, 31–60, 61–90 and over 90 days late; None while it is not due yet.

	On its due date a debt is still in time.

	>>> [bucket(date(2026, 9, 1), date(2026, 9, day)) for day in (1, 2, 30)]
	[None, 0, 0]
	>>> [bucket(date(2026, 9, 1), day) for day in (date(2026, 10, 1), date(2026, 10, 2), date(2026, 12, 1))]
	[0, 1, 3]
	"""
	late = (today - due).days
	if late <= 0:
		return None
	return next((place for place, end in enumerate(BUCKETS) if late <= end), len(BUCKETS))


@dataclass(frozen=True, slots=True)
class Step:
	"""A level of reminders: ``days`` after the due date (the first) or after the reminder before."""

	level: int
	days: int


@dataclass(frozen=True, slots=True)
class History:
	"""What was sent for an invoice so far."""

	level: int = 0
	sent_on: date | None = None


def next_level(due: date, history: History, steps: Sequence[Step], today: date) -> int | None:
	"""The level to send today, or None: not yet, or all levels were sent.

	Levels are never skipped: a family that was not reminded yet gets the first letter, however late it is.
	"""
	step = next((step for step in sorted(steps, key=lambda s: s.level) if step.level > history.level), None)
	if step is None:
		return None
	since = history.sent_on if history.level and history.sent_on else due
	return step.level if today > since + timedelta(days=step.days) else None
