"""Who lives on the territory of the authority: the town of the dossier is one of its towns (R15).

A dossier without a town has the authority's own address (R17), so it is from inside. With no town in the settings
nobody is from outside.
"""

from __future__ import annotations

from collections.abc import Iterable

import frappe

from concerto_education.families.names import without_accents


def residents(families: Iterable[str]) -> dict[str, bool]:
	"""By family, whether it lives on the territory. Two queries."""
	names = list(families)
	inside = _towns()
	# For prices: whoever triggers the calculation.
	rows = frappe.get_all("Family", filters={"name": ("in", names)}, fields=["name", "town", "former_town"])
	return {
		row.name: not inside or not row.town or _key(row.town) in inside or _key(row.former_town) in inside
		for row in rows
	}


def is_resident(family: str) -> bool:
	return residents([family]).get(family, True)


def _towns() -> set[str]:
	settings = frappe.get_cached_doc("Authority Settings")
	return {_key(name) for row in settings.towns for name in (row.town, row.former_town) if name}


def _key(town: str | None) -> str:
	"""« Val-de-Brissonnay » and « VAL DE BRISSONNAY » are one town, « St Vérin » and « Saint-Vérin » too."""
	words = (
		"".join(char if char.isalnum() else " " for char in without_accents(town or "")).casefold().split()
	)
	return " ".join({"st": "saint", "ste": "sainte"}.get(word, word) for word in words)
