"""What a dossier needs: required of everybody by the type, or of a child by an activity (R7).

Rooms above this one add theirs by the hook ``concerto_requirements``: functions of (families, day) that return
``Need``s. So activities ask for what they need, and this room knows nothing of activities.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import frappe

HOOK = "concerto_requirements"
DOCUMENT = "Document Type"
AUTHORISATION = "Authorisation Type"


@dataclass(frozen=True, slots=True)
class Need:
	"""A document or an authorisation that this child needs, because of an activity."""

	family: str
	person: str
	doctype: str
	required: str
	activity: str
	site: str
	blocking: bool = False


def of_activities(families: Iterable[str], day: date) -> list[Need]:
	families = list(families)
	return [need for path in frappe.get_hooks(HOOK) for need in frappe.get_attr(path)(families, day)]
