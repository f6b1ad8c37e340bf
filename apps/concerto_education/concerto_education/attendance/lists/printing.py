"""Lists on paper: the fallback that is always there, in the order of the screen (R32)."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import frappe
from frappe import _
from frappe.utils import format_datetime, formatdate, now_datetime

from concerto_education.activities.catalogue import ActivityRules
from concerto_education.activities.stops import OUT
from concerto_education.attendance.lists import bus
from concerto_education.attendance.lists.build import DayList
from concerto_education.authority.boot import appearance
from concerto_education.authority.pdf import in_french, render

FOLDER = "concerto_education/attendance/lists/"
BLANK_LINES = 8


def day_pdf(made: DayList, with_times: bool, with_health: bool) -> bytes:
	"""To tick by hand: present or hours, A, AJ, remark; blank lines for children who are not enrolled (R31)."""
	with in_french():
		title = f"{made.activity} – {made.unit_label}"
		return _page(
			"day.html",
			title,
			{
				**_head(made.site, made.day, title),
				"made": made,
				"with_times": with_times,
				"with_health": with_health,
				"blanks": range(BLANK_LINES),
			},
		)


def contacts_pdf(made: DayList) -> bytes:
	"""Whom to call, who may not come, what is allowed: for the folder beside the telephone."""
	with in_french():
		title = _("Contacts – {0}").format(made.activity)
		return _page("contacts.html", title, {**_head(made.site, made.day, title), "made": made})


def bus_pdf(made: DayList, direction: str) -> bytes:
	"""Stop by stop, for whoever accompanies the bus."""
	with in_french():
		title = f"{made.activity} – {_('Way out') if direction == OUT else _('Way back')}"
		return _page(
			"bus.html",
			title,
			{
				**_head(made.site, made.day, title),
				"made": made,
				"stops": bus.by_stop(made, direction),
				"is_out": direction == OUT,
				"blanks": range(3),
			},
		)


def week_pdf(site: str, rules: ActivityRules, unit: str, day: date, found: dict[str, Any]) -> bytes:
	"""Names and the days of a week, a box where somebody is expected."""
	with in_french():
		title = f"{rules.name} – {rules.units[unit]}"
		return _page(
			"week.html",
			title,
			{
				**_head(site, found["days"][0] if found["days"] else day, title),
				"found": found,
				"day_names": [formatdate(one, "EEE d/MM") for one in found["days"]],
				"blanks": range(BLANK_LINES),
			},
		)


def _head(site: str, day: date, title: str) -> dict[str, Any]:
	look = appearance()
	return {
		"css": _css,
		"site": site,
		"title": title,
		"long_date": formatdate(day, "EEEE d MMMM yyyy"),
		"short_date": formatdate(day),
		"authority": look["short_name"],
		"colour": look["accent_colour"],
		"printed_at": format_datetime(now_datetime(), "dd/MM/yyyy HH:mm"),
	}


def _css(text: str) -> str:
	"""A text between quotation marks in a style sheet: nothing in it ends the text or the sheet."""
	return re.sub(r"[\"\\<>\s]+", " ", text or "")


def _page(template: str, title: str, context: dict[str, Any]) -> bytes:
	style = frappe.render_template(f"{FOLDER}paper.html", context)
	return render([style + frappe.render_template(f"{FOLDER}{template}", context)], title)
