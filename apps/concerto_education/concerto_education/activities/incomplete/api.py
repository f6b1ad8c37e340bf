"""What the page "Incomplete Dossiers" may call. Rights are checked by the first statement of each function.

Types are enforced by Frappe, so no postponed annotations in this file.
"""

import frappe
from frappe import _
from frappe.utils import getdate, today

from concerto_education.activities.incomplete import table, weeks
from concerto_education.authority import tables
from concerto_education.families import rights
from concerto_education.families.documents import missing, reminders, scope

# Rows that are drawn at once; more are there, chosen and reminded all the same.
SHOWN = 150


@frappe.whitelist()
def page(
	site: str | None = None,
	activity: str | None = None,
	kind: str | None = None,
	code: str | None = None,
	everybody: bool = False,
	start: int = 0,
) -> dict:
	"""The rows from ``start`` on, the names of all families found, and what is missing how often."""
	rights.require("Family", "report")
	day, health = getdate(today()), scope.may_read_health()
	found = table.lacking(_filters(site, activity, kind, code, everybody), day)
	shown = dict(list(found.items())[start : start + SHOWN])
	return {
		"families": list(found),
		"rows": table.rows(shown, health),
		"choices": table.choices(found, health),
		"late": sorted(reminders.lately_reminded(found, day)),
		"may_remind": bool(frappe.has_permission("Family", "email")),
	}


@frappe.whitelist()
def history(site: str | None = None) -> list:
	"""The weeks before: how many dossiers of each site of the user were incomplete on Monday."""
	rights.require(weeks.WEEK, "read")
	return weeks.shown(site or None)


@frappe.whitelist()
def export(
	site: str | None = None,
	activity: str | None = None,
	kind: str | None = None,
	code: str | None = None,
	everybody: bool = False,
) -> None:
	"""The same as a sheet: one line for each thing that is missing."""
	rights.require("Family", "export")
	day, health = getdate(today()), scope.may_read_health()
	found = table.lacking(_filters(site, activity, kind, code, everybody), day)
	head = [
		_("Dossier"),
		_("Family"),
		_("Concerns"),
		_("What Is Missing"),
		_("State"),
		_("Activities"),
		_("Blocks the Enrolment"),
		_("Last Reminder"),
	]
	lines = [
		[
			row["family"],
			row["family_name"],
			item["subject"],
			item["label"],
			item["reason"],
			", ".join(item["activities"]),
			_("Yes") if item["blocking"] else "",
			getdate(row["last"].sent_at) if row["last"] else None,
		]
		for row in table.rows(found, health)
		for item in row["items"]
	]
	content = tables.xlsx_bytes([head, *lines], _("Incomplete Dossiers"))
	tables.respond(content, f"dossiers-incomplets-{day:%Y-%m-%d}.xlsx")


def _filters(site, activity, kind, code, everybody) -> table.Filters:
	known = kind if kind in missing.KINDS else None
	# A document about health is no filter for who may not read health: the answer would say who lacks it.
	hidden = (
		code
		and not scope.may_read_health()
		and frappe.db.get_value("Document Type", code, "health")
		and known in (None, missing.DOCUMENT)
	)
	return table.Filters(site or None, activity or None, known, None if hidden else code or None, everybody)
