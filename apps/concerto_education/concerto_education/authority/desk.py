"""Frappe's own Desk, reduced to what an agent needs: no workspace about building or integrating things."""

from __future__ import annotations

import frappe

MODULE_PROFILE = "Concerto staff"
OUR_APP = "concerto_education"

# Frappe translates the name of a record on screen only where its DocType says so.
_TRANSLATED = ("Role Profile", "Module Profile")


def seed_module_profiles() -> None:
	"""The profile that hides every module of the framework. Given to each account by `users.create_user`."""
	if frappe.db.exists("Module Profile", MODULE_PROFILE):
		return
	frappe.get_doc(
		{
			"doctype": "Module Profile",
			"module_profile_name": MODULE_PROFILE,
			"block_modules": [{"module": module} for module in framework_modules()],
		}
	).insert()


def framework_modules() -> list[str]:
	"""Modules of the framework. Those of other installed apps stay visible: they were installed on purpose."""
	return frappe.get_all("Module Def", filters={"app_name": "frappe"}, pluck="name", order_by="name")


def remove_module_profiles() -> None:
	# Straight on the table: the accounts are kept, only what points to our profile goes.
	frappe.db.set_value("User", {"module_profile": MODULE_PROFILE}, "module_profile", None)
	frappe.delete_doc("Module Profile", MODULE_PROFILE, ignore_missing=True, force=True)


def translate_names() -> None:
	"""Show the names of role and module profiles in the reader's language, as Frappe does for roles."""
	for doctype in _TRANSLATED:
		if frappe.db.exists("Property Setter", _setter_name(doctype)):
			continue
		frappe.make_property_setter(
			{
				"doctype": doctype,
				"doctype_or_field": "DocType",
				"property": "translated_doctype",
				"value": "1",
				"property_type": "Check",
			},
			is_system_generated=True,
		)


def remove_names() -> None:
	for doctype in _TRANSLATED:
		frappe.delete_doc("Property Setter", _setter_name(doctype), ignore_missing=True, force=True)


def _setter_name(doctype: str) -> str:
	return f"{doctype}-main-translated_doctype"
