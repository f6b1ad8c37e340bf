"""Who answers for a site, and what its form says (R6–R10, R17, R33)."""

from __future__ import annotations

from collections.abc import Iterable

import frappe
from frappe import _
from frappe.utils import formatdate, getdate

from concerto_education.activities.errors import DuplicateManager
from concerto_education.authority import roles

# The role that answers for a site where nobody is named.
ROLE_OF_KIND = {
	"School": roles.SCHOOL_COORDINATOR,
	"Leisure Centre (ACM)": roles.LEISURE_DIRECTOR,
	"Nursery (HG)": roles.NURSERY_DIRECTOR,
	"Kitchen": roles.KITCHEN,
	"Youth Centre": roles.LEISURE_DIRECTOR,
}


def set_default_role(doc) -> None:
	if not doc.manager_role:
		doc.manager_role = ROLE_OF_KIND.get(doc.kind)


def check_managers(doc) -> None:
	"""Nobody is named twice."""
	seen = set()
	for row in doc.managers:
		if row.user in seen:
			frappe.throw(
				_("Managers and Référents, row {0}: {1} is there twice").format(row.idx, row.user),
				DuplicateManager,
			)
		seen.add(row.user)


def responsible_users(site: str) -> list[str]:
	"""Accounts that get the messages of a site, enabled ones only, in the order of the form.

	Those who are named on the site and receive messages; without any, all who hold the site's role and to whom
	the site was given. For messages of the system: no permission is asked.
	"""
	return responsible_of([site])[site]


def responsible_of(sites: Iterable[str]) -> dict[str, list[str]]:
	"""``responsible_users`` of many sites, in a constant number of queries."""
	names = list(dict.fromkeys(sites))
	# As said above, of all of these sites.
	named = frappe.get_all(
		"Site Manager",
		filters={"parent": ("in", names or [""]), "parenttype": "Site", "receives_messages": 1},
		fields=["parent", "user"],
		order_by="idx",
	)
	given = _holders_of_role(names)
	enabled = set(
		_enabled([row.user for row in named] + [user for users in given.values() for user in users])
	)

	def among(users: Iterable[str]) -> list[str]:
		return [user for user in dict.fromkeys(users) if user in enabled]

	return {
		site: among(row.user for row in named if row.parent == site) or among(given[site]) for site in names
	}


def referents(site: str) -> list[str]:
	"""The accounts named as référent or deputy of a site (R9), enabled ones only."""
	# As above.
	named = frappe.get_all(
		"Site Manager",
		filters={"parent": site, "parenttype": "Site", "duty": ("in", ("Référent", "Deputy"))},
		pluck="user",
		order_by="idx",
	)
	return _enabled(named)


def _enabled(users: list[str]) -> list[str]:
	if not users:
		return []
	# As above.
	enabled = set(frappe.get_all("User", filters={"name": ("in", users), "enabled": 1}, pluck="name"))
	return [user for user in dict.fromkeys(users) if user in enabled]


def _holders_of_role(sites: list[str]) -> dict[str, list[str]]:
	"""Of each site, the accounts to which it was given and that hold its role."""
	# As above.
	wanted = frappe.get_all(
		"Site", filters={"name": ("in", sites or [""])}, fields=["name", "manager_role"], as_list=True
	)
	role_of = {site: role for site, role in wanted if role}
	given = frappe.get_all(
		"User Permission",
		filters={"allow": "Site", "for_value": ("in", sorted(role_of) or [""])},
		fields=["user", "for_value"],
		order_by="user",
	)
	holds = {
		(row.parent, row.role)
		for row in frappe.get_all(
			"Has Role",
			filters={"role": ("in", sorted(set(role_of.values())) or [""]), "parenttype": "User"},
			fields=["parent", "role"],
		)
	}
	found: dict[str, list[str]] = {site: [] for site in sites}
	for row in given:
		if (row.user, role_of[row.for_value]) in holds:
			found[row.for_value].append(row.user)
	return found


def headline(doc) -> dict:
	"""What the form of a site shows at its top: who answers for it, and the next closure."""
	users = responsible_users(doc.name)
	# Names of colleagues, on a form that the user may read.
	names = frappe.get_all(
		"User", filters={"name": ("in", users or [""])}, pluck="full_name", order_by="full_name"
	)
	today = getdate()
	closures = sorted(
		(getdate(row.starts_on), getdate(row.ends_on), row.reason or "")
		for row in doc.closures
		if getdate(row.ends_on) >= today
	)
	closure = ""
	if closures:
		start, end, reason = closures[0]
		closure = (
			_("closed on {0}").format(formatdate(start))
			if start == end
			else _("closed from {0} to {1}").format(formatdate(start), formatdate(end))
		)
		closure = f"{closure} ({reason})" if reason else closure
	return {"responsible": ", ".join(names), "closure": closure}
