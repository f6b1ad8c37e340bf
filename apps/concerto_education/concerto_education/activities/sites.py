"""Who answers for a site, and what its form says (R6–R10, R17, R33)."""

from __future__ import annotations

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
	named = frappe.get_all(
		"Site Manager",
		filters={"parent": site, "parenttype": "Site", "receives_messages": 1},
		pluck="user",
		order_by="idx",
	)
	return _enabled(named) or _holders_of_role(site)


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


def _holders_of_role(site: str) -> list[str]:
	role = frappe.db.get_value("Site", site, "manager_role")
	if not role:
		return []
	# As above.
	given = frappe.get_all(
		"User Permission", filters={"allow": "Site", "for_value": site}, pluck="user", order_by="user"
	)
	holders = set(frappe.get_all("Has Role", filters={"role": role, "parenttype": "User"}, pluck="parent"))
	return _enabled([user for user in given if user in holders])


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
