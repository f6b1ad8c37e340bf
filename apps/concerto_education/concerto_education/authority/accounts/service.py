"""Accounts of the staff as an administrator sees them: a name, a role, its sites, nothing else to understand (R6–R11)."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any

import frappe
from frappe import _
from frappe.sessions import clear_sessions
from frappe.utils import validate_email_address

from concerto_education.authority import mail, roles, users
from concerto_education.authority.accounts import errors
from concerto_education.permissions import EVERY_SITE, EVERY_SITE_UNLESS_GIVEN

TEMPLATE = "Nouveau compte"
# These see nothing until sites are given to them.
NEEDS_SITES = frozenset(roles.STAFF) - EVERY_SITE - EVERY_SITE_UNLESS_GIVEN
SITE = "Site"


def require_administrator() -> None:
	"""Throw PermissionError unless the user is one of the administrators of R6–R8."""
	user = frappe.session.user
	if user != "Administrator" and not set(frappe.get_roles(user)) & set(roles.ADMINISTRATORS):
		frappe.throw(_("Only administrators manage accounts"), frappe.PermissionError)


def roles_to_give() -> tuple[str, ...]:
	"""Roles that the session user may give: administrators are made by the IT department only (R6)."""
	held = set(frappe.get_roles())
	if frappe.session.user == "Administrator" or roles.SUPER_ADMINISTRATOR in held:
		return roles.STAFF
	return tuple(role for role in roles.STAFF if role not in roles.ADMINISTRATORS)


def suggest_login(first_name: str, last_name: str) -> str:
	"""Initial + surname in plain small letters, numbered where somebody has it already (R11)."""
	plain = unicodedata.normalize("NFKD", f"{first_name[:1]}{last_name}").encode("ascii", "ignore").decode()
	base = "".join(letter for letter in plain.lower() if letter.isalnum()) or "compte"
	login, number = base, 2
	while _owner_of(login):
		login, number = f"{base}{number}", number + 1
	return login


def staff() -> list[dict[str, Any]]:
	"""Every account with a role of the staff: name, login, roles, sites, last sign-in, whether it is open."""
	# Read below permissions: the caller has checked that the user is an administrator, who may not read User itself.
	names = sorted({*users_of_staff(), *_closed_with_role()})
	rows = frappe.get_all(
		"User",
		filters={"name": ("in", names)},
		fields=["name", "full_name", "first_name", "last_name", "username", "email", "enabled", "last_login"],
		order_by="last_name, first_name",
	)
	held, sites = _held([row.name for row in rows]), _sites([row.name for row in rows])
	for row in rows:
		row.roles = held.get(row.name, [])
		row.sites = sites.get(row.name, [])
		row.every_site = bool(EVERY_SITE & set(row.roles)) or (
			not row.sites and bool(EVERY_SITE_UNLESS_GIVEN & set(row.roles))
		)
		row.may_change = row.name != frappe.session.user and set(row.roles) <= set(roles_to_give())
	return rows


def save(
	account: str | None,
	first_name: str,
	last_name: str,
	email: str,
	wanted: Sequence[str],
	sites: Sequence[str],
	login: str | None = None,
) -> dict[str, Any]:
	"""Make an account, or bring one to these roles and sites. A new one gets a message with a link for its password.

	:returns: {"account", "login", "told"}; ``told`` is False where no message could be sent.
	"""
	first_name, last_name, email = first_name.strip(), last_name.strip(), email.strip().lower()
	_check(account, first_name, last_name, email, wanted, sites)
	kept = frappe.db.get_value("User", account, "username") if account else None
	login = (login or kept or suggest_login(first_name, last_name)).strip().lower()
	_check_login(account, login)
	if account:
		email = frappe.db.get_value("User", account, "email")
	user = users.create_user(login, f"{first_name} {last_name}", wanted, sites, email=email)
	told = False if account else invite(user.name)
	return {"account": user.name, "login": login, "told": told}


def invite(account: str) -> bool:
	"""Send the link by which an account sets its own password: nobody else ever knows it (R11)."""
	user = frappe.get_doc("User", account)
	link = user.reset_password()
	return mail.send(
		TEMPLATE,
		[user.email],
		{
			"first_name": user.first_name,
			"login": user.username,
			"link": link,
			"authority": frappe.db.get_single_value("Authority Settings", "authority_name"),
		},
	)


def set_open(account: str, is_open: bool) -> None:
	"""Close an account, or open it again. What it did stays under its name (R43)."""
	require_may_change(account)
	# Straight on the table: some versions of the framework refuse to save an account while nobody but Administrator
	# is System Manager, whoever's account it is.
	frappe.db.set_value("User", account, "enabled", int(is_open))
	note = _("Account opened again") if is_open else _("Account closed")
	frappe.get_doc("User", account).add_comment("Info", note)
	if not is_open:
		clear_sessions(user=account, keep_current=False, force=True)
	frappe.clear_cache(user=account)


def users_of_staff() -> list[str]:
	return roles.users_with(roles.STAFF)


def _check(
	account: str | None,
	first_name: str,
	last_name: str,
	email: str,
	wanted: Sequence[str],
	sites: Sequence[str],
) -> None:
	for label, value in ((_("First Name"), first_name), (_("Surname"), last_name), (_("Role"), wanted)):
		if not value:
			frappe.throw(_("{0}: please fill it in").format(label), errors.MissingAnswer)
	if not validate_email_address(email):
		frappe.throw(_("E-mail: “{0}” is no e-mail address").format(email), errors.MissingAnswer)
	refused = set(wanted) - set(roles_to_give())
	if refused:
		names = ", ".join(_(role) for role in sorted(refused))
		frappe.throw(
			_("Role: only the super administrator gives “{0}” (R6)").format(names), errors.NoRightToGive
		)
	if set(wanted) & NEEDS_SITES and not sites:
		frappe.throw(
			_("Sites: somebody with this role sees nothing without a site. Choose at least one (R10)"),
			errors.SitesMissing,
		)
	unknown = [name for name in sites if not frappe.db.exists(SITE, name)]
	if unknown:
		frappe.throw(_("Sites: “{0}” does not exist").format(", ".join(unknown)), errors.SitesMissing)
	if account:
		require_may_change(account)
	elif frappe.db.exists("User", email):
		frappe.throw(
			_("E-mail: {0} has an account already. Change that one").format(email), errors.LoginTaken
		)


def _check_login(account: str | None, login: str) -> None:
	owner = _owner_of(login)
	if owner and owner != account:
		frappe.throw(_("Login: “{0}” belongs to {1}").format(login, owner), errors.LoginTaken)


def require_may_change(account: str) -> None:
	"""Throw unless the session user may change this account of the staff."""
	if account in (frappe.session.user, "Administrator", "Guest"):
		frappe.throw(_("Nobody changes the own account here: ask another administrator"), errors.NotYourself)
	held = _held([account]).get(account, [])
	if not held:
		frappe.throw(_("{0} is no account of the staff").format(account), frappe.DoesNotExistError)
	if set(held) - set(roles_to_give()):
		frappe.throw(
			_("Only the super administrator changes the account of an administrator (R6)"),
			errors.NoRightToGive,
		)


def _owner_of(login: str) -> str | None:
	return frappe.db.get_value("User", {"username": login})


def _closed_with_role() -> list[str]:
	# As `staff`: the caller has checked.
	closed = frappe.get_all("User", filters={"enabled": 0}, pluck="name")
	return list(_held(closed)) if closed else []


def _held(accounts: Iterable[str]) -> dict[str, list[str]]:
	"""Roles of the staff of each account."""
	# As `staff`: the caller has checked.
	rows = frappe.get_all(
		"Has Role",
		filters={"parenttype": "User", "parent": ("in", list(accounts)), "role": ("in", roles.STAFF)},
		fields=["parent", "role"],
		order_by="role",
	)
	found: dict[str, list[str]] = {}
	for row in rows:
		found.setdefault(row.parent, []).append(row.role)
	return found


def _sites(accounts: Iterable[str]) -> dict[str, list[str]]:
	# As `staff`: the caller has checked.
	rows = frappe.get_all(
		"User Permission",
		filters={"user": ("in", list(accounts)), "allow": SITE},
		fields=["user", "for_value"],
		order_by="for_value",
	)
	found: dict[str, list[str]] = {}
	for row in rows:
		found.setdefault(row.user, []).append(row.for_value)
	return found
