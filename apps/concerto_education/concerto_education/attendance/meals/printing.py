"""The order as a page for the wall of the kitchen, and as a table (R41)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import frappe
from frappe import _
from frappe.utils import format_datetime, formatdate, now_datetime

from concerto_education.attendance.meals import board
from concerto_education.attendance.meals.services import Service
from concerto_education.authority import headers, tables
from concerto_education.authority.boot import appearance
from concerto_education.authority.pdf import in_french, render

DAY_PAGE = "concerto_education/attendance/meals/day.html"
WEEK_PAGE = "concerto_education/attendance/meals/week.html"


def file_name(kitchen: str, day: date, kind: str = "pdf") -> str:
	return headers.file_name("repas", kitchen, f"{day:%Y-%m-%d}", ending=kind)


def day_pdf(one: Service, day: date) -> bytes:
	"""One page: the sites one below the other, the sum of the kitchen, the individual plates."""
	with in_french():
		data = board.day_board(one, day)
		body = frappe.render_template(DAY_PAGE, {**_head(one, data["ordered"]), "board": _day(data)})
		return render([body], _("Meal Order"))


def week_pdf(one: Service, day: date) -> bytes:
	"""One page: what is ordered for each day of the week, and what is expected where nothing is ordered yet."""
	with in_french():
		boards = board.week_board(one, day)
		body = frappe.render_template(
			WEEK_PAGE,
			{
				**_head(one, all(data["ordered"] for data in boards)),
				"days": [_day(data) for data in boards],
				"blocks": list(_week_blocks(boards)),
				"title": _("Week of {0}").format(formatdate(boards[0]["day"])),
			},
		)
		return render([body], _("Meal Orders of the Week"))


def _head(one: Service, ordered: bool) -> dict:
	look = appearance()
	return {
		"kitchen": one.kitchen,
		"authority": look["authority_name"],
		"colour": look["accent_colour"],
		"printed_at": format_datetime(now_datetime(), "dd/MM/yyyy HH:mm"),
		"ordered": ordered,
	}


def long_date(day: date) -> str:
	"""“mardi 24 novembre 2026”."""
	return formatdate(day, "EEEE d MMMM yyyy")


def _day(data: dict) -> dict:
	columns = _columns(data["sites"])
	return {
		**data,
		"long_date": long_date(data["day"]),
		"short_date": formatdate(data["day"], "EEE d MMM"),
		"columns": columns,
		"sites": [_site(entry, columns) for entry in data["sites"]],
		"sum": _block(data["rows"], columns),
		"individual": [
			{"site": entry["site"], **plate} for entry in data["sites"] for plate in entry["individual"]
		],
	}


def _columns(entries: Iterable[dict]) -> list[str]:
	"""Names of the menus to cook: the ordinary one first, individual plates last."""
	found = {
		(row["diet"] != "", row["diet"] == board.INDIVIDUAL, row["label"]): row["label"]
		for entry in entries
		for row in entry["rows"]
		if not row["own_meal"]
	}
	return [found[key] for key in sorted(found)] or [_("Ordinary menu")]


def _site(entry: dict, columns: list[str]) -> dict:
	return {
		**entry,
		"block": _block(entry["rows"], columns),
		"mark": _mark(entry),
		"ordered_text": format_datetime(entry["ordered_at"], "dd/MM HH:mm")
		if entry.get("ordered_at")
		else "",
		"closed": entry["state"] == board.CLOSED,
		"forecast": entry["state"] == board.FORECAST,
	}


def _mark(entry: dict) -> str:
	if entry["state"] == board.CLOSED:
		return _("No meal")
	if entry["state"] == board.FORECAST:
		return _("Forecast, not ordered yet")
	return _("Correction {0}").format(entry["version"]) if entry["version"] else _("Order")


def _block(rows: list[dict], columns: list[str]) -> list[dict]:
	"""One line for each age class: a cell for each menu, the sum to cook, and the own meals apart."""
	lines: dict[str, dict] = {}
	for row in rows:
		line = lines.setdefault(
			row["age_class"],
			{
				"age_class": row["age_class"],
				"cells": {name: {"quantity": 0, "difference": 0} for name in columns},
				"total": 0,
				"own": {"quantity": 0, "difference": 0},
			},
		)
		cell = line["own"] if row["own_meal"] else line["cells"][row["label"]]
		cell["quantity"] += row["quantity"]
		cell["difference"] += row["difference"]
		if not row["own_meal"]:
			line["total"] += row["quantity"]
	return [{**line, "cells": list(line["cells"].values())} for line in lines.values()]


def _week_blocks(boards: list[dict]):
	"""For each site: a line for each plate, a number for each day."""
	for place, first in enumerate(boards[0]["sites"]):
		entries = [data["sites"][place] for data in boards]
		# In the order of the kitchen's portions, as the days give them; own meals last.
		keys = sorted(
			dict.fromkeys(
				(row["own_meal"], row["age_class"], row["diet"], row["label"])
				for entry in entries
				for row in entry["rows"]
			),
			key=lambda key: key[0],
		)
		yield {
			"site": first["site"],
			"states": [entry["state"] for entry in entries],
			"totals": [entry["total"] for entry in entries],
			"week": sum(entry["total"] for entry in entries),
			"lines": [
				{
					"age_class": key[1],
					"label": key[3],
					"own_meal": key[0],
					"numbers": [_number(entry, key) for entry in entries],
				}
				for key in keys
			],
		}


def _number(entry: dict, key: tuple) -> int:
	return sum(
		row["quantity"]
		for row in entry["rows"]
		if (row["own_meal"], row["age_class"], row["diet"]) == key[:3]
	)


# ---------------------------------------------------------------- as a table


def table(boards: list[dict]) -> bytes:
	"""CSV of one or more days, a line for each site and plate. Numbers only, no name of anybody."""
	rows: list[list] = [
		[
			_("Day"),
			_("Kitchen"),
			_("Site"),
			_("State"),
			_("Version"),
			_("Age Class"),
			_("Menu"),
			_("Own Meal"),
			_("Meals"),
			_("Difference"),
		]
	]
	for data in boards:
		for entry in data["sites"]:
			for row in entry["rows"]:
				rows.append(
					[
						data["day"],
						data["kitchen"],
						entry["site"],
						_mark(entry),
						entry.get("version", ""),
						row["age_class"],
						row["label"],
						_("Yes") if row["own_meal"] else _("No"),
						row["quantity"],
						row["difference"],
					]
				)
	return tables.csv_bytes(rows)
