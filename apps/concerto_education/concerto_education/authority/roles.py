"""The roles of R6–R10, by name, and what a new account with one of them gets."""

from __future__ import annotations

from collections.abc import Iterable

import frappe

SUPER_ADMINISTRATOR = "Super Administrator"
SCHOOL_ADMINISTRATOR = "School Services Administrator"
EARLY_CHILDHOOD_ADMINISTRATOR = "Early Childhood Administrator"
SERVICE_REFERENT = "Service Referent"
SCHOOL_COORDINATOR = "School Coordinator"
LEISURE_DIRECTOR = "Leisure Centre Director"
NURSERY_DIRECTOR = "Nursery Director"
AREA_MANAGER = "Area Manager"
ATTENDANCE_AGENT = "Attendance Agent"
SEASONAL_CLERK = "Seasonal Clerk"
FINANCE_CLERK = "Finance Clerk"
KITCHEN = "Kitchen"
FAMILY = "Family"

ADMINISTRATORS = (SUPER_ADMINISTRATOR, SCHOOL_ADMINISTRATOR, EARLY_CHILDHOOD_ADMINISTRATOR)
# R10: who opens dossiers.
DOSSIER_CREATORS = (SCHOOL_COORDINATOR, LEISURE_DIRECTOR, NURSERY_DIRECTOR, AREA_MANAGER, SEASONAL_CLERK)
STAFF = (
	*ADMINISTRATORS,
	SERVICE_REFERENT,
	*DOSSIER_CREATORS,
	ATTENDANCE_AGENT,
	FINANCE_CLERK,
	KITCHEN,
)

# Nobody works without these on Frappe's side: R6 gives the IT department everything.
FRAMEWORK_ROLES = {SUPER_ADMINISTRATOR: ("System Manager",)}


def seed_roles() -> None:
	"""Create the roles that are missing.

	Runs before the DocTypes arrive: Frappe makes a role it meets in a DocType's permissions, and makes it with
	access to the Desk, which the Family role must never have.
	"""
	for role in (*STAFF, FAMILY):
		if not frappe.db.exists("Role", role):
			frappe.get_doc(
				{"doctype": "Role", "role_name": role, "desk_access": 0 if role == FAMILY else 1}
			).insert()


def seed_role_profiles() -> None:
	"""One Role Profile per role of the staff, so that an account is one choice (R6–R10)."""
	for role in STAFF:
		if not frappe.db.exists("Role Profile", role):
			roles = [role, *FRAMEWORK_ROLES.get(role, ())]
			frappe.get_doc(
				{"doctype": "Role Profile", "role_profile": role, "roles": [{"role": name} for name in roles]}
			).insert()


def users_with(wanted: Iterable[str]) -> list[str]:
	"""Enabled accounts that hold one of these roles; for messages, so below permissions."""
	user, held = frappe.qb.DocType("User"), frappe.qb.DocType("Has Role")
	return (
		frappe.qb.from_(user)
		.join(held)
		.on((held.parent == user.name) & (held.parenttype == "User"))
		.where(
			(user.enabled == 1) & held.role.isin(list(wanted)) & user.name.notin(("Administrator", "Guest"))
		)
		.select(user.name)
		.distinct()
		.orderby(user.name)
		.run(pluck=True)
	)


def remove() -> None:
	"""Take our roles and profiles away from the accounts, then delete them."""
	for role in STAFF:
		frappe.db.set_value("User", {"role_profile_name": role}, "role_profile_name", None)
		frappe.delete_doc("Role Profile", role, ignore_missing=True, force=True)
	for role in (*STAFF, FAMILY):
		# Straight on the table: saving each account would send messages and check passwords.
		frappe.db.delete("Has Role", {"role": role})
		frappe.delete_doc("Role", role, ignore_missing=True, force=True)
