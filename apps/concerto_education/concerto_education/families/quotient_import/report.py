"""What was done with each line, and an empty list to fill, as CSV files that a spreadsheet opens."""

from __future__ import annotations

import csv
import io

import frappe
from frappe import _
from frappe.utils import formatdate

from concerto_education.families.quotient_import import service

# A cell that begins so would be a formula in a spreadsheet.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_csv(rows) -> bytes:
	"""UTF-8 with a mark and semicolons: what French spreadsheets open by a double click."""
	out = io.StringIO(newline="")
	writer = csv.writer(out, delimiter=";")
	writer.writerows([[_cell(value) for value in row] for row in rows])
	return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8")


def _cell(value) -> str:
	text = "" if value is None else str(value)
	return f"'{text}" if text.startswith(_FORMULA) else text


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
	return as_csv([heading, *([_shown(row, field) for field in fields] for row in rows)])


def _shown(row, field: str):
	value = row[field]
	if field in ("valid_from", "valid_to"):
		return formatdate(value) if value else ""
	return _(value) if field in ("status", "source") and value else value


def template() -> bytes:
	"""Headings that are understood, and two lines of nobody."""
	return as_csv(
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
