"""Lists that leave as files: their rows, their names, and the record of who took them (R43)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import frappe
from frappe import _
from frappe.utils import formatdate, now_datetime

from concerto_education.attendance.lists.build import DayList, Wanted
from concerto_education.authority import headers


def record(
	what: str, file_format: str, site: str, activity: str, day: date, persons: int, wanted: Wanted
) -> None:
	"""Who, what, when. In the transaction of the request: no trace, no file."""
	frappe.get_doc(
		{
			"doctype": "List Export",
			"what": what,
			"file_format": file_format,
			"site": site,
			"activity": activity,
			"list_date": day,
			"user": frappe.session.user,
			"exported_at": now_datetime(),
			"persons": persons,
			"with_health": int(wanted.health),
			"with_contacts": int(wanted.contacts),
		}
	).insert(ignore_permissions=True)  # the trace of an export is written by the export, by nobody else


def file_name(what: str, site: str, day: date, ending: str) -> str:
	return headers.file_name(_(what), site, f"{day:%Y-%m-%d}", ending=ending)


def day_rows(made: DayList, wanted: Wanted, stops: list[dict] | None = None) -> list[list[Any]]:
	"""One row for each child; the columns that were asked for and allowed."""
	head = ["N°", _("Name"), _("First Name"), _("Class"), _("Age"), _("Category"), _("Status")]
	if stops is not None:
		head = [_("Stop"), _("Time"), *head]
	if wanted.health:
		head += [_("To know"), _("Forbidden contacts")]
	if wanted.contacts:
		head.append(_("To call"))
	if wanted.authorisations:
		head.append(_("Authorisations"))
	rows: list[list[Any]] = [head]
	if stops is None:
		rows += [_day_row(row, wanted) for row in made.rows]
	else:
		rows += [
			[stop["stop"], stop["time"], *_day_row(row, wanted)] for stop in stops for row in stop["rows"]
		]
	return rows


def _day_row(row: dict, wanted: Wanted) -> list[Any]:
	cells = [
		row["number"],
		row["last_name"],
		row["first_name"],
		row["class"],
		row["age"],
		row["category"],
		_(row.get("status")),
	]
	if wanted.health:
		cells += [texts(row["marks"]), " ; ".join(row["forbidden"])]
	if wanted.contacts:
		cells.append(" ; ".join(contact_text(contact) for contact in row["contacts"]))
	if wanted.authorisations:
		cells.append(" ; ".join(row["authorisations"]))
	return cells


def week_rows(found: dict) -> list[list[Any]]:
	head = ["N°", _("Name"), _("First Name"), _("Class"), *(formatdate(day) for day in found["days"])]
	return [
		head,
		*(
			[
				row["number"],
				row["last_name"],
				row["first_name"],
				row["class"],
				*(_(status) if status else "" for status in row["days"]),
			]
			for row in found["rows"]
		),
	]


def texts(marks: Iterable[dict]) -> str:
	return " ; ".join(mark["text"] for mark in marks)


def contact_text(contact: dict) -> str:
	"""“DURAND Claire (mère) 06 12 34 56 78”."""
	return f"{contact['name']} ({contact['relation']}) {', '.join(contact['phones'])}".strip()
