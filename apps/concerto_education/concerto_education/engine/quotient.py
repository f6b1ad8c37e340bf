"""The quotient familial of a family through time (R14).

A QF is never overwritten: a new one is recorded with its dates, and *the QF of a day is the latest
recorded one whose span holds that day*. QF 0 is a value. 9999 means unknown: full price, and listed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from .errors import InvalidQuotient, MissingQuotient
from .money import decimal
from .ranges import DateMap, DateRange

UNKNOWN = Decimal(9999)


@dataclass(frozen=True, slots=True)
class Quotient:
	"""One recorded QF, in euros. ``recorded_at`` is anything sortable (creation time).

	Raises TypeError for a float, InvalidQuotient for a negative value.
	"""

	id: str
	value: Decimal
	span: DateRange
	recorded_at: Any
	source: str | None = None
	proof_missing: bool = False

	def __post_init__(self) -> None:
		object.__setattr__(self, "value", decimal(self.value))
		if self.value < 0:
			raise InvalidQuotient(value=self.value)

	@property
	def is_unknown(self) -> bool:
		return self.value == UNKNOWN


class QuotientHistory:
	"""All the QF of one family. Immutable; ``on`` is a bisection."""

	__slots__ = ("_map", "records")

	def __init__(self, records: Iterable[Quotient] = ()) -> None:
		# The id breaks ties, so that two QF recorded at the same moment always give the same answer.
		self.records = tuple(sorted(records, key=lambda record: (record.recorded_at, str(record.id))))
		self._map: DateMap[Quotient] = DateMap((record.span, record) for record in self.records)

	def on(self, day: date) -> Quotient:
		"""The QF in force on ``day``. Raises MissingQuotient, also when there is no QF at all."""
		found = self._map.get(day)
		if found is None:
			raise MissingQuotient(day=day)
		return found

	def as_map(self) -> DateMap[Quotient]:
		"""What holds when: for the timeline on the family's page."""
		return self._map

	def missing(self, within: DateRange):
		"""Days of ``within`` without a QF, or with an unknown one (coherence check, R7)."""
		known = DateMap((span, record) for span, record in self._map if not record.is_unknown)
		return known.gaps(within)
