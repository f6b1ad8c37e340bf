"""What the page of places and the forms call (R40). Each checks the rights first."""

from __future__ import annotations

from datetime import date

import frappe
from frappe import _
from frappe.query_builder.functions import Count
from frappe.utils import getdate

from concerto_education.activities.capacity import locking, offers, view, waiting
from concerto_education.activities.catalogue import offers as offers_of
from concerto_education.activities.nearest import nearest
from concerto_education.families.rights import require


def _entry(name: str) -> None:
	frappe.get_doc(waiting.ENTRY, name).check_permission("write")


def _place(activity: str, site: str) -> None:
	"""Somebody who may read the waiting list, at a site that is theirs, of an activity that is there."""
	require(waiting.ENTRY, "read")
	frappe.get_doc("Site", site).check_permission("read")
	if site not in [row.site for row in frappe.get_cached_doc("Activity", activity).sites]:
		frappe.throw(_("Site: {0} does not offer {1}").format(site, activity), frappe.DoesNotExistError)


@frappe.whitelist(methods=["GET", "POST"])
def choices() -> list[dict]:
	"""Activities of the sites of the user, with how many wait there: for the page's two fields."""
	require(waiting.ENTRY, "read")
	sites = frappe.get_list("Site", filters={"active": 1}, pluck="name", limit=0)
	# Activities are no secret; the sites are the user's own.
	rows = frappe.get_all(
		"Activity Site",
		filters={"parenttype": "Activity", "site": ("in", sites or [""])},
		fields=["parent", "site", "capacity"],
		order_by="parent, idx",
	)
	offered = offers_of(sites)
	opens = nearest(offered, getdate())
	buildings = locking.buildings(sites)
	counts = _waiting_counts(sites)
	return [
		{
			"activity": row.parent,
			"site": row.site,
			"limited": bool(row.capacity or row.site in buildings),
			"default": opens.get(row.site, (None, None))[1] == row.parent,
			"waiting": counts.get((row.parent, row.site), 0),
		}
		for row in rows
		if row.parent in offered[row.site]
	]


def _waiting_counts(sites: list[str]) -> dict[tuple, int]:
	Entry = frappe.qb.DocType(waiting.ENTRY)
	rows = (
		frappe.qb.from_(Entry)
		.select(Entry.activity, Entry.site, Count("*"))
		.where(Entry.site.isin(sites or [""]) & Entry.status.isin(waiting.OPEN))
		.groupby(Entry.activity, Entry.site)
	).run()
	return {(activity, site): number for activity, site, number in rows}


@frappe.whitelist(methods=["GET", "POST"])
def week(activity: str, site: str, day: str | None = None) -> dict:
	"""Places of a week and the waiting list, for the page."""
	_place(activity, site)
	wanted: date = getdate(day) if day else getdate()
	may_answer = bool(frappe.has_permission(waiting.ENTRY, "write"))
	return {
		**view.week(activity, site, wanted),
		"waiting": view.waiting_list(activity, site),
		"may_answer": may_answer,
		"may_change": bool(frappe.has_permission("Capacity Period", "create")),
	}


@frappe.whitelist(methods=["POST"])
def offer(entry: str) -> dict:
	"""Button "Proposer la place"."""
	_entry(entry)
	offers.offer(entry)
	return {"status": waiting.OFFERED}


@frappe.whitelist(methods=["POST"])
def accept(entry: str) -> dict:
	"""Button "La famille accepte"."""
	_entry(entry)
	return {"status": offers.accept(entry).status}


@frappe.whitelist(methods=["POST"])
def refuse(entry: str) -> dict:
	"""Button "La famille refuse"."""
	_entry(entry)
	return {"status": offers.refuse(entry).status}


@frappe.whitelist(methods=["POST"])
def put_back(entry: str) -> dict:
	"""Button "Remettre en attente"."""
	_entry(entry)
	return {"status": offers.put_back(entry).status}


@frappe.whitelist(methods=["GET", "POST"])
def enrolment_places(enrolment: str) -> dict:
	"""Groups that may be chosen, and where the enrolment stands on the waiting list, for its form."""
	doc = frappe.get_doc("Enrolment", enrolment)
	doc.check_permission("read")
	# Entries of an enrolment that the user may read.
	rows = frappe.get_all(
		waiting.ENTRY,
		filters={"enrolment": enrolment, "status": ("in", waiting.OPEN)},
		fields=["name", "status", "scope", "deadline", "points", "criteria"],
	)
	return {
		"entries": [
			{
				**row,
				"rank": waiting.rank_of(row.name),
				"deadline": frappe.utils.format_datetime(row.deadline, "dd/MM/yyyy HH:mm")
				if row.deadline
				else "",
			}
			for row in rows
		]
	}
