"""What persons may eat, of their health record: one question for many at once (R23).

No right is asked here: the caller has settled who gets to see it, and in which form.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from concerto_education.families.health.service import meal_needs


@dataclass(frozen=True, slots=True)
class Need:
	"""``diet`` is empty for the ordinary menu; ``leave_out`` is what an individual plate must not contain."""

	diet: str = ""
	own_meal: bool = False
	leave_out: tuple[str, ...] = ()
	has_pai: bool = False

	@property
	def is_individual(self) -> bool:
		"""Made one by one. Also for an allergy without a PAI: a plate that harms is no matter of papers."""
		return bool(self.leave_out) or self.has_pai


NOTHING = Need()


def needs(persons: Iterable[str], day: date) -> dict[str, Need]:
	"""Needs by person; whoever eats the ordinary menu is not in it."""
	return {
		person: Need(
			diet=found["diet"],
			own_meal=bool(found["own_meal"]),
			leave_out=tuple(found["allergies"]),
			has_pai=bool(found["plated"]),
		)
		for person, found in meal_needs(persons, day).items()
	}
