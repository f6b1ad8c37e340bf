"""Dossiers that were there before: the one note of a dossier becomes a record that each user acknowledges (R17)."""

import frappe

from concerto_education.families.notes import service
from concerto_education.families.placement import letters


def execute() -> None:
	letters.seed()
	# The columns stay in the table after their fields have left the form.
	if "opening_note" not in frappe.db.get_table_columns("Family"):
		return
	Family = frappe.qb.DocType("Family")
	rows = (
		frappe.qb.from_(Family)
		.select(Family.name, Family.opening_note, Family.show_opening_note)
		.where(Family.opening_note.isnotnull() & (Family.opening_note != ""))
	).run(as_dict=True)
	for row in rows:
		if frappe.db.exists(service.NOTE, {"family": row.name, "note": row.opening_note.strip()}):
			continue
		note = service.add(row.name, row.opening_note)
		if not row.show_opening_note:
			note.db_set("active", 0)
