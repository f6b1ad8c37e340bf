"""Tables that leave the system as CSV or XLSX, and are opened in a spreadsheet.

A text that begins like a formula is written so that no spreadsheet runs it: names come from people.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import frappe

DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n")


def safe(value: Any) -> Any:
	"""The value as a cell: numbers and dates as they are, a text that would be a formula behind an apostrophe."""
	if value is None:
		return ""
	if isinstance(value, (int, float, Decimal, date, datetime)):
		return value
	text = str(value)
	return f"'{text}" if text.startswith(DANGEROUS) else text


def csv_bytes(rows: Iterable[Sequence[Any]]) -> bytes:
	"""As French spreadsheets open it: semicolons, and the mark that says it is UTF-8."""
	out = io.StringIO(newline="")
	writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
	writer.writerows([_french(safe(cell)) for cell in row] for row in rows)
	return out.getvalue().encode("utf-8-sig")


def _french(value: Any) -> Any:
	if isinstance(value, datetime):
		return f"{value:%d/%m/%Y %H:%M}"
	return f"{value:%d/%m/%Y}" if isinstance(value, date) else value


def xlsx_bytes(rows: Iterable[Sequence[Any]], title: str) -> bytes:
	"""One sheet, its first row in bold and always visible."""
	# Imported here: it loads slowly, and only exports need it.
	from openpyxl import Workbook
	from openpyxl.styles import Font

	book = Workbook()
	sheet = book.active
	sheet.title = "".join(" " if c in r"[]:*?/\'" else c for c in title)[:31] or "1"
	widths: dict[int, int] = {}
	for row in rows:
		cells = [safe(cell) for cell in row]
		sheet.append(cells)
		for place, cell in enumerate(cells):
			widths[place] = min(60, max(widths.get(place, 0), len(str(_french(cell))) + 2))
	for place, width in widths.items():
		sheet.column_dimensions[sheet.cell(1, place + 1).column_letter].width = width
	for cell in sheet[1]:
		cell.font = Font(bold=True)
	sheet.freeze_panes = "A2"
	out = io.BytesIO()
	book.save(out)
	return out.getvalue()


def respond(content: bytes, file_name: str) -> None:
	"""Make a file the answer of the request."""
	frappe.local.response.filename = file_name
	frappe.local.response.filecontent = content
	frappe.local.response.type = "download"
