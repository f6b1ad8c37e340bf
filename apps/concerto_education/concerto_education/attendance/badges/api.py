"""What the page "Badges" may call. Types are enforced by Frappe, so no postponed annotations in this file.

Whoever answers for the lists of a site makes and takes back the badges of the children who are enrolled there.
"""

from datetime import date

import frappe
from frappe import _
from frappe.utils import getdate

from concerto_education.attendance import rights
from concerto_education.attendance.badges import printing, service
from concerto_education.attendance.errors import NotEnrolled
from concerto_education.attendance.order import in_order
from concerto_education.authority import headers, pdf

MOST = 500


@frappe.whitelist()
def options() -> dict:
	"""Sites whose badges the user may make, and whether badges are in use."""
	sites = [
		row.name
		for row in frappe.get_list("Site", filters={"active": 1}, order_by="site_name", limit=0)
		if rights.may_judge(row.name)
	]
	if not sites:
		frappe.throw(_("You may not make badges at any site"), frappe.PermissionError)
	return {"in_use": service.in_use(), "sites": sites}


@frappe.whitelist()
def load(site: str) -> list:
	"""Children enrolled at the site today, each with its badge or none."""
	rights.require_judge(site)
	rows = children(site, getdate())
	# State and date of the badges of children whose site was just checked; never the code.
	known = {
		row.person: row.issued_at
		for row in frappe.get_all(
			"Child Badge",
			filters={"person": ("in", [row["person"] for row in rows]), "status": service.ACTIVE},
			fields=["person", "issued_at"],
		)
	}
	return [{**row, "issued_at": known.get(row["person"])} for row in rows]


@frappe.whitelist(methods=["POST"])
def badges_pdf(site: str, persons: list | str | None = None) -> None:
	"""Badges to cut out; children who have none get one. Without ``persons``: all of the site.

	``persons`` is JSON where a form is posted, as for every file that opens in another tab.
	"""
	rights.require_judge(site)
	persons = frappe.parse_json(persons)
	if persons is not None and not isinstance(persons, list):
		frappe.throw(_("Not all of these children are enrolled at {0} today").format(site), NotEnrolled)
	service.require_in_use()
	rows = _chosen(site, persons)
	tokens = service.issue([row["person"] for row in rows])
	pdf.respond(printing.badges_pdf(rows, tokens), headers.file_name("badges", site, ending="pdf"))


@frappe.whitelist(methods=["POST"])
def renew(site: str, person: str, because: str) -> None:
	"""The badge is lost: another code, and the old one opens nothing."""
	rights.require_judge(site)
	_chosen(site, [person])
	service.renew(person, because)


@frappe.whitelist(methods=["POST"])
def take_back(site: str, person: str, because: str) -> None:
	"""No badge any more for this child."""
	rights.require_judge(site)
	_chosen(site, [person])
	service.take_back(person, because)


def children(site: str, day: date) -> list[dict]:
	"""Children with an enrolment that holds at the site, in the order of the lists, each once."""
	person, enrolment = frappe.qb.DocType("Person"), frappe.qb.DocType("Enrolment")
	member = frappe.qb.DocType("Family Member")
	found = (
		frappe.qb.from_(enrolment)
		.join(person)
		.on(enrolment.person == person.name)
		.join(member)
		.on((member.person == person.name) & (member.parent == enrolment.family) & (member.role == "Child"))
		.select(person.name.as_("person"), person.last_name, person.usage_name, person.first_name)
		.select(person.school_class)
		.distinct()
		.where((enrolment.site == site) & (enrolment.status == "Confirmed"))
		.where((enrolment.valid_from <= day) & (enrolment.valid_to >= day))
		.orderby(person.last_name, person.first_name)
	).run(as_dict=True)
	return [
		{
			"person": row.person,
			"last_name": row.usage_name or row.last_name,
			"first_name": row.first_name,
			"class": row.school_class or "",
			"site": site,
		}
		for row in in_order(found, lambda row: row.school_class)
	]


def _chosen(site: str, persons: list | None) -> list[dict]:
	"""The children named, if they are enrolled there: never one of another site."""
	rows = children(site, getdate())
	if persons is None:
		return rows[:MOST]
	chosen = [row for row in rows if row["person"] in set(persons)]
	if len(chosen) < len(set(persons)):
		frappe.throw(_("Not all of these children are enrolled at {0} today").format(site), NotEnrolled)
	return chosen
