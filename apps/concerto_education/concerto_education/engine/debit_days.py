"""The admissible days of direct debit (R33): the 6th, 10th or 15th of the second month after the one that is billed."""

from __future__ import annotations

from calendar import monthrange
from datetime import date

DEFAULT = (6, 10, 15)


def parse(text: str | None) -> tuple[int, ...]:
	"""« 6, 10, 15 » as days; the default where nothing is written. Raises ValueError for what is no day of a month."""
	words = (text or "").replace(";", ",").replace("-", ",").split(",")
	days = sorted({int(word) for word in words if word.strip()})
	if any(not 1 <= day <= 31 for day in days):
		raise ValueError(text)
	return tuple(days) or DEFAULT


def days_of(month: date, text: str | None = None) -> list[date]:
	"""The admissible dates for a month that is billed; a day that its month doesn't have is its last one."""
	number = month.year * 12 + month.month - 1 + 2
	year, index = divmod(number, 12)
	last = monthrange(year, index + 1)[1]
	return sorted({date(year, index + 1, min(day, last)) for day in parse(text)})
