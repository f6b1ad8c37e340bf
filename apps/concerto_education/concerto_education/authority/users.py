"""Accounts of the staff: one role, its sites, and nothing of the framework in the way (R6–R11)."""

from __future__ import annotations

from collections.abc import Iterable

import frappe
from frappe import _
from frappe.permissions import add_user_permission

from concerto_education.authority import roles
from concerto_education.authority.desk import MODULE_PROFILE

SITE = "Site"
MANAGER = "System Manager"


class UnknownRole(frappe.ValidationError):
	"""An account is given a role of this app."""


def create_user(
	login: str,
	full_name: str,
	role: str | Iterable[str],
	sites: Iterable[str] = (),
	email: str | None = None,
	password: str | None = None,
):
	"""Create an account, or bring an existing one to these roles and sites. Returns the User.

	``login`` is initial + surname, found in any case (R11). Without a password none is set: the account
	gets its own by the link of the welcome message. The caller checks that its user may make accounts.
	"""
	wanted = [role] if isinstance(role, str) else list(role)
	unknown = [name for name in wanted if name not in roles.STAFF]
	if unknown or not wanted:
		frappe.throw(_("Role: “{0}” is not a role of the staff").format(", ".join(unknown)), UnknownRole)
	email = (email or f"{login}@{frappe.local.site}").lower()
	if frappe.db.exists("User", email):
		user = frappe.get_doc("User", email)
		user.set("roles", [])
	else:
		user = frappe.new_doc("User")
		user.update({"email": email, "send_welcome_email": 0})
	first, _space, last = full_name.partition(" ")
	user.update(
		{
			"username": login.lower(),
			"first_name": first,
			"last_name": last,
			"language": "fr",
			"time_zone": "Europe/Paris",
			"user_type": "System User",
			"enabled": 1,
		}
	)
	_set_roles(user, wanted)
	_set_desk(user, wanted)
	if password:
		user.new_password = password
		# A demo login may be as simple as its name says; people choose theirs under the policy.
		user.flags.ignore_password_policy = True
	user.flags.no_welcome_mail = True
	# The caller's right to make accounts was checked; a set-up may run as anybody.
	user.save(ignore_permissions=True)
	_drop_unasked_roles(user, wanted)
	_give_sites(user.name, sites)
	return user


def _set_roles(user, wanted: list[str]) -> None:
	for name in dict.fromkeys(
		framework for role in wanted for framework in (role, *roles.FRAMEWORK_ROLES.get(role, ()))
	):
		user.append("roles", {"role": name})


def _drop_unasked_roles(user, wanted: list[str]) -> None:
	"""Frappe makes an account System Manager when there is no other one: an agent would see everything.

	Administrator is always there, so nobody is locked out.
	"""
	asked = {name for role in wanted for name in (role, *roles.FRAMEWORK_ROLES.get(role, ()))}
	extra = [row for row in user.roles if row.role not in asked]
	for row in extra:
		# Straight on the table: saving again would add it again.
		frappe.db.delete("Has Role", {"name": row.name})
	if extra:
		user.set("roles", [row for row in user.roles if row.role in asked])
		frappe.clear_cache(user=user.name)


def _set_desk(user, wanted: list[str]) -> None:
	"""Only our workspaces; the first one that the role may see opens. The IT department keeps Frappe's."""
	if roles.SUPER_ADMINISTRATOR in wanted:
		user.set("block_modules", [])
		user.module_profile = None
	elif frappe.db.exists("Module Profile", MODULE_PROFILE):
		user.module_profile = MODULE_PROFILE


def remember_roles(doc, method: str | None = None) -> None:
	"""Doc event of User, before validation: which roles were asked for."""
	doc.flags.asked_roles = {row.role for row in doc.get("roles") or ()}


def keep_roles_as_asked(doc, method: str | None = None) -> None:
	"""Doc event of User, at validation: take back what only the framework added.

	Some versions make whoever is saved next a System Manager when there is none but Administrator: an agent who
	changes a photograph would see everything (R6).
	"""
	asked = doc.flags.asked_roles
	if asked is not None and doc.name != "Administrator" and MANAGER not in asked:
		doc.set("roles", [row for row in doc.roles if row.role != MANAGER])


def _give_sites(user: str, sites: Iterable[str]) -> None:
	"""Exactly these sites: a change of post takes the old ones away."""
	wanted = set(sites)
	# The permissions of another account: read and written by whoever may make accounts.
	for row in frappe.get_all(
		"User Permission", filters={"user": user, "allow": SITE}, fields=["name", "for_value"]
	):
		if row.for_value in wanted:
			wanted.discard(row.for_value)
		else:
			# As for the account itself: the caller has checked.
			frappe.delete_doc("User Permission", row.name, ignore_permissions=True)
	for site in sorted(wanted):
		# As for the account itself: the caller has checked.
		add_user_permission(SITE, site, user, ignore_permissions=True)
