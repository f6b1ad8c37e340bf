"""Who may not collect a child, for every form that shows the child (R22)."""

from __future__ import annotations

from typing import Any

import frappe


def contacts_of(person: str) -> list[dict[str, Any]]:
	"""Forbidden contacts of the families in which ``person`` is a child, and families that forbid ``person``."""
	# Whoever may read the person has to know this, whichever dossier it comes from.
	memberships = frappe.get_all(
		"Family Member",
		filters={"person": person, "parenttype": "Family"},
		fields=["parent", "role", "forbidden"],
	)
	as_child = [row.parent for row in memberships if row.role == "Child"]
	rows = frappe.get_all(
		"Family Member",
		filters={"parent": ("in", as_child), "parenttype": "Family", "forbidden": 1},
		fields=["parent as family", "person", "full_name", "relation"],
		order_by="full_name asc",
	)
	forbidding = [row.parent for row in memberships if row.forbidden]
	families = frappe.get_all(
		"Family", filters={"name": ("in", forbidding)}, fields=["name as family", "family_name"]
	)
	return [*rows, *({**row, "is_this": True} for row in families)]
