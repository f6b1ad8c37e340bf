"""Marks of health on the lists of whoever receives the children: day sheet, tablet, paper (R23, R32)."""

from __future__ import annotations

from datetime import date
from typing import Any

from frappe import _

from concerto_education.families.health import access_log
from concerto_education.families.health.service import Marks, marks


def child_marks(persons: list[str], day: date) -> dict[str, list[dict[str, Any]]]:
	"""For the hook ``concerto_child_marks``; the caller has checked that its user receives these children.

	Allergies, PAI and diets; no doctor, no vaccination, no medicine. The reading is recorded.
	"""
	found = marks(persons, day)
	access_log.note(found, "List of Children")
	return {person: list(_shown(mark)) for person, mark in found.items()}


def _shown(mark: Marks):
	for one in mark.allergies:
		text = _("{0}: {1}").format(_(one.severity), one.label)
		yield {
			"kind": "allergy",
			"label": one.label,
			"text": f"{text}. {one.instructions}" if one.instructions else text,
			"severe": one.is_dangerous,
		}
	if mark.pai:
		text = _("PAI: follow the individual health plan")
		yield {
			"kind": "pai",
			"label": _("PAI"),
			"text": f"{text}. {mark.pai_instructions}" if mark.pai_instructions else text,
		}
	if mark.packed_lunch:
		yield {"kind": "basket", "label": _("Own meal"), "text": _("Brings the meal along (panier repas)")}
	for diet in mark.diets:
		yield {"kind": "diet", "label": diet, "text": _("Diet: {0}").format(diet)}
