"""What the page "Comptes" may call. Types are enforced by Frappe, so no postponed annotations in this file."""

import frappe
from frappe import _

from concerto_education.authority import inputs
from concerto_education.authority.accounts import service


@frappe.whitelist()
def load() -> dict:
	"""All accounts of the staff, and what may be chosen for one."""
	service.require_administrator()
	return {
		"accounts": [
			{**row, "role_names": [_(role) for role in row.roles], "last_login": str(row.last_login or "")}
			for row in service.staff()
		],
		"roles": [
			{"value": role, "label": _(role), "needs_sites": role in service.NEEDS_SITES}
			for role in service.roles_to_give()
		],
		# Below permissions: an administrator gives any site, also one he was not given himself.
		"sites": frappe.get_all("Site", filters={"active": 1}, pluck="name", order_by="name"),
	}


@frappe.whitelist()
def suggest_login(first_name: str, last_name: str) -> str:
	"""Initial + surname, free (R11)."""
	service.require_administrator()
	return service.suggest_login(first_name, last_name)


@frappe.whitelist(methods=["POST"])
def save(
	first_name: str,
	last_name: str,
	email: str,
	roles: list | str,
	sites: list | str,
	login: str | None = None,
	account: str | None = None,
) -> dict:
	"""Make or change an account. Returns {"account", "login", "told"}."""
	service.require_administrator()
	wanted, places = inputs.names(roles, _("Role")), inputs.names(sites, _("Sites"))
	return service.save(account, first_name, last_name, email, wanted, places, login=login)


@frappe.whitelist(methods=["POST"])
def invite(account: str) -> bool:
	"""Send the link for a new password once more. False if no message could be sent."""
	service.require_administrator()
	service.require_may_change(account)
	return service.invite(account)


@frappe.whitelist(methods=["POST"])
def set_open(account: str, is_open: bool) -> None:
	"""Close an account, or open it again."""
	service.require_administrator()
	service.set_open(account, is_open)
