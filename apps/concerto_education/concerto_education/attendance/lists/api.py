"""What the page "Lists" may call. Types are enforced by Frappe, so no postponed annotations in this file.

Rights first, on the site: who may read its attendance sees names; who receives the children (``rights.may_tick``) also
sees health, forbidden contacts and telephone numbers. Each file that leaves is recorded.
"""

from datetime import date

import frappe
from frappe import _
from frappe.utils import getdate

from concerto_education.activities.calendars import last_open_day
from concerto_education.activities.catalogue import ActivityRules, activity_rules
from concerto_education.activities.stops import OUT, RETURN
from concerto_education.attendance import day_sheet, rights
from concerto_education.attendance.lists import build, bus, export, printing, week
from concerto_education.authority import pdf, tables
from concerto_education.authority.roles import KITCHEN

DAY, WEEK, BUS, CONTACTS = "Day List", "Week List", "Bus List", "Contacts"
KINDS = (DAY, WEEK, BUS, CONTACTS)


@frappe.whitelist()
def options() -> dict:
	"""Sites, activities and units of the user, and which activities have bus stops."""
	found = day_sheet.options()
	for site in found["sites"]:
		for activity in site["activities"]:
			activity["stops"] = bus.has_stops(activity["activity"])
	return found


@frappe.whitelist()
def load(
	site: str,
	activity: str,
	unit: str,
	day: date | None = None,
	what: str = DAY,
	grouping: str = build.BY_CLASS,
	direction: str = OUT,
) -> dict:
	"""A list as the screen shows it."""
	rules = _require(site, activity, unit, what)
	day = day or last_open_day(rules.opening, site, getdate()) or getdate()
	wanted = _wanted(site, what, grouping)
	head = {
		"site": site,
		"activity": activity,
		"unit": unit,
		"unit_label": rules.units[unit],
		"day": day,
		"what": what,
		"grouping": wanted.grouping,
		"health": wanted.health,
		"may_export": True,
	}
	if what == WEEK:
		found = week.week_list(site, rules, unit, day, wanted.grouping)
		return {**head, **found, "expected": len(found["rows"])}
	made = build.day_list(site, rules, unit, day, wanted)
	parts = {"groups": made.groups, "expected": made.expected, "count": len(made.rows), "check": made.check}
	if what == BUS:
		parts["stops"] = bus.by_stop(made, _direction(direction))
		parts["direction"] = _direction(direction)
	return {**head, **parts}


@frappe.whitelist(methods=["POST"])
def list_pdf(
	site: str,
	activity: str,
	unit: str,
	day: date,
	what: str = DAY,
	grouping: str = build.BY_CLASS,
	direction: str = OUT,
) -> None:
	"""The list on paper, with blank lines for those who are not enrolled (R32)."""
	rules = _require(site, activity, unit, what)
	wanted = _wanted(site, what, grouping)
	if what == WEEK:
		found = week.week_list(site, rules, unit, day, wanted.grouping)
		content, count = printing.week_pdf(site, rules, unit, day, found), len(found["rows"])
	else:
		made = build.day_list(site, rules, unit, day, wanted)
		count = len(made.rows)
		if what == BUS:
			content = printing.bus_pdf(made, _direction(direction))
		elif what == CONTACTS:
			content = printing.contacts_pdf(made)
		else:
			content = printing.day_pdf(made, rules.clock_mode, wanted.health)
	export.record(what, "PDF", site, activity, day, count, wanted)
	pdf.respond(content, export.file_name(what, site, day, "pdf"))


@frappe.whitelist(methods=["POST"])
def table(
	site: str,
	activity: str,
	unit: str,
	day: date,
	what: str = DAY,
	file_format: str = "XLSX",
	grouping: str = build.BY_CLASS,
	direction: str = OUT,
) -> None:
	"""The list for a spreadsheet."""
	rules = _require(site, activity, unit, what)
	if file_format not in ("XLSX", "CSV"):
		frappe.throw(_("Format: choose XLSX or CSV"))
	wanted = _wanted(site, what, grouping)
	if what == WEEK:
		rows = export.week_rows(week.week_list(site, rules, unit, day, wanted.grouping))
	else:
		made = build.day_list(site, rules, unit, day, wanted)
		stops = bus.by_stop(made, _direction(direction)) if what == BUS else None
		rows = export.day_rows(made, wanted, stops)
	export.record(what, file_format, site, activity, day, len(rows) - 1, wanted)
	content = tables.csv_bytes(rows) if file_format == "CSV" else tables.xlsx_bytes(rows, _(what))
	tables.respond(content, export.file_name(what, site, day, file_format.lower()))


# ---------------------------------------------------------------- rights and arguments


def _require(site: str, activity: str, unit: str, what: str) -> ActivityRules:
	rights.require_read(site)
	# A kitchen gets numbers, not names (R41), whatever an administrator lets it read besides.
	if set(frappe.get_roles()) & {KITCHEN} and not rights.may_tick(site):
		frappe.throw(_("Lists of names are not for the kitchen"), frappe.PermissionError)
	if what == CONTACTS and not rights.may_tick(site):
		frappe.throw(
			_("Telephone numbers are for those who receive the children of {0}").format(site),
			frappe.PermissionError,
		)
	if what not in KINDS:
		frappe.throw(_("List: “{0}” is not one of the lists").format(what))
	rules = activity_rules([activity]).get(activity)
	if not rules or site not in rules.sites or unit not in rules.units:
		frappe.throw(_("{0} is not offered at {1}").format(activity, site))
	return rules


def _wanted(site: str, what: str, grouping: str) -> build.Wanted:
	receives = rights.may_tick(site)
	return build.Wanted(
		grouping=grouping if grouping in build.GROUPINGS else build.BY_CLASS,
		health=receives and what in (DAY, CONTACTS, BUS),
		contacts=receives and what in (CONTACTS, BUS),
		authorisations=receives and what == CONTACTS,
	)


def _direction(direction: str) -> str:
	return RETURN if direction == RETURN else OUT
