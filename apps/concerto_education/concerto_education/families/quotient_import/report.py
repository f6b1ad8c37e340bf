"""What was done with each line, and an empty list to fill, as CSV files that a spreadsheet opens."""

from __future__ import annotations

import frappe
from frappe import _

from concerto_education.authority.tables import csv_bytes
from concerto_education.families.quotient_import import service


def lines_of(name: str) -> bytes:
	"""The report of an import: every line of the file, what was found, and the quotient that was added."""
	fields = [
		"line",
		"status",
		"family",
		"family_label",
		"value",
		"source",
		"valid_from",
		"valid_to",
		"message",
		"quotient",
		"beneficiary_number",
		"last_name",
		"first_name",
		"birth_date",
	]
	# The caller has checked the import.
	rows = frappe.get_all(service.LINE, filters={"quotient_import": name}, fields=fields, order_by="line asc")
	meta = frappe.get_meta(service.LINE)
	heading = [_(meta.get_label(field)) for field in fields]
	return csv_bytes([heading, *([_shown(row, field) for field in fields] for row in rows)])


def _shown(row, field: str):
	return _(row[field]) if field in ("status", "source") and row[field] else row[field]


def template() -> bytes:
	"""Headings that are understood, and two lines of nobody."""
	return csv_bytes(
		[
			(
				"N° allocataire",
				"Nom",
				"Prénom",
				"Date de naissance",
				"QF",
				"Date de début",
				"Date de fin",
				"Régime",
			),
			(
				"0123456",
				"DURAND-EXEMPLE",
				"Camille",
				"14/03/1988",
				"642,50",
				"01/01/2027",
				"31/08/2027",
				"CAF",
			),
			("", "MARTIN-EXEMPLE", "Dominique", "02/07/1985", "1105", "01/2027", "", "MSA"),
		]
	)
