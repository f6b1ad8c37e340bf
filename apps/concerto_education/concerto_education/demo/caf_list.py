"""A list of the CAF as it arrives in January, with what is wrong in such lists, looked at and not yet added (R39)."""

from __future__ import annotations

import csv
import io

import frappe

from concerto_education.families.quotient_import import service

HEADINGS = ("N° allocataire", "Nom", "Prénom", "Date de naissance", "QF", "Date de début", "Date de fin")
SPAN = ("01/01/2027", "31/08/2027")
FILE_NAME = "cdap-janvier-2027.csv"


def make(scenarios: dict[str, str]) -> int:
	"""Attach the list and look at it. Returns its lines. A person applies it: so the demo shows how."""
	if frappe.db.exists(service.IMPORT, {"file_name": ("like", "cdap-janvier-2027%")}):
		return 0
	file = frappe.get_doc(
		{"doctype": "File", "file_name": FILE_NAME, "content": content(scenarios), "is_private": 1}
	).insert()
	doc = frappe.get_doc(
		{
			"doctype": service.IMPORT,
			"file": file.file_url,
			"valid_from": "2027-01-01",
			"valid_to": "2027-08-31",
		}
	).insert()
	service.preview(doc)
	return frappe.db.count(service.LINE, {"quotient_import": doc.name})


def content(scenarios: dict[str, str]) -> bytes:
	"""In Windows-1252, as the spreadsheets of the CAF's list are saved; one line came in another encoding."""
	rows = [
		_by_number(scenarios["married_couple"], "1024,50"),
		_by_number(scenarios["quotient_unknown"], "488"),
		_by_number(scenarios["quotient_zero"], "0"),
		_by_number(scenarios["four_siblings"], "338"),
		_by_person(scenarios["scheme_msa"], "512,30"),
		("9999001", "INCONNU-EXEMPLE", "Dominique", "03/05/1990", "700", *SPAN),
		(_number(scenarios["twins"]), "AUTRE-EXEMPLE", "Camille", "", "655", *SPAN),
		(_number(scenarios["accents_and_hyphens"]), "", "", "", "n.c.", *SPAN),
		(_number(scenarios["new_commune"]), "", "", "", "-12", *SPAN),
		(_number(scenarios["married_name"]), "", "", "", "731", "31/02/2027", ""),
	]
	out = io.StringIO(newline="")
	csv.writer(out, delimiter=";", lineterminator="\r\n").writerows([HEADINGS, *rows])
	return out.getvalue().encode("cp1252")


def _number(family: str) -> str:
	return frappe.db.get_value("Family", family, "beneficiary_number")


def _by_number(family: str, value: str) -> tuple:
	return (_number(family), "", "", "", value, *SPAN)


def _by_person(family: str, value: str) -> tuple:
	"""Without a number: the mother's name as the CAF writes it."""
	person = frappe.db.get_value(
		"Family Member", {"parent": family, "parenttype": "Family", "role": "Representative 1"}, "person"
	)
	last, first, born = frappe.db.get_value("Person", person, ["last_name", "first_name", "birth_date"])
	return ("", last, first.upper(), f"{born:%d/%m/%Y}", value, *SPAN)
