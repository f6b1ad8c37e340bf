"""Whose health a user may read (R10): one criterion, read by lists and by documents alike.

Coordinators and directors: children and adults enrolled at their sites, and those who are enrolled nowhere yet, whose
dossier is just being opened. Staff without sites who work across sites, and administrators: everybody.
"""

from __future__ import annotations

from dataclasses import dataclass

import frappe

from concerto_education import permissions
from concerto_education.families.health import access_log, list_guard
from concerto_education.families.health.service import RECORD

_SHOWN_FOR = frozenset({"read", "print", "email"})


@dataclass(frozen=True)
class EnrolledAt:
	"""The person is enrolled at one of the sites, or nowhere at all. No sites: only the latter."""

	sites: frozenset[str]

	def as_sql(self, doctype: str = RECORD) -> str:
		"""Of another DocType too, whose field ``person`` says whose health it is."""
		enrolled = "select e.person from `tabEnrolment` e where e.status != 'Cancelled'"
		anywhere = f"`tab{doctype}`.`person` not in ({enrolled} and e.person is not null)"
		if not self.sites:
			return f"({anywhere})"
		# Names of sites are typed by people: each is escaped.
		sites = ", ".join(frappe.db.escape(site) for site in sorted(self.sites))
		return f"({anywhere} or `tab{doctype}`.`person` in ({enrolled} and e.site in ({sites})))"

	def holds(self, person: str | None) -> bool:
		if not person:
			return True  # a form that is still empty
		# Where somebody is enrolled decides who may read, whatever the asker sees of enrolments.
		sites = frappe.get_all(
			"Enrolment", filters={"person": person, "status": ("!=", "Cancelled")}, pluck="site"
		)
		return not sites or bool(self.sites & set(sites))


def criterion(user: str | None = None) -> EnrolledAt | None:
	"""None is everybody."""
	user = user or frappe.session.user
	if user == "Administrator":
		return None
	held = set(frappe.get_roles(user))
	if held & permissions.EVERY_SITE:
		return None
	sites = permissions.sites_of(user)
	if held & permissions.EVERY_SITE_UNLESS_GIVEN and not sites:
		return None
	return EnrolledAt(sites)


def conditions(user: str | None = None) -> str:
	list_guard.check_request()
	rule = criterion(user)
	return rule.as_sql() if rule else ""


def record_permission(doc, ptype: str | None = None, user: str | None = None) -> bool:
	"""Whoever may read the record is about to: by the form, the API, a print or a document of it."""
	rule = criterion(user)
	stored = None if doc.is_new() else frappe.db.get_value(RECORD, doc.name, "person")
	allowed = rule is None or (rule.holds(doc.person) and rule.holds(stored))
	# Asked also of those whose role gives them nothing: they read nothing.
	reads = ptype in _SHOWN_FOR and (user or frappe.session.user) == frappe.session.user
	if allowed and reads and frappe.has_permission(RECORD, ptype):
		access_log.reading(doc)
	return allowed


def file_conditions(user: str | None = None) -> str:
	"""Lists of files leave out those of health records that the user may not read: a name says much already."""
	user = user or frappe.session.user
	if user == "Administrator":
		return ""
	others = f"ifnull(`tabFile`.`attached_to_doctype`, '') != '{RECORD}'"
	if not frappe.has_permission(RECORD, "read", user=user):
		return f"({others})"
	rule = criterion(user)
	if rule is None:
		return ""
	return (
		f"({others} or `tabFile`.`attached_to_name` in "
		f"(select `tab{RECORD}`.`name` from `tab{RECORD}` where {rule.as_sql()}))"
	)
