"""Installing and removing the app. Everything seeded here is seeded once and then belongs to the administrator."""

from __future__ import annotations

import frappe

from concerto_education.authority import desk, roles, seeds


def before_install() -> None:
	roles.seed_roles()


def after_install() -> None:
	seeds.seed_system_settings()
	seeds.seed_tables()
	seeds.seed_authority_settings()
	roles.seed_role_profiles()
	desk.seed_module_profiles()
	desk.translate_names()
	frappe.clear_cache()


def before_uninstall() -> None:
	"""Undo what Frappe doesn't: it drops our DocTypes and workspaces, not the records we made in its own.

	Accounts are kept, without our roles. The language and formats of the site are kept too: they belong to
	the site by now.
	"""
	desk.remove_names()
	desk.remove_module_profiles()
	roles.remove()
