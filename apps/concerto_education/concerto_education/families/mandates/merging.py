"""Two payers become one, and a payer has one mandate: which pairs of payers stand in the way of a merge (R12, R20)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import frappe

from concerto_education.engine import mandates as engine


def same_payers(kept: str, dropped: str) -> list[tuple[str, str]]:
	"""Payers of two dossiers that stand for one person or organisation."""
	ours, theirs = (
		{
			(row.payer_kind, row.person or row.organisation): row.name
			for row in frappe.get_all(  # rules of a merge look at the whole dossier
				"Payer",
				filters={"family": family, "merged_into": ("is", "not set")},
				fields=["name", "payer_kind", "person", "organisation"],
			)
		}
		for family in (kept, dropped)
	)
	return [(ours[who], theirs[who]) for who in ours if who in theirs]


def both_open(pairs: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str, str]]:
	"""Of pairs of payers: (mandate, its reference, the other one's reference) where both have one that isn't ended."""
	pairs = list(pairs)
	if not pairs:
		return
	rows = frappe.get_all(  # as above
		"Mandate",
		filters={
			"payer": ("in", [payer for pair in pairs for payer in pair]),
			"state": ("in", sorted(engine.OPEN)),
		},
		fields=["name", "payer", "rum"],
	)
	found = {row.payer: row for row in rows}
	for kept, dropped in pairs:
		if kept in found and dropped in found:
			yield found[dropped].name, found[kept].rum, found[dropped].rum
